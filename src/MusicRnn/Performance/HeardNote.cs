namespace MusicRnn.Performance;

/// <summary>What the network is told of a note.</summary>
/// <param name="Pitch">MIDI key number, 0-127.</param>
/// <param name="Velocity">1-127; of the machine's notes, as the model said it.</param>
/// <param name="PedalDown">Whether the pedal of whoever plays it is down in its frame: at the end of it, as in training.</param>
internal readonly record struct HeardNote(int Pitch, int Velocity, bool PedalDown);
