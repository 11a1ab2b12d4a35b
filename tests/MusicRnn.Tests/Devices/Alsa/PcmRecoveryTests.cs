using MusicRnn.Devices.Alsa;

namespace MusicRnn.Tests.Devices.Alsa;

public sealed class PcmRecoveryTests
{
    private const int NoDevice = -19; // -ENODEV: unplugged
    private readonly PcmRecovery _recovery = new();

    [Fact]
    public void AnUnderrunIsCountedAndTheCardStartedAnew()
    {
        for (int i = 1; i <= 20; i++)
        {
            Assert.Equal(PcmAction.Restart, _recovery.After(LibAsound.BrokenPipe));
            Assert.Equal(i, _recovery.Xruns);
            _recovery.Played();
        }

        Assert.Equal(0, _recovery.Losses);
    }

    [Fact]
    public void ASuspendedCardIsWoken()
    {
        Assert.Equal(PcmAction.Resume, _recovery.After(LibAsound.StreamsPipe));
        Assert.Equal((1, 0), (_recovery.Suspensions, _recovery.Xruns));
        Assert.Equal(PcmAction.Restart, _recovery.After(LibAsound.BadState));
        Assert.Equal(0, _recovery.Xruns);
    }

    [Fact]
    public void ACardThatWentAwayIsLookedForAgain()
    {
        Assert.Equal(PcmAction.Reopen, _recovery.After(NoDevice));
        Assert.Equal(1, _recovery.Losses);
    }

    [Fact]
    public void ACardThatOnlyFailsIsGivenUp()
    {
        PcmAction action = PcmAction.Restart;
        int tries = 0;
        while (action == PcmAction.Restart)
        {
            action = _recovery.After(LibAsound.BrokenPipe);
            tries++;
        }

        Assert.Equal((PcmAction.Reopen, 6), (action, tries));
        Assert.Equal(PcmAction.Restart, _recovery.After(LibAsound.BrokenPipe)); // after opening it anew
    }

    [Fact]
    public void ASignalIsNoFailure()
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(PcmAction.Retry, _recovery.After(LibAsound.Interrupted));
        }

        Assert.Equal((0, 0), (_recovery.Xruns, _recovery.Losses));
    }

    [Fact]
    public void RecoveringDoesNotAllocate()
    {
        _recovery.After(LibAsound.BrokenPipe);
        _recovery.Played();
        long before = GC.GetAllocatedBytesForCurrentThread();
        _recovery.After(LibAsound.BrokenPipe);
        _recovery.After(LibAsound.StreamsPipe);
        _recovery.Played();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
