namespace MusicRnn.Notes;

/// <summary>A movement of the sustain pedal.</summary>
/// <param name="Time">Nanoseconds from the start of the piece.</param>
/// <param name="Down">Whether the pedal went down (CC64 at 64 or more) or up.</param>
public readonly record struct PedalChange(long Time, bool Down);
