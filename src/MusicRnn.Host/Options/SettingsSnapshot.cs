namespace MusicRnn.Host.Options;

/// <summary>The settings as they were read at one moment.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Values">What was written, by key.</param>
public sealed record SettingsSnapshot(Settings Settings, IReadOnlyDictionary<string, string?> Values)
{
    /// <summary>The keys whose written value differs between two moments, in order.</summary>
    public IReadOnlyList<string> Differences(SettingsSnapshot other) =>
        [.. Values.Keys.Union(other.Values.Keys, StringComparer.OrdinalIgnoreCase)
            .Where(key => Values.GetValueOrDefault(key) != other.Values.GetValueOrDefault(key))
            .Order(StringComparer.OrdinalIgnoreCase)];
}
