using MusicRnn.Midi;

namespace MusicRnn.Notes;

/// <summary>Makes messages of notes.</summary>
public static class NoteWriter
{
    /// <summary>
    /// The messages that play a piece, ordered by time. At one time keys come up first, then the pedal moves, then keys go
    /// down, so that <see cref="NoteReader"/> gives the same piece back where no key is struck while it is down.
    /// </summary>
    /// <param name="piece">The piece.</param>
    /// <param name="channel">The channel, 0-15.</param>
    /// <returns>Times in nanoseconds from the start of the piece, and messages.</returns>
    public static IReadOnlyList<(long Time, MidiMessage Message)> ToMessages(Piece piece, int channel = 0)
    {
        var items = new List<(long Time, int Rank, int Order, MidiMessage Message)>((2 * piece.Notes.Count) + piece.Pedal.Count);
        foreach (Note note in piece.Notes)
        {
            items.Add((note.Release, 0, items.Count, MidiMessage.NoteOff(channel, note.Pitch)));
            items.Add((note.Onset, 2, items.Count, MidiMessage.NoteOn(channel, note.Pitch, note.Velocity)));
        }

        foreach (PedalChange change in piece.Pedal)
        {
            items.Add((change.Time, 1, items.Count, MidiMessage.Control(channel, Controller.Sustain, change.Down ? 127 : 0)));
        }

        items.Sort(static (a, b) => (a.Time, a.Rank, a.Order).CompareTo((b.Time, b.Rank, b.Order)));
        return [.. items.Select(item => (item.Time, item.Message))];
    }

    /// <summary>Adds a piece to a track of a MIDI file.</summary>
    /// <param name="track">The track.</param>
    /// <param name="piece">The piece.</param>
    /// <param name="channel">The channel, 0-15.</param>
    public static void Write(MidiTrackWriter track, Piece piece, int channel = 0)
    {
        foreach ((long time, MidiMessage message) in ToMessages(piece, channel))
        {
            track.Add(time, message);
        }
    }
}
