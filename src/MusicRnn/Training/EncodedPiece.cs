using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>A piece on the network's grid: 10 ms frames, notes ordered by frame, then pitch.</summary>
public sealed class EncodedPiece
{
    private EncodedPiece(int notes)
    {
        Onset = new int[notes];
        Release = new int[notes];
        Pitch = new byte[notes];
        Velocity = new byte[notes];
        PedalDown = new bool[notes];
        PedalClass = new sbyte[notes];
    }

    /// <summary>The number of notes.</summary>
    public int Count => Onset.Length;

    /// <summary>Frame of each onset.</summary>
    public int[] Onset { get; }

    /// <summary>Frame of each key's release, at least one after its onset.</summary>
    public int[] Release { get; }

    /// <summary>Pitch index, 0-87.</summary>
    public byte[] Pitch { get; }

    /// <summary>Velocity level, 0-31.</summary>
    public byte[] Velocity { get; }

    /// <summary>Whether the pedal is down at the onset's frame.</summary>
    public bool[] PedalDown { get; }

    /// <summary>Class of what the pedal did since the note before; -1 where no frame lies between.</summary>
    public sbyte[] PedalClass { get; }

    /// <summary>Puts a piece on the grid.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="transpose">Semitones up; left out where a note would leave the piano.</param>
    /// <param name="tempo">Times are multiplied by this.</param>
    /// <param name="louder">Velocity levels up.</param>
    public static EncodedPiece Encode(CorpusPiece piece, int transpose = 0, double tempo = 1, int louder = 0)
    {
        ReadOnlySpan<CorpusNote> notes = piece.Notes;
        var encoded = new EncodedPiece(notes.Length);
        int lowest = 87, highest = 0;
        foreach (ref readonly CorpusNote note in notes)
        {
            int pitch = NoteEncoding.PitchIndex(note.Pitch);
            lowest = Math.Min(lowest, pitch);
            highest = Math.Max(highest, pitch);
        }

        if (lowest + transpose < 0 || highest + transpose >= NoteEncoding.Pitches)
        {
            transpose = 0;
        }

        var order = new (int Frame, int Pitch, int Index)[notes.Length];
        for (int i = 0; i < notes.Length; i++)
        {
            order[i] = (FrameOf(notes[i].Onset, tempo), NoteEncoding.PitchIndex(notes[i].Pitch) + transpose, i);
        }

        Array.Sort(order);
        for (int i = 0; i < order.Length; i++)
        {
            ref readonly CorpusNote note = ref notes[order[i].Index];
            encoded.Onset[i] = order[i].Frame;
            encoded.Release[i] = Math.Max(order[i].Frame + 1, FrameOf(note.Onset + note.Duration, tempo));
            encoded.Pitch[i] = (byte)order[i].Pitch;
            encoded.Velocity[i] = (byte)Math.Clamp(NoteEncoding.VelocityIndex(note.Velocity) + louder, 0, NoteEncoding.Velocities - 1);
        }

        encoded.EncodePedal(piece.Pedal, tempo);
        return encoded;
    }

    private static int FrameOf(int milliseconds, double tempo) => (int)Grid.FrameOf((long)(milliseconds * tempo * 1e6));

    private void EncodePedal(ReadOnlySpan<CorpusPedal> pedal, double tempo)
    {
        int next = 0, previous = 0;
        bool down = false;
        for (int i = 0; i < Count; i++)
        {
            int onset = Onset[i];
            bool wasDown = down;
            int lift = -1, press = -1;
            for (; next < pedal.Length && FrameOf(pedal[next].Time, tempo) <= onset; next++)
            {
                int frame = FrameOf(pedal[next].Time, tempo);
                down = pedal[next].Down;
                if (down)
                {
                    press = frame;
                }
                else
                {
                    lift = frame;
                }
            }

            PedalDown[i] = down;
            int step = onset - previous;
            previous = onset;
            if (i == 0 || step == 0)
            {
                PedalClass[i] = -1;
                continue;
            }

            // What happened in between and was undone again is left out.
            PedalMove move = (wasDown, down) switch
            {
                (true, false) => PedalMove.Lift,
                (false, true) => PedalMove.Press,
                (true, true) when lift >= 0 => PedalMove.Change,
                _ => PedalMove.None,
            };
            double first = ((move == PedalMove.Press ? press : lift) - (onset - step)) / (double)step;
            double second = (press - (onset - step)) / (double)step;
            PedalClass[i] = (sbyte)NoteEncoding.PedalClass(move, first, second);
        }
    }
}
