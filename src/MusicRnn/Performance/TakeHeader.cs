using System.Globalization;
using MusicRnn.Model;

namespace MusicRnn.Performance;

/// <summary>How a performance began: everything but its input that its notes depend on, and what it sounded with.</summary>
public sealed record TakeHeader
{
    private const string ParameterPrefix = "parameter.";

    /// <summary>The version of the program that played it.</summary>
    public required string Version { get; init; }

    /// <summary>SHA-256 of the network's weights.</summary>
    public required string ModelHash { get; init; }

    /// <summary>The name of the SoundFont that it was heard with; empty for none.</summary>
    public string Font { get; init; } = "";

    /// <summary>When it began, by the wall clock; the default where nobody said.</summary>
    public DateTimeOffset Began { get; init; }

    /// <summary>The stamp it began at.</summary>
    public required long Start { get; init; }

    /// <summary>What the improviser was made with.</summary>
    public required ImproviserSettings Settings { get; init; }

    /// <summary>Every parameter's id and its normalised value at the beginning, in the order of the table as it was then.</summary>
    public required IReadOnlyList<(string Id, double Value)> Parameters { get; init; }

    /// <summary>The header of a performance that is about to begin.</summary>
    public static TakeHeader Of(Network network, ParameterTable parameters, ImproviserSettings settings, long start) => new()
    {
        Version = typeof(TakeHeader).Assembly.GetName().Version?.ToString(3) ?? "",
        ModelHash = network.Hash,
        Start = start,
        Settings = settings,
        Parameters = [.. ParameterTable.Rows.Select((row, index) => (row.Id, parameters[index]))],
    };

    /// <summary>A table with the parameters as they were. One that this version does not have is left out, one that it has on top is at its default.</summary>
    public ParameterTable ToTable()
    {
        var table = new ParameterTable();
        foreach ((string id, double value) in Parameters)
        {
            table.Set(ParameterTable.IndexOf(id), value);
        }

        return table;
    }

    /// <summary>An event that was written down with this header, as the table has it now; a parameter that is no more changes nothing.</summary>
    public InputEvent Translate(in InputEvent input) => input.Kind != InputKind.Parameter ? input
        : input with { Parameter = (uint)input.Parameter < (uint)Parameters.Count ? ParameterTable.IndexOf(Parameters[input.Parameter].Id) : -1 };

    /// <summary>As lines of text, "key = value", for people and for <see cref="Parse"/>.</summary>
    public IEnumerable<string> ToLines()
    {
        yield return $"version = {Version}";
        yield return $"model = {ModelHash}";
        yield return $"font = {Font.ReplaceLineEndings(" ")}";
        yield return string.Create(CultureInfo.InvariantCulture, $"began = {Began:O}");
        yield return string.Create(CultureInfo.InvariantCulture, $"start = {Start}");
        yield return string.Create(CultureInfo.InvariantCulture, $"seed = {Settings.Seed}");
        yield return string.Create(CultureInfo.InvariantCulture, $"machineChannel = {Settings.MachineChannel + 1}");
        yield return string.Create(CultureInfo.InvariantCulture, $"playerChannel = {Settings.PlayerChannel + 1}");
        yield return string.Create(CultureInfo.InvariantCulture, $"stateController = {Settings.StateController ?? -1}");
        if (Settings.Length is AskedLength length)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"lengthNotes = {length.Notes}");
            yield return string.Create(CultureInfo.InvariantCulture, $"lengthTime = {length.Time}");
        }

        foreach ((string id, double value) in Parameters)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{ParameterPrefix}{id} = {value:R}");
        }
    }

    /// <summary>Reads the lines back. Lines that it does not know are passed over.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="name">What to call their file in an error.</param>
    /// <exception cref="InvalidDataException">A line that is needed is missing or wrong.</exception>
    public static TakeHeader Parse(IEnumerable<string> lines, string name)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var keys = new List<string>(); // in their order
        foreach (string line in lines)
        {
            int equals = line.IndexOf(" = ", StringComparison.Ordinal);
            if (equals > 0)
            {
                if (values.TryAdd(line[..equals], line[(equals + 3)..]))
                {
                    keys.Add(line[..equals]);
                }
            }
        }

        (string Id, double Value)[] parameters =
        [
            .. keys.Where(key => key.StartsWith(ParameterPrefix, StringComparison.Ordinal)).Select(key => (key[ParameterPrefix.Length..], Number<double>(key))),
        ];

        int controller = Number<int>("stateController");
        return new TakeHeader
        {
            Version = Text("version"),
            ModelHash = Text("model"),
            Font = values.GetValueOrDefault("font", ""),
            Began = DateTimeOffset.TryParse(values.GetValueOrDefault("began"), CultureInfo.InvariantCulture, out DateTimeOffset began) ? began : default,
            Start = Number<long>("start"),
            Settings = new ImproviserSettings
            {
                Seed = Number<ulong>("seed"),
                MachineChannel = (Number<int>("machineChannel") - 1) & 15,
                PlayerChannel = (Number<int>("playerChannel") - 1) & 15,
                StateController = controller is >= 0 and <= 127 ? controller : null,
                Length = values.ContainsKey("lengthNotes") ? new AskedLength(Number<int>("lengthNotes"), Number<long>("lengthTime")) : null,
            },
            Parameters = parameters,
        };

        string Text(string key) => values.TryGetValue(key, out string? text) ? text
            : throw new InvalidDataException($"{name} is no take of this instrument: it does not say its {key}.");

        T Number<T>(string key)
            where T : IParsable<T> => T.TryParse(Text(key), CultureInfo.InvariantCulture, out T? number) ? number
            : throw new InvalidDataException($"{name} is no take of this instrument: its {key} is \"{Text(key)}\", which is no number.");
    }
}
