namespace MusicRnn.Tests.Model;

/// <summary>A note of a test's tune, in frames.</summary>
internal readonly record struct StruckNote(int Frame, int Duration, int Pitch, int Velocity, bool PedalDown);
