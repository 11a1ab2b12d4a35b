namespace MusicRnn.Performance;

/// <summary>The clock that a performance runs by: every stamp in it is a reading of this clock.</summary>
public interface IClock
{
    /// <summary>Nanoseconds, never going back. Any thread; allocates nothing, locks nothing.</summary>
    long Now { get; }

    /// <summary>Blocks until the clock reads the stamp, or a little later. Never on an audio or device callback thread.</summary>
    void SleepUntil(long stamp);
}
