using System.Globalization;
using MusicRnn.Performance;

namespace MusicRnn.Devices.Alsa;

/// <summary>
/// Playback on a sound card of ALSA, on a thread of its own. The card may be absent, go away and come back: it is looked for every second.
/// </summary>
public sealed class AlsaAudio : IAudioOutput
{
    private const int Priority = 70; // above the sequencer's thread: a late block is heard, a late message hardly
    private readonly PcmLoop _loop;
    private readonly AlsaAudioOptions _options;
    private readonly Thread _thread;
    private DeviceStatus _status;
    private bool _stopping;
    private bool _wasThere;

    /// <summary>Opens the card, if it is there. Never throws for what the machine lacks: the status says so.</summary>
    /// <param name="clock">The performance's clock.</param>
    /// <param name="options">Which card, and how.</param>
    public AlsaAudio(IClock clock, AlsaAudioOptions options)
    {
        _options = options;
        _loop = new PcmLoop(clock, options);
        _thread = new Thread(Run) { Name = "ALSA audio", IsBackground = true };
        if (!LibAsound.IsLoaded)
        {
            _status = new DeviceStatus(DeviceState.Finished, $"{AlsaBackend.MissingLibrary} {AlsaBackend.GetLibrary}");
            return;
        }

        _loop.TryOpen();
        _status = Describe();
        _thread.Start();
    }

    /// <inheritdoc/>
    public string Name => $"ALSA {_options.Device}";

    /// <inheritdoc/>
    public DeviceStatus Status => Volatile.Read(ref _status);

    /// <inheritdoc/>
    public int SampleRate => _loop.Card?.Rate ?? 0;

    /// <inheritdoc/>
    public int BlockFrames => _loop.Card?.PeriodFrames ?? 0;

    /// <summary>From a message's stamp to its sound leaving the card: the card's buffer and a millisecond for the way to it, and whatever the card
    /// tells of its own; as measured once it plays. In nanoseconds; 0 while the card is not there.</summary>
    public long Latency => _loop.Card is not Pcm card ? 0
        : _loop.Latency > 0 ? _loop.Latency
        : BlockClock.Margin + (card.BufferFrames * 1_000_000_000L / card.Rate);

    /// <inheritdoc/>
    public long Xruns => _loop.Xruns;

    /// <inheritdoc/>
    public void Start(OutputLane lane, Func<int, IInstrument> instruments) => _loop.Start(lane, instruments);

    /// <inheritdoc/>
    public void Reload() => _loop.Reload();

    /// <summary>Lets what sounds die away within a block and closes the card.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _stopping, true);
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        Volatile.Write(ref _status, new DeviceStatus(DeviceState.Finished, $"{Name} is closed."));
    }

    private void Run()
    {
        RealTimePriority.TryRaise(Priority);
        while (!Volatile.Read(ref _stopping))
        {
            if (_loop.Turn())
            {
                Volatile.Write(ref _status, Describe());
            }
        }

        _loop.Finish();
    }

    private DeviceStatus Describe()
    {
        if (_loop.Card is Pcm card)
        {
            _wasThere = true;
            string format = card.Format switch { PcmFormat.Float => "float", PcmFormat.Int => "32 bits", _ => "16 bits" };
            return new DeviceStatus(DeviceState.Running, string.Create(
                CultureInfo.InvariantCulture, $"{Name}: {card.Rate} Hz, {format}, {card.PeriodFrames} frames at a time, {card.BufferFrames} in its buffer."));
        }

        return new DeviceStatus(
            _wasThere ? DeviceState.Lost : DeviceState.Waiting,
            $"{_loop.Fault}. It is looked for every second. {AlsaBackend.AudioRemedy(_options.Device)}");
    }
}
