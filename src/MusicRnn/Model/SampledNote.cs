namespace MusicRnn.Model;

/// <summary>A note drawn from the network, relative to the onset of the note before it.</summary>
/// <param name="Step">From the previous onset to this one, in nanoseconds: placed freely within its bin.</param>
/// <param name="Pitch">MIDI key number, 21-108.</param>
/// <param name="Velocity">1-127.</param>
/// <param name="Duration">Until the key's release, in nanoseconds, above 0.</param>
/// <param name="Pedal">What the pedal does within the step.</param>
/// <param name="PedalFirst">When it first moves: a fraction of the step, 0-1.</param>
/// <param name="PedalSecond">When it goes down again, for <see cref="PedalMove.Change"/>: a fraction of the step, not before the first.</param>
public readonly record struct SampledNote(
    long Step, int Pitch, int Velocity, long Duration, PedalMove Pedal, float PedalFirst, float PedalSecond);
