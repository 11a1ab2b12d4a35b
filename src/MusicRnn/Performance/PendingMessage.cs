using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>A message of the machine that waits for its time.</summary>
/// <param name="Stamp">When it is due, in nanoseconds.</param>
/// <param name="Note">The number of the note that it begins or ends, from 1; 0 for any other message and for an end without a beginning.</param>
/// <param name="Message">The message.</param>
/// <param name="IsRelease">Whether it stands for the release of everything.</param>
internal readonly record struct PendingMessage(long Stamp, long Note, MidiMessage Message, bool IsRelease)
{
    /// <summary>Whether it begins or ends a note, or moves the pedal.</summary>
    public bool IsOfNotes => Message.IsNoteOn || Message.IsNoteOff || Message.IsControl(Controller.Sustain);
}
