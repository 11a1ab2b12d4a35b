using MusicRnn.Performance;

namespace MusicRnn.Devices.Jack;

/// <summary>The port <c>midi_in</c> of a <see cref="JackClient"/>.</summary>
public sealed class JackMidiInput : IMidiInput
{
    private readonly JackClient _client;

    internal JackMidiInput(JackClient client) => _client = client;

    /// <inheritdoc/>
    public string Name => $"JACK {_client.Name}:midi_in";

    /// <inheritdoc/>
    public DeviceStatus Status => State.Value;

    /// <inheritdoc/>
    public void Start(PlayerInput player) => _client.Start(player);

    /// <summary>Its status, which the client sets.</summary>
    internal StatusCell State { get; } = new();

    /// <summary>Closes the whole client.</summary>
    public void Dispose() => _client.Dispose();
}
