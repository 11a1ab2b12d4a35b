using System.Globalization;
using MusicRnn.Performance;

namespace MusicRnn.Training;

/// <summary>How well a turn rule knows the end of a phrase.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Setting">Its threshold (a probability) or its time (seconds); nothing for <see cref="TurnRule.Pedal"/>, which was tried with the sustain pedal.</param>
/// <param name="FalsePerMinute">Turns that passed inside a piece, a minute.</param>
/// <param name="MedianWait">The median time from a piece's last key release to the turn, in seconds; null where it never passed.</param>
public readonly record struct TurnFigures(TurnRule Rule, double Setting, double FalsePerMinute, double? MedianWait)
{
    /// <summary>A table of figures, as Markdown.</summary>
    public static string ToTable(IEnumerable<TurnFigures> figures) => string.Join('\n',
    [
        "| rule | setting | false takeovers a minute | median wait at the end |",
        "| --- | --- | --- | --- |",
        .. figures.Select(figure => figure.ToRow()),
    ]);

    private string ToRow()
    {
        string setting = Rule switch
        {
            TurnRule.Model => string.Create(CultureInfo.InvariantCulture, $"threshold {Setting:0.###}"),
            TurnRule.Silence => string.Create(CultureInfo.InvariantCulture, $"{Setting:0.##} s"),
            _ => "sustain pedal twice",
        };
        string wait = MedianWait is double seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s") : Rule == TurnRule.Pedal ? "by the player" : "never came";
        return string.Create(CultureInfo.InvariantCulture, $"| {Rule} | {setting} | {FalsePerMinute:0.00} | {wait} |");
    }
}
