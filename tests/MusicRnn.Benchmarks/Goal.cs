namespace MusicRnn.Benchmarks;

/// <summary>A figure beside what it should be.</summary>
internal static class Goal
{
    /// <summary>Prints a figure, its goal, and whether it was met.</summary>
    public static void AtMost(double goal, double measured, string unit, string what) =>
        Console.WriteLine($"  {(measured <= goal ? "met" : "MISSED"),-6} {what}: {measured:0.##} {unit} (goal: at most {goal:0.##})");
}
