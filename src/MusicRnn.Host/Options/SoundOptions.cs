using MusicRnn.Synthesis;

namespace MusicRnn.Host.Options;

/// <summary>How MusicRnn itself sounds.</summary>
public sealed class SoundOptions
{
    /// <summary>The SoundFont (.sf2). Default: soundfonts/FluidR3-Selection.sf2.</summary>
    public string SoundFont { get; set; } = "soundfonts/FluidR3-Selection.sf2";

    /// <summary>The instrument that the player sounds with: a General MIDI program. The machine's is Parameters:program. Default: 0, the grand piano.</summary>
    [Range(0, 127)]
    public int PlayerProgram { get; set; }

    /// <summary>Where the player is heard: -100 is left, 0 the middle, 100 right. Default: 0.</summary>
    [Range(-100, 100)]
    public double PlayerPan { get; set; }

    /// <summary>The loudness of the player's notes, in decibels. Default: 0.</summary>
    [Range(-60, 4)]
    public double PlayerDecibels { get; set; }

    /// <summary>Where the machine is heard: -100 is left, 0 the middle, 100 right. Default: 0.</summary>
    [Range(-100, 100)]
    public double MachinePan { get; set; }

    /// <summary>The loudness of the machine's notes, in decibels. Default: 0.</summary>
    [Range(-60, 4)]
    public double MachineDecibels { get; set; }

    /// <summary>How loud the reverb is; 0 turns it off. Default: 1.</summary>
    [Range(0, 2)]
    public double Reverb { get; set; } = 1;

    /// <summary>How loud the chorus is; 0 turns it off. Default: 1.</summary>
    [Range(0, 2)]
    public double Chorus { get; set; } = 1;

    /// <summary>Voices at once: a stereo piano spends two on a note. Default: 256.</summary>
    [Range(1, 1024)]
    public int Polyphony { get; set; } = 256;

    /// <summary>How points between a sample's points are found: Linear, Cubic (four points) or Sinc (seven points). Default: Cubic.</summary>
    public Interpolation Interpolation { get; set; } = Interpolation.Cubic;

    /// <summary>The loudness of everything, in decibels. Default: 8.</summary>
    [Range(-60, 12)]
    public double GainDecibels { get; set; } = 8;
}
