namespace MusicRnn.Performance;

/// <summary>What of an answer is due next.</summary>
internal enum Due : byte
{
    /// <summary>Keys are released.</summary>
    Release,

    /// <summary>The pedal is lifted at the close.</summary>
    Lift,

    /// <summary>The pedal moves before the next note.</summary>
    Pedal,

    /// <summary>The next note is struck.</summary>
    Strike,
}
