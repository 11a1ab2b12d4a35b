using FsCheck;
using FsCheck.Fluent;
using MusicRnn.Devices.Alsa;

namespace MusicRnn.Tests.Devices.Alsa;

public sealed class QueueClockTests
{
    private const long Start = 5_000_000_000; // what the clock read when the queue started

    [Fact]
    public void AStampIsTheMomentThatTheKernelSaw()
    {
        QueueClock clock = Compared();
        Assert.Equal(Start + 700_000_000, clock.ToStamp(700_000_000, 0, Start + 700_400_000));
    }

    [Fact]
    public void AStampIsNeverAfterItsReadingNorBeforeTheEarliest()
    {
        QueueClock clock = Compared();
        Assert.Equal(Start + 10, clock.ToStamp(900, Start, Start + 10));
        Assert.Equal(Start + 5_000_000, clock.ToStamp(1_000_000, Start + 5_000_000, Start + 8_000_000));
    }

    [Fact]
    public void AnEventWithoutAStampCameWhenItWasRead() => Assert.Equal(42, Compared().ToStamp(null, 0, 42));

    [Fact]
    public void LateInterruptsDoNotShiftStamps()
    {
        // While an interrupt is late by d, the queue reads d less than it should (Linux, sound/core/seq/seq_timer.c).
        QueueClock clock = new();
        int[] late = [3_000_000, 40_000, 900_000, 20_000, 5_000_000, 60_000, 30_000, 8_000_000];
        for (int i = 0; i < late.Length; i++)
        {
            long now = Start + (i * QueueClock.Interval);
            clock.Compare(now, now - Start - late[i], now);
        }

        long moment = 4 * QueueClock.Interval;
        Assert.Equal(Start + moment + 20_000, clock.ToStamp(moment, 0, long.MaxValue));
    }

    [Fact]
    public void AnInterruptedComparisonIsNotUsed()
    {
        QueueClock clock = Compared();
        clock.Compare(Start + 1_000_000, 1_000_000 + 3_000_000, Start + 9_000_000);
        Assert.Equal(Start + 2_000_000, clock.ToStamp(2_000_000, 0, Start + 3_000_000));
    }

    [Fact]
    public void ADriftingClockIsFollowed()
    {
        QueueClock clock = new();
        long time = 0;
        for (int i = 0; i < 40; i++)
        {
            time = i * QueueClock.Interval;
            clock.Compare(Start + time + (time / 10_000), time, Start + time + (time / 10_000)); // 100 ppm
        }

        Assert.InRange(clock.ToStamp(time, 0, long.MaxValue) - (Start + time + (time / 10_000)), -500_000, 0);
    }

    [Fact]
    public void AJumpOfTheClockIsFollowedAtOnce()
    {
        QueueClock clock = Compared();
        clock.Compare(Start + 60_000_000_000, 1_000_000_000, Start + 60_000_000_000);
        Assert.Equal(Start + 60_000_000_000, clock.ToStamp(1_000_000_000, 0, long.MaxValue));
    }

    [Fact]
    public void NeitherWayTimeGoesBackWhateverTheClocksSay() => Prop.ForAll<int[]>(steps =>
    {
        QueueClock clock = new();
        long now = Start;
        long lastStamp = long.MinValue;
        long lastTime = long.MinValue;
        foreach (int step in steps)
        {
            now += Math.Abs((long)step % 100) * 1_000_000;
            clock.Compare(now, now - Start + (step % 7_000_000), now);
            long stamp = clock.ToStamp(now - Start, now - 3_000_000, now);
            long time = clock.ToQueue(now);
            if (stamp < lastStamp || time < lastTime || stamp > now)
            {
                return false;
            }

            (lastStamp, lastTime) = (stamp, time);
        }

        return true;
    }).QuickCheckThrowOnFailure();

    private static QueueClock Compared()
    {
        QueueClock clock = new();
        clock.Compare(Start, 0, Start);
        return clock;
    }
}
