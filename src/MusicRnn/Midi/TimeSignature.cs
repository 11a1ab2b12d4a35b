namespace MusicRnn.Midi;

/// <summary>A time signature of a MIDI file.</summary>
/// <param name="Time">From when, in nanoseconds from the start of the file.</param>
/// <param name="Numerator">Beats a bar, 1 to 255.</param>
/// <param name="Denominator">The note that is a beat: a power of two, 1 to 128.</param>
public readonly record struct TimeSignature(long Time, int Numerator, int Denominator);
