using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>What the improviser tells the outputs: a message and when it is due.</summary>
/// <param name="Stamp">When it is due, in nanoseconds of the performance's clock.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="Message">The message, for <see cref="OutputKind.Midi"/>, on the machine's channel.</param>
public readonly record struct OutputEvent(long Stamp, OutputKind Kind, MidiMessage Message);
