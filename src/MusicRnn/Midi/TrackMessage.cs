namespace MusicRnn.Midi;

/// <summary>A channel message of a MIDI file.</summary>
/// <param name="Time">Nanoseconds from the start of the file, by its tempo map.</param>
/// <param name="Track">The track it stands in, from 0.</param>
/// <param name="Message">The message.</param>
public readonly record struct TrackMessage(long Time, int Track, MidiMessage Message);
