namespace MusicRnn.Model;

/// <summary>Which of some classes came of late, later ones counting more: a player keeps a key, a tempo and a touch for a while.</summary>
/// <param name="classes">How many classes there are.</param>
/// <param name="kept">What is kept of every count whenever one more is counted, 0-1.</param>
/// <param name="spread">What a class adds to the counts of those at each distance from it, its own first.</param>
internal sealed class RecentCounts(int classes, double kept, params double[] spread)
{
    private readonly double[] _counts = new double[classes];
    private readonly byte[] _levels = new byte[classes];

    /// <summary>How often each class and its neighbours came, 0-15, as <see cref="NoteEncoding.FrequencyLevel"/> has it, [classes]; all 0 before the first.</summary>
    public ReadOnlySpan<byte> Levels => _levels;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _counts.AsSpan().Clear();
        _levels.AsSpan().Clear();
    }

    /// <summary>Becomes a copy. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void CopyFrom(RecentCounts other)
    {
        other._counts.CopyTo(_counts, 0);
        other._levels.CopyTo(_levels, 0);
    }

    /// <summary>Counts a class; the levels stay until <see cref="Weigh"/>. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Add(int index)
    {
        foreach (ref double count in _counts.AsSpan())
        {
            count *= kept;
        }

        for (int i = Math.Max(0, index - spread.Length + 1); i < Math.Min(_counts.Length, index + spread.Length); i++)
        {
            _counts[i] += spread[Math.Abs(i - index)];
        }
    }

    /// <summary>Brings the levels up to date. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Weigh()
    {
        double most = 0;
        foreach (double count in _counts)
        {
            most = Math.Max(most, count);
        }

        if (most == 0)
        {
            return;
        }

        for (int i = 0; i < _levels.Length; i++)
        {
            _levels[i] = NoteEncoding.FrequencyLevel(_counts[i] / most);
        }
    }
}
