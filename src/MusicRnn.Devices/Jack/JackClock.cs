using MusicRnn.Performance;

namespace MusicRnn.Devices.Jack;

/// <summary>
/// The clock of a JACK server's frames, carried on by the monotonic clock between cycles and while there is no server: it
/// never stops, never goes back, and does not jump when a server comes or goes.
/// </summary>
/// <remarks>The process thread sets it each cycle; anyone reads it, and reads again where the two met.</remarks>
public sealed class JackClock : IClock
{
    private const long LongestSleep = 100_000_000; // the two clocks part slowly: look again
    private long _version; // odd while it is being set
    private long _monotonic;
    private long _stamp;
    private long _last;

    internal JackClock() => _monotonic = _stamp = _last = MonotonicClock.Read();

    /// <inheritdoc/>
    public long Now
    {
        get
        {
            long now = StampAt(MonotonicClock.Read());
            long last = Volatile.Read(ref _last);
            while (now > last)
            {
                long seen = Interlocked.CompareExchange(ref _last, now, last);
                if (seen == last)
                {
                    return now;
                }

                last = seen;
            }

            return last;
        }
    }

    /// <inheritdoc/>
    public void SleepUntil(long stamp)
    {
        for (long left = stamp - Now; left > 0; left = stamp - Now)
        {
            MonotonicClock.Instance.SleepUntil(MonotonicClock.Read() + Math.Min(left, LongestSleep));
        }
    }

    /// <summary>The stamp that belongs to a moment of the monotonic clock. Allocates nothing, locks nothing.</summary>
    internal long StampAt(long monotonic)
    {
        while (true)
        {
            long version = Volatile.Read(ref _version);
            long stamp = Volatile.Read(ref _stamp) + (monotonic - Volatile.Read(ref _monotonic));
            if ((version & 1) == 0 && Interlocked.CompareExchange(ref _version, version, version) == version)
            {
                return stamp;
            }
        }
    }

    /// <summary>Says which stamp belongs to a moment of the monotonic clock, from now on. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    internal void Set(long monotonic, long stamp)
    {
        Interlocked.Increment(ref _version);
        Volatile.Write(ref _monotonic, monotonic);
        Volatile.Write(ref _stamp, stamp);
        Interlocked.Increment(ref _version);
    }
}
