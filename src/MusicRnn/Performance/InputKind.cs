namespace MusicRnn.Performance;

/// <summary>What an <see cref="InputEvent"/> carries.</summary>
public enum InputKind : byte
{
    /// <summary>A MIDI message of the player's keyboard.</summary>
    Midi,

    /// <summary>A parameter was set: its index in the table and its normalised value.</summary>
    Parameter,

    /// <summary>The input that sent these events went away: whatever it holds down is released.</summary>
    InputLost,
}
