namespace MusicRnn.Benchmarks;

/// <summary>A figure beside what it should be.</summary>
internal static class Goal
{
    /// <summary>Prints a figure, its goal, and whether it was met.</summary>
    public static void AtMost(double goal, double measured, string unit, string what) =>
        Print(measured <= goal, $"{what}: {measured:0.##} {unit} (goal: at most {goal:0.##})");

    /// <summary>Prints a figure, its goal, and whether it was met.</summary>
    public static void AtLeast(double goal, double measured, string unit, string what) =>
        Print(measured >= goal, $"{what}: {measured:0.##} {unit} (goal: at least {goal:0.##})");

    private static void Print(bool isMet, string line) => Console.WriteLine($"  {(isMet ? "met" : "MISSED"),-6} {line}");
}
