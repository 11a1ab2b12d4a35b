using MusicRnn.Performance;

namespace MusicRnn.Host.Options;

/// <summary>Where MIDI comes from and goes to, and how it is taken.</summary>
public sealed class MidiOptions
{
    /// <summary>Where the player's notes come from: auto, none, jack, alsa, alsa:NAME (connects to the port whose name holds NAME) or file:PATH. Default: auto, which is JACK where a server runs, else ALSA.</summary>
    [RegularExpression(Source.Pattern, ErrorMessage = Source.Expected)]
    public string Input { get; set; } = "auto";

    /// <summary>Where notes go to: auto, none, jack, alsa, alsa:NAME or file:PATH. Default: auto, which is JACK where a server runs, else ALSA.</summary>
    [RegularExpression(Source.Pattern, ErrorMessage = Source.Expected)]
    public string Output { get; set; } = "auto";

    /// <summary>The channel that the player plays on; 0 is every channel. Default: 0.</summary>
    [Range(0, 16)]
    public int Channel { get; set; }

    /// <summary>The channel that the player's notes are sent on. Default: 1.</summary>
    [Range(1, 16)]
    public int PlayerChannel { get; set; } = 1;

    /// <summary>The channel of the machine's own; never the player's, so that the player's pedal does not reach it. Default: 2.</summary>
    [Range(1, 16)]
    public int MachineChannel { get; set; } = 2;

    /// <summary>How the keyboard's velocities are felt: Linear, Soft (louder for a light touch), Hard (softer for a light touch) or Fixed. Default: Linear.</summary>
    public VelocityCurve VelocityCurve { get; set; } = VelocityCurve.Linear;

    /// <summary>The velocity of every note under the curve Fixed. Default: 80.</summary>
    [Range(1, 127)]
    public int FixedVelocity { get; set; } = 80;

    /// <summary>How many milliseconds a sent message that returns is taken for an echo and not for playing; 0 turns the guard off. Default: 100.</summary>
    [Range(0, 1000)]
    public int EchoMilliseconds { get; set; } = 100;
}
