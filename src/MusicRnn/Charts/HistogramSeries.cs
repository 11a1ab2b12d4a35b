namespace MusicRnn.Charts;

/// <summary>One distribution of a histogram, in a colour of its own.</summary>
/// <param name="Label">What it is of.</param>
/// <param name="Weights">One count or probability a bin, none negative; they are shown as shares of their sum.</param>
public sealed record HistogramSeries(string Label, IReadOnlyList<double> Weights);
