namespace MusicRnn.Host.Options;

/// <summary>Where sound goes to.</summary>
public sealed class AudioOptions
{
    /// <summary>Where sound goes to: auto, none, jack, alsa, alsa:NAME (an ALSA PCM name) or file:PATH (a WAV file). Default: auto, which is JACK where a server runs, else ALSA.</summary>
    [RegularExpression(Source.Pattern, ErrorMessage = Source.Expected)]
    public string Output { get; set; } = "auto";

    /// <summary>Frames a second, for ALSA and files; a JACK server has its own. Default: 48000.</summary>
    [Range(22050, 192000)]
    public int SampleRate { get; set; } = 48000;

    /// <summary>Frames that ALSA takes at a time: fewer answer a key sooner, more are safer. Default: 256.</summary>
    [Range(32, 4096)]
    public int PeriodFrames { get; set; } = 256;

    /// <summary>How many periods ALSA keeps ready. Default: 3.</summary>
    [Range(2, 16)]
    public int Periods { get; set; } = 3;
}
