namespace MusicRnn.Performance;

/// <summary>What the machine does about what it hears.</summary>
public enum PerformanceMode : byte
{
    /// <summary>It answers each phrase, and then waits for the next.</summary>
    CallAndResponse,

    /// <summary>It carries on from each phrase until the player plays.</summary>
    Endless,

    /// <summary>It listens and never answers.</summary>
    Listen,
}
