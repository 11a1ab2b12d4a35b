namespace MusicRnn.Performance;

/// <summary>A clock that stands until it is moved: for tests, and for playing faster than time. Sleeping moves it.</summary>
public sealed class VirtualClock : IClock
{
    private long _now;

    /// <summary>Makes a clock that reads a stamp.</summary>
    public VirtualClock(long now = 0) => _now = now;

    /// <inheritdoc/>
    public long Now => Volatile.Read(ref _now);

    /// <summary>Moves the clock forward to a stamp, at once. A stamp that has passed changes nothing.</summary>
    public void SleepUntil(long stamp) => Volatile.Write(ref _now, Math.Max(_now, stamp));
}
