namespace MusicRnn.Performance;

/// <summary>What came of replaying a take.</summary>
/// <param name="Replayed">The performance as it was played again.</param>
/// <param name="Recorded">The first message of the machine in the take that was not played again so, or null.</param>
/// <param name="Played">What was played in its place, or null.</param>
public sealed record ReplayReport(Take Replayed, TimedMessage? Recorded, TimedMessage? Played)
{
    /// <summary>Whether the machine played the same.</summary>
    public bool IsSame => Recorded is null && Played is null;
}
