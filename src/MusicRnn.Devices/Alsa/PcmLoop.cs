using MusicRnn.Performance;

namespace MusicRnn.Devices.Alsa;

/// <summary>
/// What the audio thread does, turn by turn: waits until the card has room, renders what the lane holds for the block, and plays it.
/// While there is no card, it lets the time go by in blocks that nobody hears, so that nothing piles up, and looks for the card every second.
/// </summary>
/// <remarks>A block is about the time that has just passed: whatever belongs to it has come. So a message is heard after the card's buffer and
/// <see cref="BlockClock.Margin"/>, always the same time after its stamp, however evenly the card asks for its blocks.</remarks>
internal sealed class PcmLoop : IDisposable
{
    private const long Second = 1_000_000_000;
    private const int StallMilliseconds = 100;
    private const int Stalls = 30; // then the card is closed and opened again
    private const int MaxPeriod = 8192;
    private readonly IClock _clock;
    private readonly AlsaAudioOptions _options;
    private readonly PcmRecovery _recovery = new();
    private readonly float[] _left = new float[MaxPeriod];
    private readonly float[] _right = new float[MaxPeriod];
    private Pcm? _pcm;
    private BlockClock _blocks;
    private LaneRenderer? _renderer;
    private readonly Lock _making = new(); // of the instrument; never on the way of a block
    private OutputLane? _lane;
    private Func<int, IInstrument>? _instruments;
    private bool _knowsRate;
    private bool _keepsTime;
    private bool _isResuming;
    private int _stalls;
    private int _rate;
    private long _retryAt;
    private long _xruns;
    private double _latency;

    /// <summary>Looks for the card at the first turn.</summary>
    public PcmLoop(IClock clock, AlsaAudioOptions options)
    {
        _clock = clock;
        _options = options;
        _rate = options.SampleRate;
        _blocks = new BlockClock(_rate, options.PeriodFrames * options.Periods, long.MinValue);
    }

    /// <summary>The card; null while there is none.</summary>
    public Pcm? Card => Volatile.Read(ref _pcm);

    /// <summary>Why there is no card.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>How often the card ran dry.</summary>
    public long Xruns => Volatile.Read(ref _xruns);

    /// <summary>From a stamp to its sound, in nanoseconds, as measured while it plays; 0 before.</summary>
    public long Latency => (long)Volatile.Read(ref _latency);

    /// <summary>From now on renders what a lane holds, by an instrument that is made for the card's rate: now, or when the card is there. Any thread that may allocate.</summary>
    public void Start(OutputLane lane, Func<int, IInstrument> instruments)
    {
        lock (_making)
        {
            _instruments = instruments;
            Volatile.Write(ref _lane, lane);
            if (_knowsRate)
            {
                MakeInstrument();
            }
        }
    }

    /// <summary>Makes the instrument anew. Any thread that may allocate.</summary>
    public void Reload()
    {
        lock (_making)
        {
            if (_renderer is not null)
            {
                MakeInstrument();
            }
        }
    }

    /// <summary>Plays what there is room for, or waits a while for it. Only where the card is opened anew does it allocate. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <returns>Whether the card came or went.</returns>
    public bool Turn()
    {
        if (_pcm is null)
        {
            return TurnWithoutCard();
        }

        int result = _isResuming ? ResumeCard(_pcm) : Play(_pcm);
        return result < 0 && Recover(_pcm, result);
    }

    /// <summary>Lets what sounds die away within a block, and closes the card when that was heard.</summary>
    public void Finish()
    {
        if (_pcm is Pcm pcm && _renderer is not null && _keepsTime && pcm.Wait(StallMilliseconds) > 0)
        {
            Span<float> left = _left.AsSpan(0, pcm.PeriodFrames);
            Span<float> right = _right.AsSpan(0, pcm.PeriodFrames);
            _blocks.Next(left.Length, _clock.Now);
            Render(left, right);
            for (int i = 0; i < left.Length; i++)
            {
                float fade = 1 - ((i + 1f) / left.Length);
                left[i] *= fade;
                right[i] *= fade;
            }

            if (pcm.Write(left, right) >= 0)
            {
                _clock.SleepUntil(_clock.Now + (pcm.BufferFrames * Second / pcm.Rate));
            }
        }

        Dispose();
    }

    /// <summary>Closes the card at once.</summary>
    public void Dispose()
    {
        _pcm?.Dispose();
        Volatile.Write(ref _pcm, null);
    }

    private int Play(Pcm pcm)
    {
        int ready = pcm.Wait(StallMilliseconds);
        if (ready < 0)
        {
            return ready;
        }

        if (ready == 0)
        {
            return Stall();
        }

        if (_stalls > 0)
        {
            _stalls = 0;
            _blocks.Restart();
        }

        long available = pcm.Available();
        if (available < 0)
        {
            return (int)available;
        }

        int period = pcm.PeriodFrames;
        long now = _clock.Now;
        if (available < period)
        {
            // Woken early: some plug-ins do that again and again.
            _clock.SleepUntil(now + ((period - available) * Second / pcm.Rate));
            return 0;
        }

        Span<float> left = _left.AsSpan(0, period);
        Span<float> right = _right.AsSpan(0, period);
        for (; available >= period; available -= period)
        {
            if (_keepsTime)
            {
                _blocks.Next(period, now - ((available - period) * Second / pcm.Rate));
            }
            else
            {
                _blocks.NextWithoutCard(period, _clock.Now);
                _clock.SleepUntil(_blocks.Ready);
            }

            Render(left, right);
            int result = pcm.Write(left, right);
            if (result < 0)
            {
                return result;
            }

            _recovery.Played();
        }

        Measure(pcm);
        return 0;
    }

