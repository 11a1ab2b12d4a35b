using System.Security.Cryptography;

namespace MusicRnn;

/// <summary>
/// A file that appears whole or not at all: a draft is written beside its place and moved there, so that a kill leaves the old file or
/// the new. Of several who write one file at once each has a draft of its own, and the last to end leaves the file.
/// </summary>
/// <remarks>A draft is called <c>NAME.xxxxxxxx.part</c> and locked while it is written; one that a kill has left has no lock, and goes when its file is next written.</remarks>
public static class WholeFile
{
    private const string DraftExtension = ".part";
    private const int DraftDigits = 8;

    /// <summary>Writes a file. A link stays, and what it leads to is written; a device or a pipe is written straight to.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the file of a path, which is not always the one given here, and opens it so that others may read it: it is locked already.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static void Write(string path, Action<string> write)
    {
        if (PlaceOf(path) is not { } place)
        {
            write(path);
            return;
        }

        RemoveLeftDrafts(place);
        string draft = place + "." + RandomNumberGenerator.GetHexString(DraftDigits, lowercase: true) + DraftExtension;
        using var held = new FileStream(draft, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        try
        {
            write(draft);
            File.Move(draft, place, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    /// <summary>Removes what those have left of a file who were killed while they wrote it.</summary>
    private static void RemoveLeftDrafts(string place)
    {
        try
        {
            string prefix = Path.GetFileName(place) + ".";
            foreach (string path in Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(place))!).Where(path => IsDraft(Path.GetFileName(path), prefix)))
            {
                RemoveUnlessHeld(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be listed may be written to nevertheless.
        }
    }

    private static bool IsDraft(string name, string prefix) =>
        name.Length == prefix.Length + DraftDigits + DraftExtension.Length
        && name.StartsWith(prefix, StringComparison.Ordinal)
        && name.EndsWith(DraftExtension, StringComparison.Ordinal)
        && name.AsSpan(prefix.Length, DraftDigits).IndexOfAnyExcept("0123456789abcdef") < 0;

    private static void RemoveUnlessHeld(string draft)
    {
        try
        {
            using var file = new FileStream(draft, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            File.Delete(draft);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is being written, or is another user's.
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
