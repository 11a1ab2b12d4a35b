using MusicRnn.Performance;

namespace MusicRnn.Devices.Jack;

/// <summary>The port <c>midi_out</c> of a <see cref="JackClient"/>.</summary>
public sealed class JackMidiOutput : IMidiOutput
{
    private readonly JackClient _client;

    internal JackMidiOutput(JackClient client) => _client = client;

    /// <inheritdoc/>
    public string Name => $"JACK {_client.Name}:midi_out";

    /// <inheritdoc/>
    public DeviceStatus Status => State.Value;

    /// <inheritdoc/>
    public IReadOnlyList<string> Receivers => _client.ReceiverNames;

    /// <inheritdoc/>
    public void Start(OutputLane lane) => _client.Start(lane);

    /// <summary>Its status, which the client sets.</summary>
    internal StatusCell State { get; } = new();

    /// <summary>Closes the whole client.</summary>
    public void Dispose() => _client.Dispose();
}
