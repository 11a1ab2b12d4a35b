namespace MusicRnn.Host;

/// <summary>The user's folders, as the XDG Base Directory Specification 0.8 names them.</summary>
/// <param name="Configuration">Settings of the user's own: $XDG_CONFIG_HOME/musicrnn, by default ~/.config/musicrnn.</param>
/// <param name="Data">Takes: $XDG_DATA_HOME/musicrnn, by default ~/.local/share/musicrnn.</param>
/// <param name="State">Logs: $XDG_STATE_HOME/musicrnn, by default ~/.local/state/musicrnn.</param>
/// <param name="Runtime">The ledger of sounding notes: $XDG_RUNTIME_DIR/musicrnn, by default /dev/shm/musicrnn-USER. Empty after a restart of the machine.</param>
public sealed record UserFolders(string Configuration, string Data, string State, string Runtime)
{
    private const string Name = "musicrnn";

    /// <summary>The user's own settings, read on top of the shipped ones where the file exists.</summary>
    public string SettingsFile => Path.Combine(Configuration, "appsettings.json");

    /// <summary>The folders that the environment names.</summary>
    /// <param name="variable">Gives an environment variable's value, or null.</param>
    public static UserFolders FromEnvironment(Func<string, string?> variable)
    {
        string home = variable("HOME") is { Length: > 0 } set ? set : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return new UserFolders(
            Folder("XDG_CONFIG_HOME", Path.Combine(home, ".config")),
            Folder("XDG_DATA_HOME", Path.Combine(home, ".local", "share")),
            Folder("XDG_STATE_HOME", Path.Combine(home, ".local", "state")),
            Absolute(variable("XDG_RUNTIME_DIR")) is { } runtime ? Path.Combine(runtime, Name) : $"/dev/shm/{Name}-{Environment.UserName}");

        string Folder(string name, string fallback) => Path.Combine(Absolute(variable(name)) ?? fallback, Name);
    }

    /// <summary>Relative paths in these variables are invalid and ignored (XDG Base Directory Specification 0.8, "Basics").</summary>
    private static string? Absolute(string? path) => Path.IsPathFullyQualified(path ?? "") ? path : null;
}
