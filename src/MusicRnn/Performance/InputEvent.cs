using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>One thing that happens to the improviser: everything it ever reacts to is one of these, and all are journalled.</summary>
/// <param name="Stamp">When, in nanoseconds of the performance's clock.</param>
/// <param name="Kind">What it carries.</param>
/// <param name="Message">The message, for <see cref="InputKind.Midi"/>: already through the velocity curve and the channel filter.</param>
/// <param name="Parameter">The parameter's index in the table, for <see cref="InputKind.Parameter"/>.</param>
/// <param name="Value">The parameter's normalised value, 0-1.</param>
public readonly record struct InputEvent(long Stamp, InputKind Kind, MidiMessage Message, int Parameter, double Value)
{
    /// <summary>A message of the player's keyboard.</summary>
    public static InputEvent Midi(long stamp, MidiMessage message) => new(stamp, InputKind.Midi, message, 0, 0);

    /// <summary>A parameter set to a normalised value.</summary>
    public static InputEvent Set(long stamp, int parameter, double normalised) => new(stamp, InputKind.Parameter, default, parameter, normalised);
}
