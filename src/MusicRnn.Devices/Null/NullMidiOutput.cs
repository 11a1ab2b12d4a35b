using MusicRnn.Performance;

namespace MusicRnn.Devices.Null;

/// <summary>A receiver that nobody listens to: what is due is taken, as by any other, and dropped.</summary>
public sealed class NullMidiOutput : IMidiOutput, ISteppedDevice
{
    private readonly TimedMessage[] _due = new TimedMessage[256];
    private OutputLane? _lane;

    /// <inheritdoc/>
    public string Name => "no MIDI output";

    /// <inheritdoc/>
    public DeviceStatus Status { get; } = new(DeviceState.Running, "nothing goes out");

    /// <inheritdoc/>
    public long Ahead => 0;

    /// <inheritdoc/>
    public IReadOnlyList<string> Receivers => [];

    /// <inheritdoc/>
    public void Start(OutputLane lane) => _lane = lane;

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
