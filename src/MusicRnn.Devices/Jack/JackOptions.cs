namespace MusicRnn.Devices.Jack;

/// <summary>How MusicRnn appears on a JACK server, and what it connects itself to.</summary>
public sealed record JackOptions
{
    /// <summary>The client's name; default <c>MusicRnn</c>. The server adds a number when it is taken.</summary>
    public string ClientName { get; init; } = "MusicRnn";

    /// <summary>The server's name; null (default) for the one that JACK itself would choose, by JACK_DEFAULT_SERVER or <c>default</c>.</summary>
    public string? Server { get; init; }

    /// <summary>Parts of the names of ports to hear; null (default) for every MIDI port of hardware, empty for none.</summary>
    public IReadOnlyList<string>? MidiFrom { get; init; }

    /// <summary>Parts of the names of ports to send MIDI to; empty (default) for none: a DAW connects itself.</summary>
    public IReadOnlyList<string> MidiTo { get; init; } = [];

    /// <summary>Parts of the names of the ports to play on, left first: one that names several takes the first two; null (default) for the
    /// first two of hardware, empty for none.</summary>
    public IReadOnlyList<string>? AudioTo { get; init; }

    /// <summary>The controller that is also sent to the keyboards themselves, on a port <c>lights_out</c> that appears when one that is heard
    /// has a port to send to; default 119, the state for lights; null for none.</summary>
    public int? LightsController { get; init; } = 119;
}