    /// <summary>The card takes nothing, as when a sound server holds its streams: the time goes by unheard.</summary>
    private int Stall()
    {
        if (++_stalls > Stalls)
        {
            return LibAsound.TimedOut;
        }

        PassUntil(_clock.Now);
        return 0;
    }

    /// <summary>Renders the time up to a stamp for nobody.</summary>
    private void PassUntil(long stamp)
    {
        int frames = Math.Min(MaxPeriod, _rate / 100);
        while (_blocks.Ready + (frames * Second / _rate) <= stamp)
        {
            _blocks.NextWithoutCard(frames, stamp);
            Render(_left.AsSpan(0, frames), _right.AsSpan(0, frames));
        }
    }

    private void Render(Span<float> left, Span<float> right)
    {
        if (Volatile.Read(ref _renderer) is LaneRenderer renderer)
        {
            renderer.Render(new FrameTime(_blocks.End - (left.Length * Second / _rate), _rate), 0, left, right);
            return;
        }

        left.Clear();
        right.Clear();
        Volatile.Read(ref _lane)?.Discard(_blocks.End);
    }

    /// <summary>Makes the instrument for the card's rate, or its successor. Under the lock.</summary>
    private void MakeInstrument()
    {
        IInstrument instrument = _instruments!(_rate);
        if (_renderer is LaneRenderer renderer)
        {
            renderer.Exchange(instrument);
        }
        else
        {
            Volatile.Write(ref _renderer, new LaneRenderer(_lane!, instrument));
        }
    }

    private void Measure(Pcm pcm)
    {
        long delay = _keepsTime ? pcm.Delay() : pcm.BufferFrames;
        if (delay >= 0)
        {
            double latency = _clock.Now - _blocks.End + (delay * (double)Second / pcm.Rate);
            Volatile.Write(ref _latency, _latency == 0 ? latency : _latency + ((latency - _latency) / 64));
        }
    }

    private int ResumeCard(Pcm pcm)
    {
        PassUntil(_clock.Now);
        if (pcm.Resume() == LibAsound.Again)
        {
            _clock.SleepUntil(_clock.Now + (Second / 50));
            return 0;
        }

        // Awake again, or a card that cannot go on where it was: in both cases what it held is stale.
        _isResuming = false;
        return LibAsound.BadState;
    }

    private bool Recover(Pcm pcm, int error)
    {
        PcmAction action = _recovery.After(error);
        Volatile.Write(ref _xruns, _recovery.Xruns);
        _blocks.Restart();
        switch (action)
        {
            case PcmAction.Restart:
                int result = pcm.Restart();
                return result < 0 && Recover(pcm, result);
            case PcmAction.Resume:
                _isResuming = true;
                return false;
            case PcmAction.Reopen:
                Lose(new AlsaException("snd_pcm_writei", _options.Device, error).Message);
                return true;
            default:
                return false;
        }
    }

    private void Lose(string fault)
    {
        Dispose();
        Fault = fault;
        _isResuming = false;
        _retryAt = _clock.Now + Second;
    }

    private bool TurnWithoutCard()
    {
        long now = _clock.Now;
        if (now >= _retryAt)
        {
            TryOpen();
            if (_pcm is not null)
            {
                return true;
            }
        }

        _clock.SleepUntil(now + (Second / 100));
        PassUntil(_clock.Now);
        return false;
    }

    /// <summary>Goes once through what a turn does while nothing plays yet, for the first time that code runs it is also compiled, which takes longer than a block.</summary>
    private void Rehearse(Pcm pcm)
    {
        BlockClock blocks = new(pcm.Rate, pcm.BufferFrames, long.MinValue);
        blocks.Next(1, 0);
        blocks.Next(1, 0);
        pcm.Wait(0);
        pcm.Available();
        pcm.Delay();
        pcm.Write([], []);
        if (_renderer is LaneRenderer renderer)
        {
            renderer.Render(new FrameTime(_blocks.End, pcm.Rate), 0, [], []);
        }
    }

    /// <summary>Opens the card, if it is there; on the audio thread, or before that runs.</summary>
    public void TryOpen()
    {
        Pcm? pcm = null;
        try
        {
            pcm = new Pcm(_options);
            if (pcm.PeriodFrames > MaxPeriod)
            {
                throw new AlsaException("snd_pcm_hw_params", $"{_options.Device}: periods of {pcm.PeriodFrames} frames", LibAsound.NoSpace);
            }

            lock (_making)
            {
                bool isOther = !_knowsRate || pcm.Rate != _rate;
                _knowsRate = true;
                _rate = pcm.Rate;
                if (isOther && _lane is not null)
                {
                    MakeInstrument();
                }
            }

            Rehearse(pcm);
            AlsaException.Check(pcm.Restart(), "snd_pcm_start", _options.Device);

            // A card that has room at once for all that it was just given is none: it swallows whatever it gets.
            _keepsTime = pcm.Available() < pcm.BufferFrames;
            _stalls = 0;
            _blocks = new BlockClock(pcm.Rate, pcm.BufferFrames, _blocks.End);
            _latency = 0;
            Volatile.Write(ref _pcm, pcm);
        }
        catch (AlsaException exception)
        {
            pcm?.Dispose();
            Lose(exception.Message);
        }
    }
}
