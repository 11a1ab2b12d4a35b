namespace MusicRnn.Notes;

/// <summary>A note as a key was struck and released.</summary>
/// <param name="Onset">When the key was struck, in nanoseconds from the start of the piece.</param>
/// <param name="Duration">Until the key's release (not the pedal's), in nanoseconds, above 0.</param>
/// <param name="Pitch">MIDI key number, 0-127.</param>
/// <param name="Velocity">1-127.</param>
public readonly record struct Note(long Onset, long Duration, byte Pitch, byte Velocity)
{
    /// <summary>When the key was released, in nanoseconds from the start of the piece.</summary>
    public long Release => Onset + Duration;
}
