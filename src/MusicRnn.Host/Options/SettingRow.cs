using System.Globalization;
using System.Text.RegularExpressions;

namespace MusicRnn.Host.Options;

/// <summary>What may be written for one setting, as the JSON schema says it.</summary>
/// <param name="Key">Its parts joined by colons.</param>
/// <param name="Type">The JSON type: boolean, integer, number or string.</param>
/// <param name="Nullable">Whether null, or nothing, may be written.</param>
/// <param name="Minimum">The lowest number.</param>
/// <param name="Maximum">The highest number.</param>
/// <param name="Choices">The allowed strings; empty where any is.</param>
/// <param name="Pattern">A regular expression that the string must match, or null.</param>
/// <param name="Expected">The pattern in words.</param>
/// <param name="Default">The value where nothing is written, as JSON.</param>
/// <param name="Description">What it does.</param>
/// <param name="NextStart">Whether a change waits for the next start.</param>
public sealed record SettingRow(
    string Key, string Type, bool Nullable, double? Minimum, double? Maximum, IReadOnlyList<string> Choices,
    string? Pattern, string? Expected, string Default, string Description, bool NextStart)
{
    /// <summary>What is wrong with a value.</summary>
    /// <returns>The end of a sentence that begins with the key, or null where the value may be used.</returns>
    public string? FaultOf(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return Nullable || (Type == "string" && Pattern is null && Choices.Count == 0) ? null : $"is empty; {Requirement}.";
        }

        bool good = Type switch
        {
            "boolean" => bool.TryParse(value, out _),
            "integer" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) && InRange(whole),
            "number" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && InRange(number),
            _ => (Choices.Count == 0 || Choices.Contains(value, StringComparer.OrdinalIgnoreCase)) && (Pattern is null || Regex.IsMatch(value, Pattern)),
        };
        return good ? null : $"is {Quoted(value)}; {Requirement}.";
    }

    private string Requirement => $"it must be {Range}{(Default == "null" ? "" : $" (default: {Default})")}";

    private string Range => Type switch
    {
        "boolean" => "true or false",
        "integer" => $"a whole number{Bounds}",
        "number" => $"a number{Bounds}",
        _ when Choices.Count > 0 => Choices.Count == 1 ? Choices[0] : $"{string.Join(", ", Choices.SkipLast(1))} or {Choices[^1]}",
        _ => Expected ?? "text",
    };

    private string Bounds => (Minimum, Maximum) switch
    {
        ({ } low, { } high) => string.Create(CultureInfo.InvariantCulture, $" from {low} to {high}"),
        ({ } low, null) => string.Create(CultureInfo.InvariantCulture, $" of at least {low}"),
        (null, { } high) => string.Create(CultureInfo.InvariantCulture, $" of at most {high}"),
        _ => "",
    };

    /// <summary>NaN is in no range.</summary>
    private bool InRange(double number) => number >= (Minimum ?? double.MinValue) && number <= (Maximum ?? double.MaxValue);

    private string Quoted(string value) => Type == "string" ? $"\"{value}\"" : value;
}
