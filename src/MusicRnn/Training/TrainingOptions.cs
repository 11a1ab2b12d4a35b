using System.Text;
using System.Text.Json;
using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>How a network is trained. The defaults are those of the first of the two runs that made the shipped weights.</summary>
public sealed record TrainingOptions
{
    private const string Fastest = "fastest";
    private const string Exact = "float32";
    private static readonly string[] Changeable = ["notes", "stopAfter"]; // within a run

    /// <summary>The network's size, for training from scratch.</summary>
    public NetworkShape Shape { get; init; } = new(2, 512, 384, 256);

    /// <summary>Pieces side by side. Default 64.</summary>
    public int Streams { get; init; } = 64;

    /// <summary>Steps in a window at first: short windows make many updates. Default 64.</summary>
    public int FirstSteps { get; init; } = 64;

    /// <summary>Steps in a window later, to learn what lies further back. Default 128.</summary>
    public int LaterSteps { get; init; } = 128;

    /// <summary>After which share of the notes the longer windows begin, 0-1. Default 0.6.</summary>
    public double LaterFrom { get; init; } = 0.6;

    /// <summary>The number of notes to learn from, repeats included. Default 23 million.</summary>
    public long Notes { get; init; } = 23_000_000;

    /// <summary>The learning rate, reached after <see cref="WarmUp"/> updates. Default 0.004.</summary>
    public double Rate { get; init; } = 0.004;

    /// <summary>Updates until the full rate. Default 100.</summary>
    public int WarmUp { get; init; } = 100;

    /// <summary>The share of the notes at the end over which the rate falls in a straight line, to a fiftieth. Default 0.6.</summary>
    public double Decay { get; init; } = 0.6;

    /// <summary>The largest norm of the gradient. Default 1.</summary>
    public double Clip { get; init; } = 1;

    /// <summary>The share of each layer's outputs that is dropped. Default 0.25.</summary>
    public double Dropout { get; init; } = 0.25;

    /// <summary>The share of each layer's recurrent weights that is dropped, others in every window. Default 0.</summary>
    public double RecurrentDropout { get; init; }

    /// <summary>How much of the running average of the weights is kept at each update. Default 0.9985.</summary>
    public double Averaging { get; init; } = 0.9985;

    /// <summary>The most semitones a piece is transposed, up or down. Default 6.</summary>
    public int Transpose { get; init; } = 6;

    /// <summary>The most a piece is played faster or slower. Default 0.12.</summary>
    public double Tempo { get; init; } = 0.12;

    /// <summary>The most velocity levels a piece is played louder or softer. Default 2.</summary>
    public int Louder { get; init; } = 2;

    /// <summary>The share of pieces that is cut into passages, before each of which all is forgotten: a player begins anywhere. Default 0.5.</summary>
    public double Cut { get; init; } = 0.5;

    /// <summary>Training ends after so many epochs without a better validation, 0.1 or more. Default 8.</summary>
    public double StopAfter { get; init; } = 8;

    /// <summary>Chooses every random number of the training. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How exactly matrices are multiplied: <c>fastest</c> or <c>float32</c>. Default <see cref="Precision.Fastest"/>.</summary>
    public Precision Precision { get; init; } = Precision.Fastest;

    /// <summary>Reads options from a JSON object in a file; those that it does not name stay as they are here.</summary>
    /// <exception cref="InvalidDataException">It is no such object, or a value is out of its range: the message says which.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public TrainingOptions Read(string path) => Parse(File.ReadAllBytes(path), path);

