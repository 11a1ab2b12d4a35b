using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using MusicRnn.Notes;

namespace MusicRnn.Training;

/// <summary>Gathers pieces and writes them as a <see cref="Corpus"/> file.</summary>
public sealed class CorpusWriter
{
    private const long Millisecond = 1_000_000;

    private readonly List<(string Name, string Composer, Split Split, CorpusNote[] Notes, CorpusPedal[] Pedal)> _pieces = [];

    /// <summary>Adds a piece. Its times are rounded to milliseconds; of two notes of one pitch that then begin at one time
    /// the later released stays, as loud as the louder, and a key struck again while it is down ends its older note.</summary>
    /// <param name="name">Its path, with '/' between its parts.</param>
    /// <param name="composer">Its composer, or empty.</param>
    /// <param name="split">What it is for.</param>
    /// <param name="piece">Its notes, beginning at 0 or later and ending within 24 days.</param>
    public void Add(string name, string composer, Split split, Piece piece) =>
        _pieces.Add((name, composer, split, ToNotes(piece.Notes), ToPedal(piece.Pedal)));

    /// <summary>Writes the file, which appears whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string path)
    {
        _pieces.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        WholeFile.Write(path, to =>
        {
            using var stream = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20);
            Write(stream);
        });
    }

    private void Write(Stream stream)
    {
        var text = new MemoryStream();
        var records = new CorpusRecord[_pieces.Count];
        var header = new CorpusHeader { Magic = CorpusHeader.CurrentMagic, Version = CorpusHeader.CurrentVersion, PieceCount = records.Length };
        for (int i = 0; i < records.Length; i++)
        {
            (string name, string composer, Split split, CorpusNote[] notes, CorpusPedal[] pedal) = _pieces[i];
            byte[] nameBytes = Encoding.UTF8.GetBytes(name);
            byte[] composerBytes = Encoding.UTF8.GetBytes(composer);
            records[i] = new CorpusRecord
            {
                FirstNote = header.NoteCount,
                FirstPedal = header.PedalCount,
                NoteCount = notes.Length,
                PedalCount = pedal.Length,
                TextOffset = (int)text.Length,
                NameLength = nameBytes.Length,
                ComposerLength = composerBytes.Length,
                Split = (int)split,
            };
            text.Write(nameBytes);
            text.Write(composerBytes);
            header.NoteCount += notes.Length;
            header.PedalCount += pedal.Length;
        }

        header.NotesOffset = Unsafe.SizeOf<CorpusHeader>();
        header.PedalOffset = Align(header.NotesOffset + (header.NoteCount * Unsafe.SizeOf<CorpusNote>()));
        header.PiecesOffset = header.PedalOffset + (header.PedalCount * Unsafe.SizeOf<CorpusPedal>());
        header.TextLength = (int)text.Length;
        stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<CorpusHeader>(in header)));
        _pieces.ForEach(piece => stream.Write(MemoryMarshal.AsBytes<CorpusNote>(piece.Notes)));
        stream.Write(new byte[header.PedalOffset - header.NotesOffset - (header.NoteCount * Unsafe.SizeOf<CorpusNote>())]);
        _pieces.ForEach(piece => stream.Write(MemoryMarshal.AsBytes<CorpusPedal>(piece.Pedal)));
        stream.Write(MemoryMarshal.AsBytes<CorpusRecord>(records));
        text.WriteTo(stream);
    }

    private static long Align(long offset) => (offset + 7) & ~7L;

    private static int ToMilliseconds(long time) => checked((int)((time + (Millisecond / 2)) / Millisecond));

    private static CorpusNote[] ToNotes(IReadOnlyList<Note> notes)
    {
        var rounded = new List<CorpusNote>(notes.Count);
        foreach (Note note in notes)
        {
            int onset = ToMilliseconds(note.Onset);
            rounded.Add(new CorpusNote(onset, Math.Max(1, ToMilliseconds(note.Release) - onset), note.Pitch, note.Velocity));
        }

        rounded.Sort(static (a, b) => (a.Onset, a.Pitch, a.Duration).CompareTo((b.Onset, b.Pitch, b.Duration)));
        var kept = new List<CorpusNote>(rounded.Count);
        Span<int> latest = stackalloc int[128]; // per pitch, 1 + the index of its latest note
        latest.Clear();
        foreach (CorpusNote note in rounded)
        {
            ref int last = ref latest[note.Pitch];
            if (last > 0 && kept[last - 1].Onset == note.Onset)
            {
                kept[last - 1] = note with { Velocity = Math.Max(note.Velocity, kept[last - 1].Velocity) };
                continue;
            }

            if (last > 0)
            {
                CorpusNote before = kept[last - 1];
                kept[last - 1] = before with { Duration = Math.Min(before.Duration, note.Onset - before.Onset) };
            }

            kept.Add(note);
            last = kept.Count;
        }

        return [.. kept];
    }

    private static CorpusPedal[] ToPedal(IReadOnlyList<PedalChange> pedal) =>
        [.. pedal.Select(change => new CorpusPedal(ToMilliseconds(change.Time), change.Down))];
}
