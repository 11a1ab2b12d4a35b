namespace MusicRnn.Devices.Alsa;

/// <summary>How MusicRnn appears in ALSA's sequencer, and what it is wired to by itself.</summary>
public sealed record AlsaMidiOptions
{
    /// <summary>The client's name; its ports are named after it; default <c>MusicRnn</c>.</summary>
    public string ClientName { get; init; } = "MusicRnn";

    /// <summary>Which ports are wired to <c>MusicRnn In</c>, again whenever they come back: <c>auto</c> for every hardware keyboard, part
    /// of a name as <c>client:port</c> in any case, an address as <c>20:0</c>, or empty for none; default <c>auto</c>.</summary>
    public string InputDevice { get; init; } = "auto";

    /// <summary>Which ports <c>MusicRnn Out</c> is wired to, again whenever they come back: of each, part of its name or its address; default none.</summary>
    public IReadOnlyList<string> OutputDevices { get; init; } = [];
}
