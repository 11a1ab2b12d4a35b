using FsCheck;
using FsCheck.Fluent;
using MusicRnn.Devices.Alsa;

namespace MusicRnn.Tests.Devices.Alsa;

public sealed class BlockClockTests
{
    private const int Rate = 48000;
    private const int Frames = 256;
    private const int Buffer = 768;
    private const double Block = Frames * 1e9 / Rate;

    [Fact]
    public void UnevenWakingGivesEvenBlocks()
    {
        BlockClock clock = New();
        Random random = new(1);
        List<long> ends = [];
        for (int i = 0; i < 4000; i++)
        {
            clock.Next(Frames, 1_000_000_000 + (long)(i * Block) + random.Next(0, 2_000_000)); // woken up to 2 ms late
            ends.Add(clock.End);
        }

        IEnumerable<double> lengths = ends.Zip(ends.Skip(1), (a, b) => (double)(b - a)).Skip(1000);
        Assert.All(lengths, length => Assert.InRange(length, Block - 25_000, Block + 25_000)); // one frame is 20833 ns
    }

    [Theory]
    [InlineData(1.0005)]
    [InlineData(0.9995)]
    public void TheCardsOwnPaceIsFollowed(double pace)
    {
        BlockClock clock = New();
        long ready = 0;
        for (int i = 0; i < 8000; i++)
        {
            ready = 1_000_000_000 + (long)(i * Block * pace);
            clock.Next(Frames, ready);
        }

        Assert.InRange(clock.End - (ready - BlockClock.Margin), -20_000, 20_000);
    }

    [Fact]
    public void ABlockEndsAMarginBeforeItsMoment()
    {
        BlockClock clock = New();
        clock.Next(Frames, 1_000_000_000);
        Assert.Equal(1_000_000_000 - BlockClock.Margin, clock.End);
    }

    [Fact]
    public void AfterAStopTheTimeIsTheCardsAgain()
    {
        BlockClock clock = New();
        clock.Next(Frames, 1_000_000_000);
        clock.Next(Frames, 1_500_000_000);
        Assert.Equal(1_500_000_000 - BlockClock.Margin, clock.End);
    }

    [Fact]
    public void TheEndNeverGoesBack() => Prop.ForAll<int[]>(jitters =>
    {
        BlockClock clock = New();
        long before = long.MinValue;
        long now = 1_000_000_000;
        foreach (int jitter in jitters)
        {
            now += (long)Block;
            if (jitter % 11 == 0)
            {
                clock.Restart();
            }

            if (jitter % 5 == 0)
            {
                clock.NextWithoutCard(Frames, now);
            }
            else
            {
                clock.Next(Frames, now + (jitter % 30_000_000));
            }

            if (clock.End < before)
            {
                return false;
            }

            before = clock.End;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void WithoutACardTheBlocksFollowEachOtherExactly()
    {
        BlockClock clock = New();
        clock.NextWithoutCard(Frames, 1_000_000_000);
        long first = clock.End;
        for (int i = 0; i < 300; i++)
        {
            clock.NextWithoutCard(Frames, 1_000_000_000 + (i * 5_000_000L)); // late or early, as threads are
        }

        Assert.InRange(clock.End - first - (300 * Block), -1, 1);
    }

    private static BlockClock New() => new(Rate, Buffer, long.MinValue);
}
