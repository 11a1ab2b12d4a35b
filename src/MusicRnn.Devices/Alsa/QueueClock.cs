namespace MusicRnn.Devices.Alsa;

/// <summary>
/// Relates the time of a sequencer queue to the performance's clock. The kernel's queue counts from its timer's last interrupt
/// and falls behind while one is late, so the smallest difference of the last few readings is the true one.
/// </summary>
internal sealed class QueueClock
{
    /// <summary>How often to compare the clocks, in nanoseconds.</summary>
    public const long Interval = 500_000_000;

    private const long Unsure = 200_000; // a comparison that took longer than this was interrupted
    private const long Jump = 20_000_000;
    private readonly long[] _offsets = new long[8]; // the last 4 s: a difference in speed of 100 ppm is 0.4 ms by then
    private int _count;
    private int _next;
    private long _offset;
    private long _lastStamp = long.MinValue;
    private long _lastTime;

    /// <summary>Takes a reading of the queue. [device-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <param name="before">The clock before it, in nanoseconds.</param>
    /// <param name="time">The queue's time, in nanoseconds from its start.</param>
    /// <param name="after">The clock after it.</param>
    public void Compare(long before, long time, long after)
    {
        if (after - before > Unsure && _count > 0)
        {
            return;
        }

        long offset = before + ((after - before) / 2) - time;
        if (_count > 0 && Math.Abs(offset - _offset) > Jump)
        {
            _count = 0;
        }

        if (_count == 0)
        {
            _next = 0;
        }

        _offsets[_next] = offset;
        _next = (_next + 1) % _offsets.Length;
        _count = Math.Min(_count + 1, _offsets.Length);
        _offset = long.MaxValue;
        for (int i = 0; i < _count; i++)
        {
            _offset = Math.Min(_offset, _offsets[i]);
        }
    }

    /// <summary>The stamp of an event that was received at a time of the queue. Never after now, never before an earlier event's. [device-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <param name="time">The queue's time, or null when the event was not stamped: it is then taken to have come now.</param>
    /// <param name="earliest">No stamp is before this one.</param>
    /// <param name="now">The clock's reading.</param>
    public long ToStamp(long? time, long earliest, long now)
    {
        long stamp = time is long known ? Math.Clamp(known + _offset, Math.Min(earliest, now), now) : now;
        return _lastStamp = Math.Max(_lastStamp, stamp);
    }

    /// <summary>The queue's time for an event that is due at a stamp. Never before an earlier event's, so that the order stays
    /// when the clocks are compared anew. [device-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public long ToQueue(long stamp) => _lastTime = Math.Max(_lastTime, stamp - _offset);
}
