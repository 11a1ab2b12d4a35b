using Microsoft.Extensions.Configuration;

namespace MusicRnn.Host.Options;

/// <summary>The settings as they were read at one moment.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Values">What was written, by key.</param>
public sealed record SettingsSnapshot(Settings Settings, IReadOnlyDictionary<string, string?> Values)
{
    /// <summary>The settings that written values make, each of which the schema allows.</summary>
    public static SettingsSnapshot Of(IReadOnlyDictionary<string, string?> values) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(values).Build().Get<Settings>() ?? new Settings(), values);

    /// <summary>These settings, but for one that is written as another moment has it.</summary>
    public SettingsSnapshot With(string key, SettingsSnapshot other)
    {
        var values = new SortedDictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string? value) in Values)
        {
            values[name] = value;
        }

        values.Remove(key);
        if (other.Values.TryGetValue(key, out string? written))
        {
            values[key] = written;
        }

        return Of(values);
    }

    /// <summary>The keys whose written value differs between two moments, in order.</summary>
    public IReadOnlyList<string> Differences(SettingsSnapshot other) =>
        [.. Values.Keys.Union(other.Values.Keys, StringComparer.OrdinalIgnoreCase)
            .Where(key => Values.GetValueOrDefault(key) != other.Values.GetValueOrDefault(key))
            .Order(StringComparer.OrdinalIgnoreCase)];
}
