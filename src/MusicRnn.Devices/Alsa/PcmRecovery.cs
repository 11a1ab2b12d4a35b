namespace MusicRnn.Devices.Alsa;

/// <summary>Decides what to do about a sound card's errors, and counts them.</summary>
internal sealed class PcmRecovery
{
    private const int Attempts = 5;
    private int _failures;

    /// <summary>How often the card ran dry.</summary>
    public long Xruns { get; private set; }

    /// <summary>How often the card was suspended.</summary>
    public long Suspensions { get; private set; }

    /// <summary>How often the card went away.</summary>
    public long Losses { get; private set; }

    /// <summary>What to do after an error. A card that fails again and again without playing in between is given up. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <param name="error">The error's negative number.</param>
    public PcmAction After(int error)
    {
        if (error == LibAsound.Interrupted)
        {
            return PcmAction.Retry;
        }

        PcmAction action = error switch
        {
            LibAsound.BrokenPipe or LibAsound.BadState or LibAsound.Again => PcmAction.Restart,
            LibAsound.StreamsPipe => PcmAction.Resume,
            _ => PcmAction.Reopen,
        };
        if (error == LibAsound.BrokenPipe)
        {
            Xruns++;
        }
        else if (error == LibAsound.StreamsPipe)
        {
            Suspensions++;
        }

        if (++_failures > Attempts)
        {
            action = PcmAction.Reopen;
        }

        if (action == PcmAction.Reopen)
        {
            Losses++;
            _failures = 0;
        }

        return action;
    }

    /// <summary>Says that a block was played: the card works. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public void Played() => _failures = 0;
}
