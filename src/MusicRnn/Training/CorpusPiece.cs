using MusicRnn.Notes;

namespace MusicRnn.Training;

/// <summary>One piece of an open <see cref="Corpus"/>. Its spans lie in the mapped file: they are gone once the corpus is disposed of.</summary>
public sealed class CorpusPiece
{
    private readonly Corpus _corpus;
    private readonly CorpusRecord _record;

    internal CorpusPiece(Corpus corpus, in CorpusRecord record, string name, string composer)
    {
        _corpus = corpus;
        _record = record;
        Name = name;
        Composer = composer;
    }

    /// <summary>The path of the MIDI file within the folder that the corpus was made of, with '/' between its parts.</summary>
    public string Name { get; }

    /// <summary>The composer, or empty where nobody said.</summary>
    public string Composer { get; }

    /// <summary>What the piece is for.</summary>
    public Split Split => (Split)_record.Split;

    /// <summary>The notes, ordered by onset, then pitch; no two of one pitch overlap.</summary>
    /// <exception cref="ObjectDisposedException">The corpus was disposed of.</exception>
    public ReadOnlySpan<CorpusNote> Notes => _corpus.Notes(_record.FirstNote, _record.NoteCount);

    /// <summary>The piece as it is played: times in nanoseconds.</summary>
    public Piece ToPiece()
    {
        const long Millisecond = 1_000_000;
        var notes = new List<Note>(Notes.Length);
        foreach (ref readonly CorpusNote note in Notes)
        {
            notes.Add(new Note(note.Onset * Millisecond, note.Duration * Millisecond, note.Pitch, note.Velocity));
        }

        var pedal = new List<PedalChange>(Pedal.Length);
        foreach (ref readonly CorpusPedal move in Pedal)
        {
            pedal.Add(new PedalChange(move.Time * Millisecond, move.Down));
        }

        return new Piece(notes, pedal);
    }

    /// <summary>The pedal's movements, ordered by time; down and up alternate, the first is down.</summary>
    /// <exception cref="ObjectDisposedException">The corpus was disposed of.</exception>
    public ReadOnlySpan<CorpusPedal> Pedal => _corpus.Pedal(_record.FirstPedal, _record.PedalCount);
}
