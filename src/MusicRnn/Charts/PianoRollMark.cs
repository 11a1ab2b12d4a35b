namespace MusicRnn.Charts;

/// <summary>A moment of a piano roll that is pointed out.</summary>
/// <param name="Time">Nanoseconds from the start of the piece.</param>
/// <param name="Label">What happens then.</param>
public readonly record struct PianoRollMark(long Time, string Label);
