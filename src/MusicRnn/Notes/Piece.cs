namespace MusicRnn.Notes;

/// <summary>The notes and pedalling of one piece, as a network reads them.</summary>
/// <param name="Notes">Ordered by onset, then pitch.</param>
/// <param name="Pedal">Ordered by time; down and up alternate, the first is down.</param>
public sealed record Piece(IReadOnlyList<Note> Notes, IReadOnlyList<PedalChange> Pedal);
