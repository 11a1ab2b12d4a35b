namespace MusicRnn;

/// <summary>A file that appears whole or not at all: it is written beside its place and moved there, so that a kill leaves the old file or the new.</summary>
public static class WholeFile
{
    /// <summary>Writes a file. A link stays, and what it leads to is written; a device or a pipe is written straight to.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the file of a path, which is not always the one given here.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static void Write(string path, Action<string> write)
    {
        if (PlaceOf(path) is not { } place)
        {
            write(path);
            return;
        }

        string beside = place + ".part";
        try
        {
            write(beside);
            File.Move(beside, place, overwrite: true);
        }
        catch when (File.Exists(beside))
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>Where the links of a path end; null where it is to be written straight to.</summary>
    private static string? PlaceOf(string path)
    {
        string place = new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;
        if (!File.Exists(place))
        {
            // Some links can be followed by the system alone, such as /dev/stdout where that is a pipe.
            return File.Exists(path) ? null : place;
        }

        // Devices and pipes have no length. An empty file has none either, and holds nothing that could be lost.
        return new FileInfo(place).Length == 0 ? null : place;
    }
}
