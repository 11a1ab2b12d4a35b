using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace MusicRnn.Training;

/// <summary>
/// A prepared data set, mapped into memory: the notes and pedalling of many pieces in one file, ready to be read as spans.
/// </summary>
/// <remarks>
/// All numbers are little endian. The parts lie one after another, each from a multiple of 8:
/// <code>
/// header   64 bytes  magic "MRNNCORP" | int32 version (1) | int32 pieces | int64 notes | int64 pedal movements
///                    | int64 offset of the notes | int64 offset of the pedal movements | int64 offset of the pieces | int32 length of the text | 4 zero bytes
/// notes    12 each   int32 onset [ms] | int32 duration [ms], above 0 | uint8 pitch, 0-127 | uint8 velocity, 1-127 | 2 zero bytes
/// pedal     8 each   int32 time [ms] | int32 1 for down, 0 for up
/// pieces   40 each   int64 first note | int64 first pedal movement | int32 notes | int32 pedal movements
///                    | int32 where in the text its name begins | int32 length of the name | int32 length of the composer, which follows the name | int32 split (0 train, 1 validation, 2 test)
/// text               UTF-8, to the end of the file
/// </code>
/// Within a piece notes are ordered by onset, then pitch, and no two of one pitch overlap; pedal movements are ordered by time, down and up by turns.
/// </remarks>
public sealed unsafe class Corpus : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long _length;
    private byte* _bytes;
    private CorpusNote* _notes;
    private CorpusPedal* _pedal;

    private Corpus(string path)
    {
        Path = path;
        _length = LinkedFile.Target(path).Length;
        if (_length < sizeof(CorpusHeader))
        {
            throw Broken($"it has {_length} bytes, and its header alone has {sizeof(CorpusHeader)}");
        }

        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, _length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
        try
        {
            Pieces = ReadPieces();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>SHA-256 of the file in lower-case hexadecimal, read anew each time it is asked for.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public string Hash
    {
        get
        {
            using FileStream file = File.OpenRead(Path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
    }

    /// <summary>The pieces, ordered by name.</summary>
    public IReadOnlyList<CorpusPiece> Pieces { get; }

    /// <summary>Maps a file and checks all of it, so that what reads the spans need check nothing.</summary>
    /// <exception cref="InvalidDataException">It is not a corpus, of another version, or broken: the message says where.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Corpus Open(string path) => new(path);

    /// <summary>Unmaps the file.</summary>
    public void Dispose()
    {
        if (_bytes == null)
        {
            return;
        }

        _bytes = null;
        _notes = null;
        _pedal = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    internal ReadOnlySpan<CorpusNote> Notes(long first, int count)
    {
        ObjectDisposedException.ThrowIf(_bytes == null, this);
        return new ReadOnlySpan<CorpusNote>(_notes + first, count);
    }

    internal ReadOnlySpan<CorpusPedal> Pedal(long first, int count)
    {
        ObjectDisposedException.ThrowIf(_bytes == null, this);
        return new ReadOnlySpan<CorpusPedal>(_pedal + first, count);
    }

    private CorpusPiece[] ReadPieces()
    {
        CorpusHeader header = *(CorpusHeader*)_bytes;
        if (header.Magic != CorpusHeader.CurrentMagic)
        {
            throw Broken("it does not begin with MRNNCORP");
        }

        if (header.Version != CorpusHeader.CurrentVersion)
        {
            throw Broken($"it is of version {header.Version}, and version {CorpusHeader.CurrentVersion} is read here");
        }

        CheckPart("notes", header.NotesOffset, header.NoteCount, sizeof(CorpusNote));
        CheckPart("pedal movements", header.PedalOffset, header.PedalCount, sizeof(CorpusPedal));
        CheckPart("pieces", header.PiecesOffset, header.PieceCount, sizeof(CorpusRecord));
        long textOffset = header.PiecesOffset + ((long)header.PieceCount * sizeof(CorpusRecord));
        CheckPart("text", textOffset, header.TextLength, 1);
        _notes = (CorpusNote*)(_bytes + header.NotesOffset);
        _pedal = (CorpusPedal*)(_bytes + header.PedalOffset);
        var records = (CorpusRecord*)(_bytes + header.PiecesOffset);
        var pieces = new CorpusPiece[header.PieceCount];
        for (int i = 0; i < pieces.Length; i++)
        {
            ref readonly CorpusRecord record = ref Unsafe.AsRef<CorpusRecord>(records + i);
            CheckRange(i, "notes", record.FirstNote, record.NoteCount, header.NoteCount);
            CheckRange(i, "pedal movements", record.FirstPedal, record.PedalCount, header.PedalCount);
            CheckRange(i, "text", record.TextOffset, (long)record.NameLength + record.ComposerLength, header.TextLength);
            if (record.NameLength < 0 || record.ComposerLength < 0 || record.Split is < 0 or > (int)Split.Test)
            {
                throw Broken($"piece {i} has a name of {record.NameLength} bytes, a composer of {record.ComposerLength} and split {record.Split}");
            }

            byte* text = _bytes + textOffset + record.TextOffset;
            string name = Encoding.UTF8.GetString(text, record.NameLength);
            string composer = Encoding.UTF8.GetString(text + record.NameLength, record.ComposerLength);
            pieces[i] = new CorpusPiece(this, record, name, composer);
            CheckNotes(pieces[i]);
        }

        return pieces;
    }

    private void CheckPart(string what, long offset, long count, int size)
    {
        if (offset < sizeof(CorpusHeader) || offset > _length || count < 0 || count > (_length - offset) / size || (size > 1 && offset % 8 != 0))
        {
            throw Broken($"its {count} {what} from byte {offset} on do not lie within its {_length} bytes");
        }
    }

    private void CheckRange(int piece, string what, long first, long count, long total)
    {
        if (first < 0 || count < 0 || first > total || count > total - first)
        {
            throw Broken($"piece {piece} has {count} {what} from {first} on, and there are {total}");
        }
    }

    private void CheckNotes(CorpusPiece piece)
    {
        CorpusNote last = default;
        Span<int> releases = stackalloc int[128]; // per pitch
        releases.Clear();
        foreach (ref readonly CorpusNote note in piece.Notes)
        {
            bool ordered = note.Onset > last.Onset || (note.Onset == last.Onset && note.Pitch > last.Pitch) || last.Duration == 0;
            if (!ordered || note.Onset < 0 || note.Duration <= 0 || note.Duration > int.MaxValue - note.Onset || note.Pitch > 127 || note.Velocity is 0 or > 127 || note.Onset < releases[note.Pitch])
            {
                throw Broken($"piece \"{piece.Name}\" has the note {note} after {last}");
            }

            last = note;
            releases[note.Pitch] = note.Onset + note.Duration;
        }

        var lastMove = new CorpusPedal(0, false);
        foreach (ref readonly CorpusPedal move in piece.Pedal)
        {
            if (move.Time < lastMove.Time || move.Down == lastMove.Down)
            {
                throw Broken($"piece \"{piece.Name}\" has the pedal movement {move} after {lastMove}");
            }

            lastMove = move;
        }
    }

    private InvalidDataException Broken(string what) => new($"{Path} is not a sound corpus: {what}. `musicrnn dataset prepare` makes one of a folder of MIDI files.");
}
