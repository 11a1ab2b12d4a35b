using System.Globalization;

namespace MusicRnn.Charts;

/// <summary>
/// Distributions over the same bins, laid over one another, as SVG: the true one and the predicted one, say. Every bin is
/// drawn equally wide, whatever its width in values, so that a logarithmic grid of times is read as easily as keys.
/// </summary>
/// <param name="Title">What is shown.</param>
/// <param name="ValueName">What the bins are of, with its unit.</param>
/// <param name="Edges">The bins' edges, rising: one more than there are bins.</param>
/// <param name="Series">The distributions, the first painted first.</param>
public sealed record Histogram(string Title, string ValueName, IReadOnlyList<double> Edges, IReadOnlyList<HistogramSeries> Series)
{
    /// <summary>Where the value axis has ticks, with their labels; null for round numbers.</summary>
    public IReadOnlyList<(double Value, string Label)>? Ticks { get; init; }

    /// <summary>Draws it.</summary>
    /// <exception cref="ArgumentException">The edges do not rise, or a series has not one weight a bin.</exception>
    public string ToSvg()
    {
        Check();
        SvgCanvas canvas = ChartFrame.Begin(Title, Series.Select(series => series.Label));
        double[][] shares = [.. Series.Select(series => SharesOf(series.Weights))];
        double most = shares.SelectMany(share => share).DefaultIfEmpty().Max();
        var y = Axis.Round(0, most > 0 ? most * 100 : 1, ChartFrame.Bottom, ChartFrame.Top);
        ChartFrame.DrawVertical(canvas, "share (%)", y.Ticks(6).Select(tick => (y.At(tick.Value), tick.Label)), grid: true);
        if (most <= 0)
        {
            ChartFrame.DrawEmpty(canvas);
        }

        for (int i = 0; i < shares.Length; i++)
        {
            string colour = (i % ChartTheme.Series).ToString(CultureInfo.InvariantCulture);
            (SvgPath fill, SvgPath outline) = StepsOf(shares[i], y);
            canvas.Path("fill f" + colour, fill);
            canvas.Path("line l" + colour, outline);
        }

        ChartFrame.DrawHorizontal(canvas, ValueName, (Ticks ?? RoundTicks()).Select(tick => (X(tick.Value), tick.Label)), grid: false);
        return canvas.Finish();
    }

    private static double[] SharesOf(IReadOnlyList<double> weights)
    {
        double sum = weights.Sum();
        return [.. weights.Select(weight => sum > 0 ? weight / sum : 0)];
    }

    private (SvgPath Fill, SvgPath Outline) StepsOf(double[] shares, Axis y)
    {
        var fill = new SvgPath();
        var outline = new SvgPath();
        if (shares.Length == 0)
        {
            return (fill, outline);
        }

        double width = (ChartFrame.Right - ChartFrame.Left) / shares.Length;
        fill.Move(ChartFrame.Left, ChartFrame.Bottom);
        outline.Move(ChartFrame.Left, ChartFrame.Bottom);
        for (int i = 0; i < shares.Length; i++)
        {
            double x = ChartFrame.Left + (i * width), top = y.At(shares[i] * 100);
            fill.Line(x, top).Line(x + width, top);
            outline.Line(x, top).Line(x + width, top);
        }

        fill.Line(ChartFrame.Right, ChartFrame.Bottom).Close();
        outline.Line(ChartFrame.Right, ChartFrame.Bottom);
        return (fill, outline);
    }

    /// <summary>The pixel of a value: straight within each bin.</summary>
    private double X(double value)
    {
        int bin = 0;
        while (bin < Edges.Count - 2 && Edges[bin + 1] <= value)
        {
            bin++;
        }

        double place = bin + Math.Clamp((value - Edges[bin]) / (Edges[bin + 1] - Edges[bin]), 0, 1);
        return ChartFrame.Left + (place / (Edges.Count - 1) * (ChartFrame.Right - ChartFrame.Left));
    }

    /// <summary>0 and 1, 2 and 5 of each decade where the bins span decades, else round numbers at equal distances; none where there are no bins.</summary>
    private IEnumerable<(double Value, string Label)> RoundTicks()
    {
        if (Edges.Count < 2)
        {
            return [];
        }

        double first = Edges[0], last = Edges[^1];
        double narrow = Edges[1] - first, wide = last - Edges[^2];
        if (first < 0 || wide < 3 * narrow)
        {
            return Axis.Exact(first, last, 0, 1).Ticks(10);
        }

        var decades = Axis.Log(first > 0 ? first : Math.Max(narrow, last / 1000), last, 0, 1).Ticks(20);
        return first > 0 ? decades : decades.Prepend((0, "0"));
    }

    private void Check()
    {
        if (Edges.Zip(Edges.Skip(1)).Any(pair => !(pair.First < pair.Second)))
        {
            throw new ArgumentException("The edges of the bins do not rise.", nameof(Edges));
        }

        int bins = Math.Max(0, Edges.Count - 1);
        foreach (HistogramSeries series in Series)
        {
            if (series.Weights.Count != bins || series.Weights.Any(weight => !(weight >= 0)))
            {
                throw new ArgumentException($"The series \"{series.Label}\" has not one weight of 0 or more for each of {bins} bins.", nameof(Series));
            }
        }
    }
}
