namespace MusicRnn.Midi;

/// <summary>
/// Turns nanoseconds into the ticks of a MIDI file that is being written, by its division and the tempos added so far: what
/// <see cref="FileClock"/> reads back as the nearest tick. Sums are kept as whole numbers, so that nothing drifts.
/// </summary>
/// <param name="division">Ticks a quarter note, 1 to 32 767.</param>
/// <param name="quarter">The length of a quarter note at the beginning, in microseconds, 1 to 16 777 215.</param>
internal sealed class TempoMap(int division, int quarter)
{
    private readonly List<Stretch> _stretches = [new Stretch(0, 0, quarter)];

    /// <summary>The length of a quarter note at the beginning, in microseconds.</summary>
    public int FirstQuarter => _stretches[0].Quarter;

    /// <summary>The nearest tick to a time in nanoseconds.</summary>
    public long TickOf(long time)
    {
        int at = _stretches.Count - 1;
        while (at > 0 && Scaled(time) < _stretches[at].Units * 1000)
        {
            at--;
        }

        Stretch stretch = _stretches[at];
        Int128 tick = (Int128)stretch.Quarter * 1000;
        return stretch.Tick + (long)((Scaled(time) - (stretch.Units * 1000) + (tick / 2)) / tick);
    }

    /// <summary>From a tick on, which no earlier one follows, a quarter note has another length, in microseconds.</summary>
    public void Add(long tick, int length)
    {
        Stretch last = _stretches[^1];
        if (tick == last.Tick)
        {
            _stretches.RemoveAt(_stretches.Count - 1);
        }

        _stretches.Add(new Stretch(tick, last.Units + ((Int128)(tick - last.Tick) * last.Quarter), length));
    }

    private Int128 Scaled(long time) => (Int128)time * division;

    /// <summary>A stretch of one tempo: its first tick, and the sum of quarter lengths over the ticks before it.</summary>
    private readonly record struct Stretch(long Tick, Int128 Units, int Quarter);
}
