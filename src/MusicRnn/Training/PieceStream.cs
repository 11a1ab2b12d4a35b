using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>Plays pieces one after another into one stream of a window, note by note, keeping track of what sounds.</summary>
internal sealed class PieceStream
{
    private readonly NoteContext _context = new();
    private readonly int[] _release = new int[NoteEncoding.Pitches]; // frame that each key that is down comes up in
    private EncodedPiece? _piece;
    private int[] _cuts = [];
    private int _nextCut;

    /// <summary>The number of the piece in the order of drawing; -1 before the first.</summary>
    public long Draw { get; private set; } = -1;

    /// <summary>The next note of the piece.</summary>
    public int Position { get; private set; }

    /// <summary>Whether a piece is at hand and has notes left.</summary>
    public bool HasNotes => _piece is not null && Position < _piece.Count;

    /// <summary>Begins a piece.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="draw">Its number in the order of drawing.</param>
    /// <param name="cuts">Notes before which everything is forgotten, ascending: a player may begin anywhere.</param>
    public void Begin(EncodedPiece piece, long draw, int[] cuts)
    {
        _piece = piece;
        _cuts = cuts;
        _nextCut = 0;
        Draw = draw;
        Position = 0;
        _context.Reset();
    }

    /// <summary>Writes the next note into a window.</summary>
    public void Write(NoteWindow window, int note)
    {
        EncodedPiece piece = _piece!;
        int i = Position++;
        bool start = i == 0;
        if (_nextCut < _cuts.Length && _cuts[_nextCut] == i)
        {
            _nextCut++;
            start = true;
            _context.Reset();
        }

        int onset = piece.Onset[i], pitch = piece.Pitch[i];
        int step = start ? NoteInput.Start : onset - piece.Onset[i - 1];
        window.Start[note] = start;
        window.Step[note] = (byte)NoteEncoding.StepRow(step);
        window.Pitch[note] = piece.Pitch[i];
        window.Velocity[note] = piece.Velocity[i];
        window.Duration[note] = (byte)Grid.BinOf(piece.Release[i] - onset);
        window.Onset[note] = onset;
        window.Release[note] = piece.Release[i];
        window.PedalClass[note] = start ? (sbyte)-1 : piece.PedalClass[i];
        window.Repeat[note] = _context.Repeat;
        _context.Votes.CopyTo(window.VotesOf(note));
        _context.StepLevels.CopyTo(window.StepLevelsOf(note));
        _context.DurationLevels.CopyTo(window.DurationLevelsOf(note));
        window.Neighbours[note] = _context.NeighboursOf(pitch);
        Release(onset);
        window.RowCount[note] = (byte)_context.Hear(
            step, pitch, piece.Velocity[i], piece.PedalDown[i], onset, window.Rows.AsSpan(note * NoteContext.MostRows, NoteContext.MostRows));
        _release[pitch] = piece.Release[i];
        for (int back = 0; back < NoteEncoding.Recent; back++)
        {
            int recent = _context.Recent(back);
            window.Recent[(note * NoteEncoding.Recent) + back] = recent < 0 ? NoteWindow.NoNote : (byte)recent;
        }
    }

    /// <summary>Writes a note that is none: nothing is learned from it and nothing passes it.</summary>
    public static void WriteNothing(NoteWindow window, int note)
    {
        window.Start[note] = true;
        window.Step[note] = window.Pitch[note] = window.Velocity[note] = window.Duration[note] = window.RowCount[note] = 0;
        window.Onset[note] = window.Release[note] = 0;
        window.PedalClass[note] = -1;
        window.Repeat[note] = Repeat.None;
        window.VotesOf(note).Clear();
        window.StepLevelsOf(note).Clear();
        window.DurationLevelsOf(note).Clear();
        window.Neighbours[note] = Neighbours.None;
        Array.Fill(window.Recent, NoteWindow.NoNote, note * NoteEncoding.Recent, NoteEncoding.Recent);
    }

    /// <summary>The keys come up that are up by a frame.</summary>
    private void Release(int frame)
    {
        for (UInt128 down = _context.Down; down != 0; down &= down - 1)
        {
            int pitch = (int)UInt128.TrailingZeroCount(down);
            if (_release[pitch] <= frame)
            {
                _context.Release(pitch, _release[pitch]);
            }
        }
    }
}
