using MusicRnn.Performance;

namespace MusicRnn.Devices.Alsa;

/// <summary>The port <c>MusicRnn In</c> of the sequencer's client.</summary>
internal sealed class AlsaMidiInput : IMidiInput
{
    private readonly AlsaMidi _client;
    private DeviceStatus _status = new(DeviceState.Waiting, "");

    public AlsaMidiInput(AlsaMidi client, string name)
    {
        _client = client;
        Name = name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public DeviceStatus Status => Volatile.Read(ref _status);

    /// <inheritdoc/>
    public void Start(PlayerInput player) => _client.Start(player);

    /// <summary>Closes the client, with both its ports.</summary>
    public void Dispose() => _client.Dispose();

    internal void Report(DeviceStatus status) => Volatile.Write(ref _status, status);
}
