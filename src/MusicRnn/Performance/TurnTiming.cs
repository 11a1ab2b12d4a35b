namespace MusicRnn.Performance;

/// <summary>
/// When a phrase is over, by each rule. The moment follows from what has been played, so it is computed when that happens and
/// not waited for.
/// </summary>
public static class TurnTiming
{
    /// <summary>The shortest time from the last onset to the turn under rule <see cref="TurnRule.Model"/>, in nanoseconds: 0.15 s.</summary>
    public const long Shortest = 150_000_000;

    /// <summary>The longest, where the model still expects a note: 3 s.</summary>
    public const long Longest = 3_000_000_000;

    /// <summary>The shortest time from the last release of a key or the pedal: 0.15 s.</summary>
    public const long AfterRelease = 150_000_000;

    /// <summary>The longest time between two presses of the sustain pedal that make a gesture: 0.4 s.</summary>
    public const long DoublePress = 400_000_000;

    /// <summary>The turn under rule <see cref="TurnRule.Model"/>, once no key is down.</summary>
    /// <param name="onset">The last onset.</param>
    /// <param name="crossing">From there until the model's probability that a note is still to come falls below the threshold, in nanoseconds.</param>
    /// <param name="release">The last release of a key or the pedal.</param>
    public static long ByModel(long onset, long crossing, long release) =>
        Math.Max(onset + Math.Clamp(crossing, Shortest, Longest), release + AfterRelease);

    /// <summary>The turn under rule <see cref="TurnRule.Silence"/>, once no key is down.</summary>
    /// <param name="release">The last release of a key or the pedal.</param>
    /// <param name="seconds">The time that must pass since then.</param>
    public static long BySilence(long release, double seconds) => release + (long)(seconds * 1e9);
}
