namespace MusicRnn.Midi;

/// <summary>A sequencer-specific event of a MIDI file: what a program keeps there for itself, which every other passes over.</summary>
/// <param name="Time">Nanoseconds from the start of the file, by its tempo map.</param>
/// <param name="Track">The track it stands in, from 0.</param>
/// <param name="Data">The data; by the standard it begins with a manufacturer's number.</param>
public readonly record struct TrackData(long Time, int Track, byte[] Data);
