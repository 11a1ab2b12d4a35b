namespace MusicRnn.Synthesis;

/// <summary>Where a system keeps General MIDI fonts.</summary>
public static class SystemFonts
{
    /// <summary>
    /// The .sf2 files of /usr/share/sounds/sf2, /usr/share/soundfonts and the same folders under the XDG data folders: the system's
    /// default first, then those that call themselves General MIDI, then the rest by size, the largest first.
    /// </summary>
    public static IReadOnlyList<string> Find() => Find(Folders());

    internal static IReadOnlyList<string> Find(IEnumerable<string> folders) =>
    [
        .. folders
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.sf2", new EnumerationOptions { IgnoreInaccessible = true }))
            .Select(path => (Name: Path.GetFileName(path), File: Resolve(path)))
            .Where(found => found.File is { Exists: true })
            .OrderBy(found => Rank(found.Name))
            .ThenByDescending(found => found.File!.Length)
            .Select(found => found.File!.FullName)
            .Distinct(),
    ];

    /// <summary>The file that a path means, or null where its links lead round in a circle.</summary>
    private static FileInfo? Resolve(string path)
    {
        var file = new FileInfo(path);
        try
        {
            return file.ResolveLinkTarget(true) as FileInfo ?? file;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int Rank(string name) =>
        name.StartsWith("default", StringComparison.OrdinalIgnoreCase) ? 0 : name.Contains("GM", StringComparison.OrdinalIgnoreCase) ? 1 : 2;

    private static IEnumerable<string> Folders()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string own = Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? data : Path.Combine(home, ".local", "share");
        string shared = Environment.GetEnvironmentVariable("XDG_DATA_DIRS") is { Length: > 0 } list ? list : "/usr/local/share:/usr/share";
        return new[] { own }
            .Concat(shared.Split(':', StringSplitOptions.RemoveEmptyEntries))
            .Append("/usr/share")
            .Distinct()
            .SelectMany(root => new[] { Path.Combine(root, "sounds", "sf2"), Path.Combine(root, "soundfonts") });
    }
}
