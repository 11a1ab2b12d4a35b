using FsCheck;
using FsCheck.Fluent;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

public class FrameTimeTests
{
    [Theory]
    [InlineData(44_100)]
    [InlineData(48_000)]
    [InlineData(96_000)]
    [InlineData(192_000)]
    public void AFrameGoesToItsStampAndBackUnchanged(int rate)
    {
        FrameTime time = new(123_456_789_123, rate);
        Prop.ForAll(
            Gen.Choose(0, rate - 1).ToArbitrary(),
            Gen.Choose(-1, 365 * 86_400).ToArbitrary(),
            (rest, seconds) => time.FrameAt(time.StampOf(((long)seconds * rate) + rest)) == ((long)seconds * rate) + rest).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void AStampBetweenFramesBelongsToTheNext()
    {
        FrameTime time = new(1000, 48_000);
        Assert.Equal(1, time.FrameAt(1001));
        Assert.Equal(0, time.FrameAt(1000));
        Assert.Equal(0, time.FrameAt(999));
        Assert.Equal(-1, time.FrameAt(1000 - 20_834));
        Assert.Equal(20_833 + 1000, time.StampOf(1));
    }
}
