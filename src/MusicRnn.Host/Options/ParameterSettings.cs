using System.Globalization;
using MusicRnn.Performance;

namespace MusicRnn.Host.Options;

/// <summary>How the rows of the <see cref="ParameterTable"/> are written in settings: by their ids, in their units.</summary>
public static class ParameterSettings
{
    private static readonly string PatienceId = ParameterTable.Rows[ParameterTable.Patience].Id;
    private static readonly string[] OffAndOn = ["Off", "On"];

    /// <summary>Whether a row is written as true or false.</summary>
    public static bool IsSwitch(Parameter row) => row.Labels.SequenceEqual(OffAndOn);

    /// <summary>The value of a row in its unit.</summary>
    /// <param name="row">The row.</param>
    /// <param name="written">A value that the schema allows.</param>
    public static double Parse(Parameter row, string written)
    {
        if (IsSwitch(row))
        {
            return bool.Parse(written) ? 1 : 0;
        }

        int label = row.Labels.Count == 0 ? -1 : row.Labels.ToList().FindIndex(name => name.Equals(written, StringComparison.OrdinalIgnoreCase));
        return label >= 0 ? row.From + label : double.Parse(written, CultureInfo.InvariantCulture);
    }

    /// <summary>What is wrong between parameters that are each right alone: the id, and the end of a sentence that begins with it.</summary>
    public static IEnumerable<(string Id, string Problem)> Conflicts(IReadOnlyDictionary<string, string?> parameters)
    {
        if (parameters.GetValueOrDefault(PatienceId) is { Length: > 0 } patience)
        {
            var table = new ParameterTable();
            if (parameters.GetValueOrDefault(ParameterTable.Rows[ParameterTable.Rule].Id) is { Length: > 0 } rule)
            {
                table.SetUnit(ParameterTable.Rule, Parse(ParameterTable.Rows[ParameterTable.Rule], rule));
            }

            Parameter row = table.Describe(ParameterTable.Patience);
            double value = Parse(row, patience);
            (double low, double high) = (Math.Min(row.From, row.To), Math.Max(row.From, row.To));
            if (value < low || value > high)
            {
                yield return (PatienceId, string.Create(
                    CultureInfo.InvariantCulture, $"is {value}; under the turn rule {(TurnRule)table.Step(ParameterTable.Rule)} it must be from {low} to {high} {row.Unit}, or null."));
            }
        }
    }

    /// <summary>What keeps the machine from ever ending an answer, as its setting and value; null where each answer ends.</summary>
    public static string? Endlessness(ParameterTable table) => (PerformanceMode)table.Step(ParameterTable.Mode) switch
    {
        PerformanceMode.Endless => $"Parameters:mode is {PerformanceMode.Endless}",
        PerformanceMode.CallAndResponse when table.Step(ParameterTable.Length) == ParameterTable.EndlessLength => $"Parameters:length is {ParameterTable.EndlessLength}",
        _ => null,
    };

    /// <summary>A table that holds what the settings say.</summary>
    /// <param name="parameters">Ids and what is written for them; null leaves a row at its default.</param>
    public static ParameterTable ToTable(IReadOnlyDictionary<string, string?> parameters)
    {
        var table = new ParameterTable();
        IEnumerable<(int Index, string Written)> written = parameters
            .Where(pair => !string.IsNullOrEmpty(pair.Value))
            .Select(pair => (ParameterTable.IndexOf(pair.Key), pair.Value!))
            .OrderBy(pair => pair.Item1 == ParameterTable.Patience); // its unit hangs on the rule
        foreach ((int index, string value) in written)
        {
            table.SetUnit(index, Parse(ParameterTable.Rows[index], value));
        }

        return table;
    }
}
