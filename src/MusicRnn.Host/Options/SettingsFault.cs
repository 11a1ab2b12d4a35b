namespace MusicRnn.Host.Options;

/// <summary>One thing that is wrong with the settings.</summary>
/// <param name="Key">The setting, its parts joined by colons; empty where a whole file is at fault.</param>
/// <param name="Place">The file, environment variable or option that says it.</param>
/// <param name="Problem">What is wrong, with the value and what was expected, as the end of a sentence that begins with the key.</param>
public sealed record SettingsFault(string Key, string Place, string Problem)
{
    /// <inheritdoc/>
    public override string ToString() => Key.Length == 0 ? $"{Place}: {Problem}" : $"{Key} {Problem} [{Place}]";
}
