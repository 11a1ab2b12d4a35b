using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>Plays pieces one after another into one stream of a window, note by note, keeping track of what sounds.</summary>
internal sealed class PieceStream
{
    private readonly int[] _since = new int[NoteEncoding.Pitches]; // frame of the sounding key's onset
    private readonly int[] _until = new int[NoteEncoding.Pitches]; // frame of its release
    private readonly byte[] _recent = new byte[NoteEncoding.Recent];
    private UInt128 _sounding;
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
        Forget();
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
            Forget();
        }

        int onset = piece.Onset[i], pitch = piece.Pitch[i];
        int step = start ? NoteInput.Start : onset - piece.Onset[i - 1];
        window.Start[note] = start;
        window.Step[note] = (byte)NoteEncoding.StepRow(step);
        window.Pitch[note] = piece.Pitch[i];
        window.Velocity[note] = piece.Velocity[i];
        window.Duration[note] = (byte)Grid.BinOf(piece.Release[i] - onset);
        window.PedalDown[note] = (byte)(piece.PedalDown[i] ? 1 : 0);
        window.PedalClass[note] = start ? (sbyte)-1 : piece.PedalClass[i];
        window.Interval[note] = (byte)NoteEncoding.IntervalRow(start ? -1 : _recent[0], pitch);
        WriteSounding(window, note, onset, pitch);
        _since[pitch] = onset;
        _until[pitch] = piece.Release[i];
        _sounding |= UInt128.One << pitch;
        Array.Copy(_recent, 0, _recent, 1, NoteEncoding.Recent - 1);
        _recent[0] = (byte)pitch;
        Array.Copy(_recent, 0, window.Recent, note * NoteEncoding.Recent, NoteEncoding.Recent);
    }

    /// <summary>Writes a note that is none: nothing is learned from it and nothing passes it.</summary>
    public static void WriteNothing(NoteWindow window, int note)
    {
        window.Start[note] = true;
        window.Step[note] = window.Pitch[note] = window.Velocity[note] = window.Duration[note] = window.PedalDown[note] = window.Interval[note] = 0;
        window.PedalClass[note] = -1;
        window.SoundingCount[note] = 0;
        Array.Fill(window.Recent, NoteWindow.NoNote, note * NoteEncoding.Recent, NoteEncoding.Recent);
    }

    private void Forget()
    {
        _sounding = 0;
        Array.Fill(_recent, NoteWindow.NoNote);
    }

    private void WriteSounding(NoteWindow window, int note, int onset, int struck)
    {
        int count = 0;
        for (UInt128 left = _sounding; left != 0; left &= left - 1)
        {
            int pitch = (int)UInt128.TrailingZeroCount(left);
            if (_until[pitch] <= onset)
            {
                _sounding &= ~(UInt128.One << pitch);
            }
            else if (pitch != struck && count < NoteWindow.MostSounding)
            {
                window.Sounding[(note * NoteWindow.MostSounding) + count++] = (ushort)NoteEncoding.SoundingRow(pitch, onset - _since[pitch]);
            }
        }

        window.SoundingCount[note] = (byte)count;
    }
}
