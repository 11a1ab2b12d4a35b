using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>
/// The notes that attention looks back at: of each stream those of a window, after the <see cref="AttentionTensors.Past"/> before it. The note at position p of stream b stands at
/// p * streams + b; the window's own begin at position <see cref="AttentionTensors.Past"/>.
/// </summary>
internal sealed class NotePast
{
    /// <summary>Floats that a note takes in a checkpoint.</summary>
    private const int Kept = 10;
    private const int NotYet = int.MaxValue;
    private const int Half = 1 << 16; // frames

    private readonly int _steps;
    private readonly int _streams;
    private readonly bool[] _start;
    private readonly int[] _onset;
    private readonly int[] _release;
    private readonly int[] _ended; // the position of the note at which it had ended
    private bool _isEmpty; // no note came yet: the first is a start, whatever it says
    private bool _isFilled; // the window's positions hold notes that are yet to become the past

    /// <summary>Makes a past in which nothing was played.</summary>
    public NotePast(int steps, int streams)
    {
        _steps = steps;
        _streams = streams;
        int notes = (AttentionTensors.Past + steps + 1) * streams;
        Step = new byte[notes];
        Pitch = new byte[notes];
        Velocity = new byte[notes];
        Bin = new byte[notes];
        First = new int[steps * streams];
        _start = new bool[notes];
        _onset = new int[notes];
        _release = new int[notes];
        _ended = new int[notes];
        Reset();
    }

    /// <summary>As <see cref="NoteWindow.Step"/>.</summary>
    public byte[] Step { get; }

    /// <summary>As <see cref="NoteWindow.Pitch"/>.</summary>
    public byte[] Pitch { get; }

    /// <summary>As <see cref="NoteWindow.Velocity"/>.</summary>
    public byte[] Velocity { get; }

    /// <summary>Bin of the duration of each note that has ended.</summary>
    public byte[] Bin { get; }

    /// <summary>For each note of the window that something follows, the first position that attention may look up; there is none if it is the note's own.</summary>
    public int[] First { get; }

    /// <summary>The number of floats that <see cref="Save"/> writes.</summary>
    public static long KeptLength(int streams) => (long)Kept * AttentionTensors.Past * streams;

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        Array.Fill(_start, true);
        Array.Fill(_ended, NotYet);
        _isEmpty = true;
        _isFilled = false;
    }

    /// <summary>The row of durations for a note, as it is known at the note of some position: its bin, or that of a key still down.</summary>
    public int DurationRow(int note, int position) => _ended[note] <= position ? Bin[note] : AttentionTensors.SoundingRow;

    /// <summary>Takes the notes of a window; those of the last one become the past.</summary>
    public void Take(NoteWindow window)
    {
        Shift();
        for (int stream = 0; stream < _streams; stream++)
        {
            for (int step = 0; step <= _steps; step++)
            {
                Add(window, stream, step);
            }

            int first = 0;
            for (int position = 0; position < AttentionTensors.Past + _steps; position++)
            {
                if (_start[(position * _streams) + stream])
                {
                    first = position; // what lies before it was another passage
                }

                int step = position - AttentionTensors.Past;
                if (step >= 0)
                {
                    First[(step * _streams) + stream] = Math.Max(first, step);
                }
            }
        }

        _isEmpty = false;
        _isFilled = true;
    }

    /// <summary>Copies out what the next window will find before it.</summary>
    public void Save(Span<float> kept)
    {
        if (_isEmpty)
        {
            kept.Clear();
            return;
        }

        int count = AttentionTensors.Past * _streams, from = _isFilled ? _steps : 0;
        for (int i = 0; i < count; i++)
        {
            // A float holds 24 bits: frames go in two.
            int note = (from * _streams) + i, ended = _ended[note] == NotYet ? -1 : _ended[note] - from;
            (int onset, int onsetRest) = Math.DivRem(_onset[note], Half);
            (int release, int releaseRest) = Math.DivRem(_release[note], Half);
            ((ReadOnlySpan<float>)[Step[note], Pitch[note], Velocity[note], Bin[note], _start[note] ? 1 : 0, onset, onsetRest, release, releaseRest, ended]).CopyTo(kept[(Kept * i)..]);
        }
    }

    /// <summary>Whether <see cref="Save"/> could have given this: notes of a damaged checkpoint would be looked up in no table.</summary>
    public static bool IsSound(ReadOnlySpan<float> kept)
    {
        ReadOnlySpan<float> most = [Grid.Bins, NoteEncoding.Pitches - 1, NoteEncoding.Velocities - 1, Grid.Bins - 1, 1, Half - 1, Half - 1, Half - 1, Half - 1, AttentionTensors.Past];
        for (int i = 0; i < kept.Length; i++)
        {
            if (!float.IsInteger(kept[i]) || kept[i] > most[i % Kept] || kept[i] < (i % Kept == Kept - 1 ? -1 : 0))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes back what <see cref="Save"/> gave, and <see cref="IsSound"/> found sound.</summary>
    public void Restore(ReadOnlySpan<float> kept)
    {
        Reset();
        if (kept.IndexOfAnyExcept(0f) < 0)
        {
            return; // nothing was played yet
        }

        _isEmpty = false;
        for (int note = 0; note < AttentionTensors.Past * _streams; note++)
        {
            ReadOnlySpan<float> of = kept.Slice(Kept * note, Kept);
            (Step[note], Pitch[note], Velocity[note], Bin[note]) = ((byte)of[0], (byte)of[1], (byte)of[2], (byte)of[3]);
            (_start[note], _onset[note], _release[note]) = (of[4] != 0, ((int)of[5] * Half) + (int)of[6], ((int)of[7] * Half) + (int)of[8]);
            _ended[note] = of[9] < 0 ? NotYet : (int)of[9];
        }
    }

    /// <summary>The window's notes move to where the past ends.</summary>
    private void Shift()
    {
        if (!_isFilled)
        {
            return;
        }

        int by = _steps * _streams, count = (AttentionTensors.Past + 1) * _streams;
        Array.Copy(Step, by, Step, 0, count);
        Array.Copy(Pitch, by, Pitch, 0, count);
        Array.Copy(Velocity, by, Velocity, 0, count);
        Array.Copy(Bin, by, Bin, 0, count);
        Array.Copy(_start, by, _start, 0, count);
        Array.Copy(_onset, by, _onset, 0, count);
        Array.Copy(_release, by, _release, 0, count);
        for (int i = 0; i < count; i++)
        {
            _ended[i] = _ended[i + by] == NotYet ? NotYet : _ended[i + by] - _steps;
        }
    }

    private void Add(NoteWindow window, int stream, int step)
    {
        int from = (step * _streams) + stream, position = AttentionTensors.Past + step, note = (position * _streams) + stream;
        (Step[note], Pitch[note], Velocity[note], Bin[note]) = (window.Step[from], window.Pitch[from], window.Velocity[from], 0);
        (_start[note], _onset[note], _release[note], _ended[note]) = (window.Start[from] || (_isEmpty && step == 0), window.Onset[from], window.Release[from], NotYet);

        // Keys that came up by now, and the one that is struck again.
        for (int back = 1; back <= AttentionTensors.Past && !_start[note - ((back - 1) * _streams)]; back++)
        {
            int other = note - (back * _streams);
            if (_ended[other] == NotYet && (_release[other] <= _onset[note] || Pitch[other] == Pitch[note]))
            {
                _ended[other] = position;
                Bin[other] = (byte)AttentionTensors.DurationRow(_onset[other], _release[other], _onset[note]);
            }
        }
    }
}
