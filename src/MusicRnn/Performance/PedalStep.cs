namespace MusicRnn.Performance;

/// <summary>One move of the machine's pedal.</summary>
/// <param name="IsMove">Whether there is a move at all.</param>
/// <param name="Stamp">When it is due.</param>
/// <param name="Down">Whether it goes down.</param>
internal readonly record struct PedalStep(bool IsMove, long Stamp, bool Down);
