namespace MusicRnn;

/// <summary>What a path leads to: many keep their files elsewhere and link to them, and of a link the system tells the link's own length.</summary>
public static class LinkedFile
{
    /// <summary>The file that a path is, or leads to. A pipe or a device has no length.</summary>
    public static FileInfo Target(string path)
    {
        try
        {
            return new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        }
        catch (IOException)
        {
            return new FileInfo(path); // links in a circle, or none at all; whoever reads it is told
        }
    }
}
