using MusicRnn.Performance;

namespace MusicRnn.Devices.Alsa;

/// <summary>The port <c>MusicRnn Out</c> of the sequencer's client.</summary>
internal sealed class AlsaMidiOutput : IMidiOutput
{
    private readonly AlsaMidi _client;
    private DeviceStatus _status = new(DeviceState.Waiting, "");

    public AlsaMidiOutput(AlsaMidi client, string name)
    {
        _client = client;
        Name = name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public DeviceStatus Status => Volatile.Read(ref _status);

    /// <inheritdoc/>
    public IReadOnlyList<string> Receivers => _client.Receivers;

    /// <inheritdoc/>
    public void Start(OutputLane lane) => _client.Start(lane);

    /// <summary>Closes the client, with both its ports.</summary>
    public void Dispose() => _client.Dispose();

    internal void Report(DeviceStatus status) => Volatile.Write(ref _status, status);
}
