using System.Text;
using MusicRnn.Midi;
using MusicRnn.Notes;

namespace MusicRnn.Training;

/// <summary>
/// Makes a <see cref="Corpus"/> of a folder of MIDI files. Where MAESTRO's table lies in it, the table says which split
/// each of its files belongs to; any other file's split follows from its path alone (80 % train, 10 % validation, 10 %
/// test), and so stays the same on every machine and when files are added.
/// </summary>
public static class CorpusBuilder
{
    /// <summary>Reads every .mid and .midi file in a folder and below, and writes the corpus. A file that cannot be used is skipped and reported.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="output">The corpus file to write, over an older one.</param>
    /// <param name="progress">Told after every file, from any thread.</param>
    /// <param name="cancellation">Stops the work; nothing is written then.</param>
    /// <exception cref="InvalidDataException">A MAESTRO table in the folder is broken, or no file could be used.</exception>
    /// <exception cref="IOException">The folder cannot be read, or the output not be written.</exception>
    public static CorpusReport Build(string folder, string output, Action<CorpusProgress>? progress = null, CancellationToken cancellation = default)
    {
        Dictionary<string, (Split Split, string Composer)> index = ReadTables(folder);
        string[] names = [.. FilesOf(folder)
            .Select(path => NameOf(folder, path)).Where(name => !MaestroIndex.IsTrio(name)).Distinct().Order(StringComparer.Ordinal)];
        var pieces = new Piece?[names.Length];
        var reasons = new string?[names.Length];
        int done = 0;
        Parallel.For(0, names.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            try
            {
                var file = MidiFile.Read(Path.Combine(folder, names[i]));
                Piece piece = NoteReader.Read(file);
                pieces[i] = piece.Notes.Count > 0 ? piece : null;
                reasons[i] = piece.Notes.Count > 0 ? null
                    : file.Messages.Any(item => item.Message.IsNoteOn) ? "it has drums only (channel 10), which do not count."
                    : "it has no notes.";
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                reasons[i] = exception.Message;
            }

            progress?.Invoke(new CorpusProgress(Interlocked.Increment(ref done), names.Length, names[i]));
        });

        var writer = new CorpusWriter();
        var skipped = new List<(string Name, string Reason)>();
        var counts = Enum.GetValues<Split>().ToDictionary(split => split, _ => (Pieces: 0, Notes: 0L));
        for (int i = 0; i < names.Length; i++)
        {
            if (pieces[i] is not { } piece)
            {
                skipped.Add((names[i], reasons[i]!));
                continue;
            }

            (Split split, string composer) = index.TryGetValue(names[i], out (Split, string) entry) ? entry : (SplitOf(names[i]), "");
            writer.Add(names[i], composer, split, piece);
            counts[split] = (counts[split].Pieces + 1, counts[split].Notes + piece.Notes.Count);
        }

        if (skipped.Count == names.Length)
        {
            throw new InvalidDataException(names.Length == 0
                ? $"{folder} holds no .mid or .midi file, nor does a folder in it. Choose another folder, or fetch one by `musicrnn dataset fetch maestro-v2`."
                : $"None of the {names.Length} MIDI files in {folder} could be used; choose another folder. The first, {skipped[0].Name}: {skipped[0].Reason}");
        }

        writer.Write(output);
        return new CorpusReport(counts, skipped);
    }

    /// <summary>The .mid and .midi files in a folder and below.</summary>
    public static IEnumerable<string> FilesOf(string folder) => FilesOf(folder, "*.mid").Concat(FilesOf(folder, "*.midi"));

    /// <summary>The split of a file that no table names, by the hash of its path (FNV-1a, 64 bits, of the UTF-8).</summary>
    /// <param name="name">The path within the folder, with '/' between its parts.</param>
    public static Split SplitOf(string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte value in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ value) * 0x100000001B3;
        }

        return (hash % 10) switch
        {
            8 => Split.Validation,
            9 => Split.Test,
            _ => Split.Train,
        };
    }

    private static Dictionary<string, (Split Split, string Composer)> ReadTables(string folder)
    {
        var index = new Dictionary<string, (Split, string)>(StringComparer.Ordinal);
        foreach (string table in FilesOf(folder, "maestro-v*.csv"))
        {
            foreach ((string file, (Split, string) entry) in MaestroIndex.Read(table).Files)
            {
                index[NameOf(folder, Path.Combine(Path.GetDirectoryName(table)!, file))] = entry;
            }
        }

        return index;
    }

    private static IEnumerable<string> FilesOf(string folder, string pattern) => Directory.EnumerateFiles(folder, pattern, new EnumerationOptions
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 32,
        IgnoreInaccessible = true,
        MatchCasing = MatchCasing.CaseInsensitive,
    });

    private static string NameOf(string folder, string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');
}
