using System.Runtime.InteropServices;

namespace MusicRnn.Training;

/// <summary>A note of a corpus, as it lies in the file: 12 bytes.</summary>
/// <param name="Onset">When the key was struck, in milliseconds from the start of the piece.</param>
/// <param name="Duration">Until the key's release, in milliseconds, 1 or more.</param>
/// <param name="Pitch">MIDI key number, 0-127.</param>
/// <param name="Velocity">1-127.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = 12)]
public readonly record struct CorpusNote(int Onset, int Duration, byte Pitch, byte Velocity);
