using MusicRnn.Model;

namespace MusicRnn.Performance;

/// <summary>
/// What the model expects next, for those who watch: when, and which key. The improviser's thread writes it whenever a note was
/// fed, without waiting for anybody; any other thread reads what was whole.
/// </summary>
public sealed class Expectation
{
    private const int LikelySteps = 4; // the pitches are those of the likeliest steps: one look each
    private readonly float[] _steps = new float[Grid.Bins];
    private readonly float[] _pitches = new float[NoteEncoding.Pitches];
    private long _from;
    private int _version; // odd while it is written
    private bool _watched;

    /// <summary>Whether anybody watches; nothing is written where nobody does. Any thread.</summary>
    public bool IsWatched
    {
        get => Volatile.Read(ref _watched);
        set => Volatile.Write(ref _watched, value);
    }

    /// <summary>Reads it, where it is another than was read before. Any thread; allocates nothing, waits for nothing.</summary>
    /// <param name="seen">What was read last, 0 for nothing; becomes what is read now.</param>
    /// <param name="steps">The probability of each bin of the <see cref="Grid"/>.</param>
    /// <param name="pitches">The probability of each key, from <see cref="NoteEncoding.LowestPitch"/> up.</param>
    /// <param name="from">The stamp that steps count from.</param>
    /// <returns>False where there is nothing new, or it is being written: look again later.</returns>
    public bool TryRead(ref int seen, Span<float> steps, Span<float> pitches, out long from)
    {
        int version = Volatile.Read(ref _version);
        from = Volatile.Read(ref _from);
        if (version == seen || (version & 1) != 0)
        {
            return false;
        }

        _steps.CopyTo(steps);
        _pitches.CopyTo(pitches);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _version) != version)
        {
            return false;
        }

        seen = version;
        return true;
    }

    /// <summary>Writes what follows from a state. [improviser-thread] allocates nothing, locks nothing, waits for nothing.</summary>
    internal void Write(Predictor predictor, NetworkState state, long from)
    {
        Span<double> steps = stackalloc double[Grid.Bins];
        Span<double> pitches = stackalloc double[NoteEncoding.Pitches];
        Span<double> sum = stackalloc double[NoteEncoding.Pitches];
        sum.Clear();
        predictor.Steps(state, steps);
        Interlocked.Increment(ref _version);
        for (int bin = 0; bin < Grid.Bins; bin++)
        {
            _steps[bin] = (float)steps[bin];
        }

        double total = 0;
        for (int look = 0; look < LikelySteps; look++)
        {
            int likeliest = 0;
            for (int bin = 1; bin < Grid.Bins; bin++)
            {
                likeliest = steps[bin] > steps[likeliest] ? bin : likeliest;
            }

            double share = steps[likeliest];
            steps[likeliest] = -1;
            predictor.Pitches(state, likeliest, pitches);
            total += share;
            for (int pitch = 0; pitch < pitches.Length; pitch++)
            {
                sum[pitch] += share * pitches[pitch];
            }
        }

        for (int pitch = 0; pitch < sum.Length; pitch++)
        {
            _pitches[pitch] = (float)(sum[pitch] / total);
        }

        Volatile.Write(ref _from, from);
        Interlocked.Increment(ref _version);
    }
}