    /// <summary>Reads options from a JSON object; those that it does not name stay as they are here.</summary>
    /// <param name="text">The object.</param>
    /// <param name="path">Where it came from, for what is said of a fault.</param>
    /// <exception cref="InvalidDataException">It is no such object, or a value is out of its range: the message says which.</exception>
    public TrainingOptions Parse(ReadOnlyMemory<byte> text, string path)
    {
        TrainingOptions options = this;
        string name = "";
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                name = property.Name;
                options = options.With(name, property.Value);
            }
        }
        catch (JsonException exception)
        {
            throw Broken(exception.Message.TrimEnd('.'));
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or KeyNotFoundException or OverflowException)
        {
            throw Broken(name.Length == 0 ? "it is no JSON object" : $"{name} has no value of its kind");
        }

        return options.Fault() is { } fault ? throw Broken(fault) : options;

        InvalidDataException Broken(string what) => new($"{path} does not tell how to train: {what}.");
    }

    /// <summary>All options as the JSON object that <see cref="Parse"/> reads.</summary>
    public override string ToString()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("shape");
            json.WriteNumber("layers", Shape.Layers);
            json.WriteNumber("hidden", Shape.Hidden);
            json.WriteNumber("embedding", Shape.Embedding);
            json.WriteNumber("head", Shape.Head);
            json.WriteEndObject();
            json.WriteNumber("streams", Streams);
            json.WriteNumber("firstSteps", FirstSteps);
            json.WriteNumber("laterSteps", LaterSteps);
            json.WriteNumber("laterFrom", LaterFrom);
            json.WriteNumber("notes", Notes);
            json.WriteNumber("rate", Rate);
            json.WriteNumber("warmUp", WarmUp);
            json.WriteNumber("decay", Decay);
            json.WriteNumber("clip", Clip);
            json.WriteNumber("dropout", Dropout);
            json.WriteNumber("recurrentDropout", RecurrentDropout);
            json.WriteNumber("averaging", Averaging);
            json.WriteNumber("transpose", Transpose);
            json.WriteNumber("tempo", Tempo);
            json.WriteNumber("louder", Louder);
            json.WriteNumber("cut", Cut);
            json.WriteNumber("stopAfter", StopAfter);
            json.WriteNumber("seed", Seed);
            json.WriteString("precision", Precision == Precision.Fastest ? Fastest : Exact);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The first option that is another than in the options a run was begun with, in words; null if a run can go on with these. How many notes it takes, and when it ends for want of
    /// progress, can change within a run.</summary>
    /// <param name="begun">The options that the run was begun with.</param>
    public string? DifferenceFrom(TrainingOptions begun)
    {
        using JsonDocument ours = JsonDocument.Parse(ToString()), basis = JsonDocument.Parse(begun.ToString());
        foreach (JsonProperty theirs in basis.RootElement.EnumerateObject())
        {
            string here = ours.RootElement.GetProperty(theirs.Name).GetRawText(), there = theirs.Value.GetRawText();
            if (here != there && !Changeable.Contains(theirs.Name))
            {
                return $"{theirs.Name} {there}, and {here} is asked for";
            }
        }

        return null;
    }

    /// <summary>The first value that is out of its range, in words; null if none is.</summary>
    public string? Fault()
    {
        return Network.Fault(Shape)?.TrimEnd('.')
            ?? Check("streams", Streams, 1, 4096)
            ?? Check("firstSteps", FirstSteps, 1, 4096)
            ?? Check("laterSteps", LaterSteps, 1, 4096)
            ?? Check("laterFrom", LaterFrom, 0, 1)
            ?? Check("notes", Notes, 1, 1e12)
            ?? Check("rate", Rate, 1e-7, 1)
            ?? Check("warmUp", WarmUp, 1, 1e6)
            ?? Check("decay", Decay, 1e-6, 1)
            ?? Check("clip", Clip, 1e-6, 1e6)
            ?? Check("dropout", Dropout, 0, 0.9)
            ?? Check("recurrentDropout", RecurrentDropout, 0, 0.9)
            ?? Check("averaging", Averaging, 0, 0.999999)
            ?? Check("transpose", Transpose, 0, 11)
            ?? Check("tempo", Tempo, 0, 1)
            ?? Check("louder", Louder, 0, 16)
            ?? Check("cut", Cut, 0, 1)
            ?? Check("stopAfter", StopAfter, 0.1, 1e6);

        static string? Check(string name, double value, double least, double most) => value >= least && value <= most
            ? null
            : FormattableString.Invariant($"{name} is {value}, and it must be from {least} to {most}");
    }

    private TrainingOptions With(string name, JsonElement value) => name switch
    {
        "shape" => this with
        {
            Shape = new NetworkShape(
                value.GetProperty("layers").GetInt32(), value.GetProperty("hidden").GetInt32(), value.GetProperty("embedding").GetInt32(), value.GetProperty("head").GetInt32()),
        },
        "streams" => this with { Streams = value.GetInt32() },
        "firstSteps" => this with { FirstSteps = value.GetInt32() },
        "laterSteps" => this with { LaterSteps = value.GetInt32() },
        "laterFrom" => this with { LaterFrom = value.GetDouble() },
        "notes" => this with { Notes = checked((long)value.GetDouble()) },
        "rate" => this with { Rate = value.GetDouble() },
        "warmUp" => this with { WarmUp = value.GetInt32() },
        "decay" => this with { Decay = value.GetDouble() },
        "clip" => this with { Clip = value.GetDouble() },
        "dropout" => this with { Dropout = value.GetDouble() },
        "recurrentDropout" => this with { RecurrentDropout = value.GetDouble() },
        "averaging" => this with { Averaging = value.GetDouble() },
        "transpose" => this with { Transpose = value.GetInt32() },
        "tempo" => this with { Tempo = value.GetDouble() },
        "louder" => this with { Louder = value.GetInt32() },
        "cut" => this with { Cut = value.GetDouble() },
        "stopAfter" => this with { StopAfter = value.GetDouble() },
        "seed" => this with { Seed = value.GetUInt64() },
        "precision" => this with
        {
            Precision = value.GetString() switch
            {
                Fastest => Precision.Fastest,
                Exact => Precision.Float32,
                string other => throw new JsonException($"precision is \"{other}\", and it must be \"{Fastest}\" or \"{Exact}\""),
                null => throw new FormatException(),
            },
        },
        _ => throw new JsonException($"there is no option {name}"),
    };
}
