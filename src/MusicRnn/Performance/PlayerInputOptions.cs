namespace MusicRnn.Performance;

/// <summary>How a player's input treats what comes in. Immutable; assign another to change it while playing.</summary>
public sealed record PlayerInputOptions
{
    /// <summary>The channel that the player plays on, 0-15, or null for every channel; default null. Controllers that do not sound
    /// (knobs) pass on every channel.</summary>
    public int? Channel { get; init; }

    /// <summary>The channel that the player sounds on, 0-15; default 0.</summary>
    public int ThruChannel { get; init; }

    /// <summary>The keyboard's velocity curve; default linear.</summary>
    public VelocityCurve Curve { get; init; } = VelocityCurve.Linear;

    /// <summary>The velocity under <see cref="VelocityCurve.Fixed"/>, 1-127; default 80.</summary>
    public int FixedVelocity { get; init; } = 80;

    /// <summary>How long a message that was sent cancels an equal one that returns, in nanoseconds; default 100 ms, 0 turns the echo guard off.</summary>
    public long EchoWindow { get; init; } = 100_000_000;

    /// <summary>Whether a controller sounds, and so passes through on the player's channel; the others only reach the improviser.</summary>
    public static bool Sounds(int controller) => controller is Midi.Controller.Modulation or Midi.Controller.Volume or Midi.Controller.Pan
        or Midi.Controller.Expression or Midi.Controller.Sustain or Midi.Controller.Sostenuto or Midi.Controller.Soft
        or Midi.Controller.AllSoundOff or Midi.Controller.ResetAllControllers or Midi.Controller.AllNotesOff;

    /// <summary>The velocity that is used for one that the keyboard sends; 1-127 both.</summary>
    public int Velocity(int sent) => Curve switch
    {
        VelocityCurve.Soft => Shape(sent, 0.6),
        VelocityCurve.Hard => Shape(sent, 1.6),
        VelocityCurve.Fixed => Math.Clamp(FixedVelocity, 1, 127),
        _ => sent,
    };

    private static int Shape(int sent, double exponent) => Math.Clamp((int)Math.Round(127 * Math.Pow(sent / 127.0, exponent)), 1, 127);
}
