using MusicRnn.Performance;

namespace MusicRnn.Devices.Jack;

/// <summary>The ports <c>out_l</c> and <c>out_r</c> of a <see cref="JackClient"/>.</summary>
public sealed class JackAudioOutput : IAudioOutput
{
    private readonly JackClient _client;
    private long _latency;
    private OutputLane? _lane;

    internal JackAudioOutput(JackClient client) => _client = client;

    /// <inheritdoc/>
    public string Name => $"JACK {_client.Name}:out_l, out_r";

    /// <inheritdoc/>
    public DeviceStatus Status => State.Value;

    /// <inheritdoc/>
    public int SampleRate => _client.SampleRate;

    /// <inheritdoc/>
    public int BlockFrames => _client.BlockFrames;

    /// <summary>From a message's stamp to its sound leaving the server's hardware, as the server tells, in nanoseconds. What comes in is stamped a cycle after it was played.</summary>
    public long Latency => Volatile.Read(ref _latency);

    /// <inheritdoc/>
    public long Xruns => _client.Xruns;

    /// <summary>What is to be heard; null before the start.</summary>
    internal OutputLane? Lane => Volatile.Read(ref _lane);

    /// <summary>Makes the instrument; null before the start.</summary>
    internal Func<int, IInstrument>? Instruments { get; private set; }

    /// <summary>The rate that the instrument was made for; 0 before there is one.</summary>
    internal int InstrumentRate { get; set; }

    /// <inheritdoc/>
    public void Start(OutputLane lane, Func<int, IInstrument> instruments) => _client.Start(lane, instruments);

    /// <inheritdoc/>
    public void Reload() => _client.MakeInstrument();

    /// <summary>Its status, which the client sets.</summary>
    internal StatusCell State { get; } = new();

    /// <summary>Closes the whole client.</summary>
    public void Dispose() => _client.Dispose();

    /// <summary>Keeps what is to be heard and what sounds it. The client holds its gate.</summary>
    internal void Attach(OutputLane lane, Func<int, IInstrument> instruments)
    {
        Instruments = instruments;
        Volatile.Write(ref _lane, lane);
    }

    internal void SetLatency(long latency) => Volatile.Write(ref _latency, latency);
}
