namespace MusicRnn.Midi;

/// <summary>A text event of a MIDI file.</summary>
/// <param name="Time">Nanoseconds from the start of the file, by its tempo map.</param>
/// <param name="Track">The track it stands in, from 0.</param>
/// <param name="Kind">What the text is.</param>
/// <param name="Text">The text: UTF-8 where the bytes are that, else Latin-1.</param>
public readonly record struct TrackText(long Time, int Track, TextKind Kind, string Text);
