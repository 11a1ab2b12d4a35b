namespace MusicRnn.Host.Options;

/// <summary>The settings cannot be used. The message lists every fault.</summary>
public sealed class SettingsException(IReadOnlyList<SettingsFault> faults)
    : Exception($"{(faults.Count == 1 ? "1 fault" : $"{faults.Count} faults")} in the settings:\n  {string.Join("\n  ", faults)}")
{
    /// <summary>Everything that is wrong.</summary>
    public IReadOnlyList<SettingsFault> Faults { get; } = faults;
}
