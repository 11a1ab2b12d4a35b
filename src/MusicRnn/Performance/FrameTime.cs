namespace MusicRnn.Performance;

/// <summary>
/// Between frames of a sample rate and stamps of a clock: a frame's stamp is its beginning, rounded down to the nanosecond;
/// a stamp's frame is the first that does not begin before it. So a frame goes to its stamp and back unchanged.
/// </summary>
/// <param name="Origin">The stamp of frame 0, in nanoseconds.</param>
/// <param name="Rate">Frames a second.</param>
public readonly record struct FrameTime(long Origin, int Rate)
{
    private const long Second = 1_000_000_000;

    /// <summary>The stamp of a frame, in nanoseconds. Allocates nothing.</summary>
    public long StampOf(long frame)
    {
        long seconds = Math.DivRem(frame, Rate, out long rest);
        return Origin + (seconds * Second) + (rest * Second / Rate);
    }

    /// <summary>The first frame that does not begin before a stamp. Allocates nothing.</summary>
    public long FrameAt(long stamp)
    {
        long seconds = Math.DivRem(stamp - Origin, Second, out long rest);
        if (rest < 0)
        {
            seconds--;
            rest += Second;
        }

        return (seconds * Rate) + (((rest * Rate) + Second - 1) / Second);
    }
}
