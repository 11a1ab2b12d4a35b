using System.Globalization;

namespace MusicRnn.Performance;

/// <summary>The folder that takes are kept in: journals while they are played, MIDI files afterwards.</summary>
/// <param name="path">The folder; made when it is first written to.</param>
public sealed class TakeFolder(string path)
{
    private const string JournalExtension = ".journal";
    private const string TakeExtension = ".mid";

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>Begins the journal of a performance.</summary>
    /// <param name="header">How it begins; its file is named after when.</param>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public Journal Begin(TakeHeader header)
    {
        Directory.CreateDirectory(path);
        string name = header.Began.ToString("yyyy-MM-dd HH.mm.ss", CultureInfo.InvariantCulture);
        for (int number = 1; ; number++)
        {
            string stem = System.IO.Path.Combine(path, number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} ({number})"));
            if (!File.Exists(stem + TakeExtension) && !File.Exists(stem + JournalExtension))
            {
                return Journal.Create(stem + JournalExtension, header);
            }
        }
    }

    /// <summary>Makes a take of a journal that has ended, and removes the journal. One that nobody played in leaves nothing.</summary>
    /// <param name="journal">The journal's file.</param>
    /// <returns>The take's file, or null where nobody played.</returns>
    /// <exception cref="InvalidDataException">It is no journal; it is left as it is.</exception>
    /// <exception cref="IOException">It cannot be read or the take not be written, or a living program still writes it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or the take not be written.</exception>
    public static string? Finish(string journal)
    {
        Take take = JournalReader.Read(journal);
        string? file = take.PlayerNotes + take.MachineNotes == 0 ? null : System.IO.Path.ChangeExtension(journal, TakeExtension);
        if (file is not null)
        {
            TakeFile.Write(take, file);
        }

        File.Delete(journal);
        return file;
    }

    /// <summary>Makes takes of the journals that a kill has left. Those of a program that still runs are left alone.</summary>
    /// <param name="damaged">Told of each that cannot be made a take of, and why. One that is no sound journal is set aside under another name.</param>
    /// <returns>The takes' files.</returns>
    public IReadOnlyList<string> Recover(Action<string, string>? damaged = null)
    {
        var takes = new List<string>();
        foreach (string journal in Files(JournalExtension))
        {
            if (IsPlayed(journal))
            {
                continue;
            }

            try
            {
                if (Finish(journal) is { } take)
                {
                    takes.Add(take);
                }
            }
            catch (InvalidDataException exception)
            {
                SetAside(journal);
                damaged?.Invoke(journal, exception.Message);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                damaged?.Invoke(journal, exception.Message);
            }
        }

        return takes;
    }

    /// <summary>The MIDI files, oldest first: takes, and what else is kept there.</summary>
    public IReadOnlyList<string> MidiFiles => Files(TakeExtension);

    /// <summary>The journals that living programs write just now, oldest first.</summary>
    public IReadOnlyList<string> Playing => [.. Files(JournalExtension).Where(IsPlayed)];

    /// <summary>The file of a take that somebody means: by its path, or by its name in the folder, with or without what ends it.</summary>
    /// <returns>The path, or null where there is no such file.</returns>
    public string? Find(string take)
    {
        string[] candidates = [take, System.IO.Path.Combine(path, take), System.IO.Path.Combine(path, take + TakeExtension)];
        return candidates.FirstOrDefault(File.Exists) is { } file ? System.IO.Path.GetFullPath(file) : null;
    }

    /// <summary>The takes, oldest first.</summary>
    /// <param name="foreign">Told of each MIDI file that is no take, and why.</param>
    public IEnumerable<(string File, Take Take)> List(Action<string, string>? foreign = null)
    {
        foreach (string file in MidiFiles)
        {
            Take take;
            try
            {
                take = TakeFile.Read(file);
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                foreign?.Invoke(file, exception.Message);
                continue;
            }

            yield return (file, take);
        }
    }

    /// <summary>Whether a living program writes a journal: it holds the file's lock.</summary>
    private static bool IsPlayed(string journal)
    {
        try
        {
            using var file = new FileStream(journal, FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false; // another user's, in a folder that is shared; whoever reads it is told
        }
    }

    private static void SetAside(string journal)
    {
        try
        {
            File.Move(journal, journal + ".damaged", overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is told of again next time.
        }
    }

    private string[] Files(string extension) => Directory.Exists(path)
        ? [.. Directory.EnumerateFiles(path, "*" + extension).Select(file => (File: file, Name: NameOf(file)))
            .OrderBy(item => item.Name.Moment, StringComparer.Ordinal).ThenBy(item => item.Name.Number).ThenBy(item => item.File, StringComparer.Ordinal)
            .Select(item => item.File)]
        : [];

    /// <summary>The name of a file, and apart from it the number that <see cref="Begin"/> gave it as one of several that began in a second; 1 without one.</summary>
    private static (string Moment, int Number) NameOf(string file)
    {
        string name = System.IO.Path.GetFileNameWithoutExtension(file);
        int at = name.LastIndexOf(" (", StringComparison.Ordinal);
        return at >= 0 && name[^1] == ')' && int.TryParse(name.AsSpan(at + 2)[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number != 1
            ? (name[..at], number)
            : (name, 1);
    }
}
