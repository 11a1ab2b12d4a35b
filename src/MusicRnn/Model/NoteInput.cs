namespace MusicRnn.Model;

/// <summary>What the network sees of a note at its onset. Its duration is not among it: nobody knows it yet.</summary>
/// <param name="Step">Time since the previous note's onset in 10 ms frames; <see cref="Start"/> for the first note after a reset.</param>
/// <param name="Pitch">MIDI key number, 0-127; keys outside the piano are folded by octaves.</param>
/// <param name="Velocity">1-127.</param>
/// <param name="PedalDown">Whether the sustain pedal is down at the onset.</param>
public readonly record struct NoteInput(int Step, int Pitch, int Velocity, bool PedalDown)
{
    /// <summary>The step of a first note, which has no predecessor.</summary>
    public const int Start = -1;
}
