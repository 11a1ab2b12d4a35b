namespace MusicRnn.Midi;

/// <summary>
/// Turns the ticks of a MIDI file into nanoseconds by its division and tempos. Sums are kept as whole numbers of a unit
/// that divides both, so that nothing drifts however often the tempo changes.
/// </summary>
internal struct FileClock
{
    private readonly Int128 _numerator; // nanoseconds = units * numerator / denominator
    private readonly Int128 _denominator;
    private readonly bool _smpte;
    private Int128 _units; // at the last tempo change
    private long _tick; // of the last tempo change
    private int _quarter;

    private FileClock(long numerator, long denominator, int quarter, bool smpte)
    {
        _numerator = numerator;
        _denominator = denominator;
        _quarter = quarter;
        _smpte = smpte;
    }

    /// <summary>Ticks are a fraction of a quarter note; its length is 500 000 microseconds until a tempo says otherwise.</summary>
    public static FileClock Metrical(int ticksPerQuarter) => new(1000, ticksPerQuarter, 500_000, false);

    /// <summary>Ticks are a fraction of a frame of film; tempos mean nothing. 29 is 30 frames with two dropped a minute: 30 000 in 1001 seconds.</summary>
    public static FileClock Smpte(int framesPerSecond, int ticksPerFrame) => framesPerSecond == 29
        ? new(1001L * 1_000_000_000, 30_000L * ticksPerFrame, 1, true)
        : new(1_000_000_000, framesPerSecond * (long)ticksPerFrame, 1, true);

    /// <summary>The nearest nanosecond to a tick at or after the last tempo change.</summary>
    public readonly Int128 TimeOf(long tick) => (((_units + ((Int128)(tick - _tick) * _quarter)) * _numerator) + (_denominator / 2)) / _denominator;

    /// <summary>From this tick on a quarter has this length, in microseconds. False where ticks do not follow a tempo.</summary>
    public bool SetQuarter(long tick, int quarter)
    {
        if (_smpte)
        {
            return false;
        }

        _units += (Int128)(tick - _tick) * _quarter;
        _tick = tick;
        _quarter = quarter;
        return true;
    }
}
