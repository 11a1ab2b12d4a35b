namespace MusicRnn.Devices.Alsa;

/// <summary>
/// Gives each block that a sound card takes its place in the performance's time. The card wakes its thread now sooner, now later;
/// a second-order loop (F. Adriaensen, "Using a DLL to filter time", 2005) finds the even pace behind that, so that messages keep their spacing when they are heard.
/// </summary>
internal sealed class BlockClock
{
    /// <summary>How long a message may take from its stamp to the lane, in nanoseconds: blocks end so long before the moment they are rendered.</summary>
    public const long Margin = 1_000_000;

    private const double Bandwidth = 0.2; // Hz: what is slower than this is the card's own pace
    private const double MaxDrift = 2e-3; // no card's crystal is this far off
    private readonly double _nominal;
    private readonly long _limit;
    private double _nanoseconds; // of a frame, as the card's pace is now
    private double _ready;
    private bool _started;

    /// <summary>For a card.</summary>
    /// <param name="rate">Frames a second.</param>
    /// <param name="bufferFrames">The frames of its buffer: where block and card are further apart than this, the card stopped meanwhile.</param>
    /// <param name="end">The end of the block before, if there was one.</param>
    public BlockClock(int rate, int bufferFrames, long end)
    {
        End = end;
        _nominal = 1e9 / rate;
        _nanoseconds = _nominal;
        _limit = (long)(bufferFrames * _nominal);
    }

    /// <summary>The end of the block, in nanoseconds of the performance's clock. Never goes back.</summary>
    public long End { get; private set; }

    /// <summary>When there was room for the block, at an even pace.</summary>
    public long Ready => (long)_ready;

    /// <summary>Says that the card starts anew: the next block's moment is taken as it is. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public void Restart() => _started = false;

    /// <summary>Goes on to the next block of a card. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <param name="frames">Its frames.</param>
    /// <param name="ready">When the card had room for it, in nanoseconds.</param>
    public void Next(int frames, long ready)
    {
        double error = ready - (_ready + (frames * _nanoseconds));
        if (!_started || Math.Abs(error) > _limit)
        {
            _started = true;
            _nanoseconds = _nominal;
            _ready = ready;
        }
        else
        {
            double omega = 2 * Math.PI * Bandwidth * frames * _nominal * 1e-9;
            _ready += (frames * _nanoseconds) + (Math.Sqrt(2) * omega * error);
            _nanoseconds += omega * omega * error / frames;
            _nanoseconds = Math.Clamp(_nanoseconds, _nominal * (1 - MaxDrift), _nominal * (1 + MaxDrift));
        }

        End = Math.Max(End, (long)_ready - Margin);
    }

    /// <summary>Goes on to the next block of a card that keeps no time of its own, from a moment on that is now at first. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public void NextWithoutCard(int frames, long now)
    {
        _ready = _started && Math.Abs(now - _ready) < 1e9 ? _ready + (frames * _nominal) : now;
        _started = true;
        End = Math.Max(End, (long)_ready - Margin);
    }
}
