using MusicRnn.Notes;

namespace MusicRnn.Charts;

/// <summary>The distributions of pitch, step, duration and velocity in one set of pieces, or in several laid over one another.</summary>
/// <param name="Series">What each set is called, and what was counted in it.</param>
public sealed record NoteHistograms(IReadOnlyList<(string Label, NoteCounts Counts)> Series)
{
    private const int VelocityLevel = 4; // velocities a bin
    private static readonly int[] Octaves = [24, 36, 48, 60, 72, 84, 96, 108];

    private static readonly (double Value, string Label)[] Times =
        [(0, "0"), (0.01, "10 ms"), (0.02, "20 ms"), (0.05, "50 ms"), (0.1, "0.1 s"), (0.2, "0.2 s"), (0.5, "0.5 s"), (1, "1 s"), (2, "2 s"), (5, "5 s"), (10, "10 s"), (20, "20 s")];

    /// <summary>The four histograms, by the names of what they show: pitch, step, duration, velocity.</summary>
    public IReadOnlyList<(string Name, Histogram Chart)> Charts =>
    [
        ("pitch", MakePitch()),
        ("step", MakeTime("Step: from one onset to the next", counts => counts.Steps)),
        ("duration", MakeTime("Duration: until the key's release", counts => counts.Durations)),
        ("velocity", MakeVelocity()),
    ];

    /// <summary>Draws all four on one sheet.</summary>
    /// <param name="title">What is shown.</param>
    public string ToSvg(string title) => ChartSheet.ToSvg(title, 2, [.. Charts.Select(chart => chart.Chart.ToSvg())]);

    private Histogram MakePitch()
    {
        int lowest = 127, highest = 0;
        foreach ((_, NoteCounts counts) in Series.Where(series => series.Counts.Notes > 0))
        {
            lowest = Math.Min(lowest, Array.FindIndex(counts.Pitches, count => count > 0));
            highest = Math.Max(highest, Array.FindLastIndex(counts.Pitches, count => count > 0));
        }

        lowest = Math.Max(0, Math.Min(lowest, highest) - 1);
        highest = Math.Min(127, Math.Max(lowest + 12, highest + 1));
        return new Histogram(
            "Pitch", "key", [.. Enumerable.Range(lowest, highest - lowest + 2).Select(pitch => pitch - 0.5)],
            [.. Series.Select(series => new HistogramSeries(series.Label, series.Counts.Pitches[lowest..(highest + 1)]))])
        {
            Ticks = [.. Octaves.Where(pitch => pitch >= lowest && pitch <= highest).Select(pitch => ((double)pitch, PitchNames.Of(pitch)))],
        };
    }

    private Histogram MakeTime(string title, Func<NoteCounts, double[]> times) => new(
        title, "time", NoteCounts.TimeEdges, [.. Series.Select(series => new HistogramSeries(series.Label, times(series.Counts)))])
    {
        Ticks = Times,
    };

    private Histogram MakeVelocity() => new(
        "Velocity", "velocity", [.. Enumerable.Range(0, (128 / VelocityLevel) + 1).Select(level => (double)level * VelocityLevel)],
        [.. Series.Select(series => new HistogramSeries(series.Label, [.. series.Counts.Velocities.Chunk(VelocityLevel).Select(chunk => chunk.Sum())]))]);
}
