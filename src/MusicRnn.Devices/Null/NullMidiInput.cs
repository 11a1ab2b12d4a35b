using MusicRnn.Performance;

namespace MusicRnn.Devices.Null;

/// <summary>A keyboard that nobody plays.</summary>
public sealed class NullMidiInput : IMidiInput
{
    /// <inheritdoc/>
    public string Name => "no MIDI input";

    /// <inheritdoc/>
    public DeviceStatus Status { get; } = new(DeviceState.Running, "nothing comes in");

    /// <inheritdoc/>
    public void Start(PlayerInput player) => player.CompleteWithin(0);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
