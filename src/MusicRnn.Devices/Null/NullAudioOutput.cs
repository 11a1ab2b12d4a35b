using MusicRnn.Performance;

namespace MusicRnn.Devices.Null;

/// <summary>A loudspeaker that is switched off: what is due is taken and dropped, and nothing is rendered.</summary>
public sealed class NullAudioOutput : IAudioOutput, ISteppedDevice
{
    private readonly TimedMessage[] _due = new TimedMessage[256];
    private OutputLane? _lane;

    /// <inheritdoc/>
    public string Name => "no audio output";

    /// <inheritdoc/>
    public DeviceStatus Status { get; } = new(DeviceState.Running, "nothing is heard");

    /// <inheritdoc/>
    public int SampleRate => 48_000;

    /// <inheritdoc/>
    public int BlockFrames => 0;

    /// <inheritdoc/>
    public long Latency => 0;

    /// <inheritdoc/>
    public long Xruns => 0;

    /// <inheritdoc/>
    public long Ahead => 0;

    /// <summary>From now on takes what the lane holds; no instrument is made.</summary>
    public void Start(OutputLane lane, Func<int, IInstrument> instruments) => _lane = lane;

    /// <inheritdoc/>
    public void Reload()
    {
    }

    /// <inheritdoc/>
    public void Step(long until)
    {
        while (_lane?.Collect(until, _due) == _due.Length)
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
