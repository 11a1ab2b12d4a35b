using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

public class RingTests
{
    [Fact]
    public void EverythingArrivesOnceAndInOrder()
    {
        const int Count = 300_000;
        Ring<(long, long)> ring = new(256);
        long refused = 0;
        Thread writer = new(() =>
        {
            for (long i = 0; i < Count;)
            {
                if (ring.TryWrite((i, -i)))
                {
                    i++;
                }
                else
                {
                    refused++;
                    Thread.Yield();
                }
            }
        });
        writer.Start();
        for (long expected = 0; expected < Count;)
        {
            if (ring.TryPeek(out (long, long) peeked))
            {
                Assert.True(ring.TryRead(out (long, long) read));
                Assert.Equal((expected, -expected), read);
                Assert.Equal(peeked, read);
                expected++;
            }
        }

        writer.Join();
        Assert.Equal(refused, ring.Drops);
        Assert.Equal(0, ring.Count);
    }

    [Fact]
    public void AFullRingRefusesAndCounts()
    {
        Ring<int> ring = new(4);
        Assert.Equal([true, true, true, true, false, false], Enumerable.Range(0, 6).Select(i => ring.TryWrite(i)));
        Assert.Equal(2, ring.Drops);
        Assert.Equal(4, ring.Count);
        Assert.True(ring.TryRead(out int first));
        Assert.Equal(0, first);
        Assert.True(ring.TryWrite(9));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-4)]
    [InlineData(100)]
    public void ACapacityIsAPowerOfTwo(int capacity) => Assert.Throws<ArgumentOutOfRangeException>(() => new Ring<int>(capacity));
}
