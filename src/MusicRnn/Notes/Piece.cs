namespace MusicRnn.Notes;

/// <summary>The notes and pedalling of one piece, as a network reads them.</summary>
/// <param name="Notes">Ordered by onset, then pitch.</param>
/// <param name="Pedal">Ordered by time; down and up alternate, the first is down.</param>
public sealed record Piece(IReadOnlyList<Note> Notes, IReadOnlyList<PedalChange> Pedal)
{
    /// <summary>The notes that begin within a time, and the pedalling there; their times stay.</summary>
    /// <param name="from">Nanoseconds from the start of the piece.</param>
    /// <param name="until">The first nanosecond that is no longer part of it.</param>
    public Piece Between(long from, long until)
    {
        var pedal = Pedal.Where(change => change.Time >= from && change.Time < until).ToList();
        if (Pedal.LastOrDefault(change => change.Time < from).Down)
        {
            pedal.Insert(0, new PedalChange(from, true));
        }

        return new Piece([.. Notes.Where(note => note.Onset >= from && note.Onset < until)], pedal);
    }
}
