namespace MusicRnn.Devices.Alsa;

/// <summary>Which sound card is played on, and how.</summary>
public sealed record AlsaAudioOptions
{
    /// <summary>The card's name as ALSA has it: <c>default</c> is whatever the user's desktop plays on; default <c>default</c>.</summary>
    public string Device { get; init; } = "default";

    /// <summary>Frames a second to ask for; the card may give another rate; default 48000.</summary>
    public int SampleRate { get; init; } = 48000;

    /// <summary>Frames in a period to ask for: what is rendered at a time; default 256.</summary>
    public int PeriodFrames { get; init; } = 256;

    /// <summary>Periods in the card's buffer to ask for, from 2: the buffer is what a key takes to be heard; default 3.</summary>
    public int Periods { get; init; } = 3;
}
