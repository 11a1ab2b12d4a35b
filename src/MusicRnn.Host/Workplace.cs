using MusicRnn.Host.Options;
using MusicRnn.Performance;

namespace MusicRnn.Host;

/// <summary>Where a run of the program finds and leaves things.</summary>
/// <param name="Installation">MusicRnn's own files.</param>
/// <param name="Folders">The user's folders.</param>
public sealed record Workplace(Installation Installation, UserFolders Folders)
{
    private readonly Lazy<SettingsSchema> _schema = new(() => new SettingsSchema());

    /// <summary>The settings that exist.</summary>
    public SettingsSchema Schema => _schema.Value;

    /// <summary>The workplace of this process.</summary>
    public static Workplace OfThisProcess() =>
        new(new Installation(AppContext.BaseDirectory), UserFolders.FromEnvironment(Environment.GetEnvironmentVariable));

    /// <summary>Where sessions are kept.</summary>
    internal TakeFolder Takes(Settings settings) =>
        new(settings.Takes.Folder is { Length: > 0 } folder ? Installation.Resolve(folder) : Path.Combine(Folders.Data, "takes"));

    /// <summary>Where settings are read from: the shipped file, the user's own or the one that is named instead of it, the environment, the command line.</summary>
    /// <param name="userFile">A settings file in place of the user's own, or null.</param>
    /// <param name="commandLine">Keys and values of the command line.</param>
    public SettingsSources Sources(string? userFile, IReadOnlyDictionary<string, string?> commandLine)
    {
        string[] files = userFile is null ? [Installation.SettingsFile] : [Installation.SettingsFile, userFile];
        return new SettingsSources(files, SettingsSources.ProcessEnvironment, commandLine) { UserFile = userFile ?? Folders.SettingsFile };
    }
}
