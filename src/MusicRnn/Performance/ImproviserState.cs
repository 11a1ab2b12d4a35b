namespace MusicRnn.Performance;

/// <summary>What the improviser is doing; its number is what goes out on controller 119.</summary>
public enum ImproviserState : byte
{
    /// <summary>Nobody plays.</summary>
    Idle,

    /// <summary>The player's phrase goes on.</summary>
    Listening,

    /// <summary>The machine plays.</summary>
    Answering,
}
