namespace MusicRnn.Host.Options;

/// <summary>How MusicRnn itself sounds.</summary>
public sealed class SoundOptions
{
    /// <summary>The SoundFont (.sf2). Default: soundfonts/FluidR3-Selection.sf2.</summary>
    [NextStart]
    public string SoundFont { get; set; } = "soundfonts/FluidR3-Selection.sf2";

    /// <summary>The instrument that the player sounds with: a preset's name or a part of it, or its General MIDI number 0-127. Default: Grand Piano.</summary>
    public string PlayerInstrument { get; set; } = "Grand Piano";

    /// <summary>The instrument that the machine sounds with: a preset's name or a part of it, or its General MIDI number 0-127. Default: Grand Piano.</summary>
    public string MachineInstrument { get; set; } = "Grand Piano";

    /// <summary>The loudness of everything, in decibels. Default: 0.</summary>
    [Range(-60, 12)]
    public double GainDecibels { get; set; }
}
