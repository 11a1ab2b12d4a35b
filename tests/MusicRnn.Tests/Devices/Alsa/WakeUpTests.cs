using MusicRnn.Devices;
using MusicRnn.Devices.Alsa;

namespace MusicRnn.Tests.Devices.Alsa;

public sealed class WakeUpTests
{
    private const long Long = 20_000_000_000;

    [Fact]
    public void ASignalFromAnyThreadEndsTheWait()
    {
        WakeUp wakeUp = new();
        wakeUp.Claim();
        for (int i = 0; i < 50; i++)
        {
            wakeUp.Reset();
            Thread other = new(wakeUp.Signal);
            other.Start();
            long before = MonotonicClock.Instance.Now;
            wakeUp.Wait(-1, Long);
            Assert.InRange(MonotonicClock.Instance.Now - before, 0, Long - 1);
            other.Join();
        }
    }

    [Fact]
    public void WaitingAndWakingDoNotAllocate()
    {
        WakeUp wakeUp = new();
        Turn(10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Turn(1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Turn(int times)
        {
            for (int i = 0; i < times; i++)
            {
                wakeUp.Signal();
                wakeUp.Wait(-1, Long);
                wakeUp.Reset();
            }
        }
    }
}
