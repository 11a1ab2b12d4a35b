using System.Text.Json;

namespace MusicRnn.Host.Options;

/// <summary>
/// The settings that exist and what may be written for each: config/appsettings.schema.json, by which editors complete
/// and the program checks. A test holds it to the options classes and the parameter table.
/// </summary>
public sealed class SettingsSchema
{
    private const string Resource = "appsettings.schema.json";
    private readonly Dictionary<string, SettingRow> _rows = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _groups = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the schema that was built into the program.</summary>
    public SettingsSchema()
    {
        using Stream stream = typeof(SettingsSchema).Assembly.GetManifestResourceStream(Resource)!;
        using JsonDocument schema = JsonDocument.Parse(stream);
        ReadGroup("", schema.RootElement);
    }

    /// <summary>Every setting.</summary>
    public IReadOnlyCollection<SettingRow> Rows => _rows.Values;

    /// <summary>The setting of a key, upper and lower case alike, or null where there is none.</summary>
    public SettingRow? Find(string key) => _rows.GetValueOrDefault(key);

    /// <summary>What is wrong with a value written for a key.</summary>
    /// <returns>The end of a sentence that begins with the key, or null where nothing is wrong.</returns>
    public string? FaultOf(string key, string? value)
    {
        if (_groups.Contains(key))
        {
            return string.IsNullOrEmpty(value) ? null : $"is {value}; it must be a group of settings in braces.";
        }

        return Find(key) is { } row ? row.FaultOf(value) : $"is not a setting; {Suggestion(key)}";
    }

    private string Suggestion(string key)
    {
        string nearest = _rows.Keys.MinBy(known => EditDistance.Between(known.ToUpperInvariant(), key.ToUpperInvariant()))!;
        if (EditDistance.Between(nearest.ToUpperInvariant(), key.ToUpperInvariant()) <= 1 + (key.Length / 5))
        {
            return $"did you mean {nearest}?";
        }

        int end = key.LastIndexOf(':');
        string group = end < 0 ? "" : key[..end];
        if (!_groups.Contains(group))
        {
            group = "";
        }

        string prefix = group.Length == 0 ? "" : group + ":";
        IEnumerable<string> members = _rows.Keys.Concat(_groups)
            .Where(known => known.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && known.Length > prefix.Length)
            .Select(known => known[prefix.Length..].Split(':')[0])
            .Where(member => member[0] != '$')
            .Distinct();
        return $"{(group.Length == 0 ? "the groups are" : $"{group} has")} {string.Join(", ", members)}.";
    }

    private void ReadGroup(string prefix, JsonElement group)
    {
        foreach (JsonProperty property in group.GetProperty("properties").EnumerateObject())
        {
            string key = prefix + property.Name;
            if (property.Value.TryGetProperty("properties", out _))
            {
                _groups.Add(key);
                ReadGroup(key + ":", property.Value);
            }
            else
            {
                _rows.Add(key, ReadRow(key, property.Value));
            }
        }
    }

    private static SettingRow ReadRow(string key, JsonElement row)
    {
        JsonElement type = row.GetProperty("type");
        string[] types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(name => name.GetString()!)] : [type.GetString()!];
        return new SettingRow(
            key,
            types.First(name => name != "null"),
            types.Contains("null"),
            Number("minimum"),
            Number("maximum"),
            row.TryGetProperty("enum", out JsonElement choices) ? [.. choices.EnumerateArray().Select(choice => choice.GetString()!)] : [],
            Text("pattern"),
            Text("patternErrorMessage"),
            row.TryGetProperty("default", out JsonElement value) ? value.GetRawText() : "none",
            Text("description") ?? "",
            row.TryGetProperty("nextStart", out _));

        double? Number(string name) => row.TryGetProperty(name, out JsonElement number) ? number.GetDouble() : null;

        string? Text(string name) => row.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;
    }
}
