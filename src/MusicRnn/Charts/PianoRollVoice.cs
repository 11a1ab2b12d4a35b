using MusicRnn.Notes;

namespace MusicRnn.Charts;

/// <summary>One voice of a piano roll, in a colour of its own.</summary>
/// <param name="Label">Who plays it.</param>
/// <param name="Piece">What is played.</param>
public sealed record PianoRollVoice(string Label, Piece Piece);
