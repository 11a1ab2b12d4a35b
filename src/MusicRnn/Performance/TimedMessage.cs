using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>A message and the moment it belongs to.</summary>
/// <param name="Stamp">Nanoseconds of the performance's clock.</param>
/// <param name="Message">The message.</param>
public readonly record struct TimedMessage(long Stamp, MidiMessage Message);
