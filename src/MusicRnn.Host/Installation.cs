namespace MusicRnn.Host;

/// <summary>
/// Where MusicRnn's own files are: settings, models, SoundFonts. In a repository that is its root, however deep the
/// executable was built in it; elsewhere it is the executable's folder, into which publishing copies them.
/// </summary>
public sealed class Installation
{
    private const string RepositoryMark = "MusicRnn.sln";

    /// <summary>Finds the files of the program that lies in a folder.</summary>
    /// <param name="executableFolder">The folder of MusicRnn.Host.dll.</param>
    public Installation(string executableFolder)
    {
        Root = executableFolder;
        for (DirectoryInfo? folder = new(executableFolder); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, RepositoryMark)))
            {
                Root = folder.FullName;
                break;
            }
        }
    }

    /// <summary>The folder that holds config/, models/ and soundfonts/.</summary>
    public string Root { get; }

    /// <summary>The shipped settings.</summary>
    public string SettingsFile => Path.Combine(Root, "config", "appsettings.json");

    /// <summary>Turns a path of the settings into an absolute one: <c>~/</c> is the user's home, and a relative path starts from <see cref="Root"/>.</summary>
    public string Resolve(string path)
    {
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return Path.Combine(home, path.Length > 2 ? path[2..] : "");
        }

        return Path.GetFullPath(path, Root);
    }
}
