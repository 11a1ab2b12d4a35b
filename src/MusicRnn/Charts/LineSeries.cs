namespace MusicRnn.Charts;

/// <summary>One line of a line chart, in a colour of its own.</summary>
/// <param name="Label">What it is of.</param>
/// <param name="Points">Where it goes through, from left to right. A point that is not finite, or not above 0 on a logarithmic axis, leaves a gap.</param>
public sealed record LineSeries(string Label, IReadOnlyList<(double X, double Y)> Points);
