using MusicRnn.Devices;

namespace MusicRnn.Tests.Devices;

public class MonotonicClockTests
{
    [Fact]
    public void SleepingWakesNotBeforeTheStamp()
    {
        MonotonicClock clock = MonotonicClock.Instance;
        for (int i = 0; i < 20; i++)
        {
            long until = clock.Now + 1_000_000;
            clock.SleepUntil(until);
            Assert.True(clock.Now >= until);
        }

        clock.SleepUntil(0);
        clock.SleepUntil(-5);
    }

    [Fact]
    public void ItCountsNanoseconds() => Assert.Equal(1_000_000_000, System.Diagnostics.Stopwatch.Frequency);
}
