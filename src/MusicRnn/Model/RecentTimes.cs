namespace MusicRnn.Model;

/// <summary>Which of <see cref="Grid"/>'s bins came of late, later ones counting more: a player keeps a tempo and a touch for a while.</summary>
internal sealed class RecentTimes
{
    private const double Kept = 0.95; // of a count at each time that is added: half is forgotten after 14
    private static readonly double[] Spread = [1, 0.5, 0.25]; // by distance: no player is exact

    private readonly double[] _counts = new double[Grid.Bins];
    private readonly byte[] _levels = new byte[Grid.Bins];

    /// <summary>How often each bin and its neighbours came, 0-15, as <see cref="NoteEncoding.FrequencyLevel"/> has it, [<see cref="Grid.Bins"/>]; all 0 before the first.</summary>
    public ReadOnlySpan<byte> Levels => _levels;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _counts.AsSpan().Clear();
        _levels.AsSpan().Clear();
    }

    /// <summary>Becomes a copy. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void CopyFrom(RecentTimes other)
    {
        other._counts.CopyTo(_counts, 0);
        other._levels.CopyTo(_levels, 0);
    }

    /// <summary>Counts a bin; the levels stay until <see cref="Weigh"/>. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Add(int bin)
    {
        foreach (ref double count in _counts.AsSpan())
        {
            count *= Kept;
        }

        for (int i = Math.Max(0, bin - Spread.Length + 1); i < Math.Min(Grid.Bins, bin + Spread.Length); i++)
        {
            _counts[i] += Spread[Math.Abs(i - bin)];
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

        for (int bin = 0; bin < Grid.Bins; bin++)
        {
            _levels[bin] = NoteEncoding.FrequencyLevel(_counts[bin] / most);
        }
    }
}
