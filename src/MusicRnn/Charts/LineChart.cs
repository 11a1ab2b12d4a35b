using System.Globalization;

namespace MusicRnn.Charts;

/// <summary>Lines over one axis, as SVG: losses while learning, say.</summary>
/// <param name="Title">What is shown.</param>
/// <param name="XName">What the horizontal axis is, with its unit.</param>
/// <param name="YName">What the vertical axis is, with its unit.</param>
/// <param name="Series">The lines, the first painted first.</param>
public sealed record LineChart(string Title, string XName, string YName, IReadOnlyList<LineSeries> Series)
{
    /// <summary>Whether both axes run from 0 to 1 and a dashed line marks where their values are equal; not by default.</summary>
    public bool Diagonal { get; init; }

    /// <summary>Draws it.</summary>
    public string ToSvg()
    {
        SvgCanvas canvas = ChartFrame.Begin(Title, Series.Select(series => series.Label));
        (double X, double Y)[] points = [.. Series.SelectMany(series => series.Points).Where(IsShown)];
        if (points.Length == 0)
        {
            ChartFrame.DrawHorizontal(canvas, XName, [], grid: false);
            ChartFrame.DrawVertical(canvas, YName, [], grid: false);
            ChartFrame.DrawEmpty(canvas);
            return canvas.Finish();
        }

        double left = points.Min(point => point.X), right = points.Max(point => point.X);
        double low = points.Min(point => point.Y), high = points.Max(point => point.Y);
        if (Diagonal)
        {
            (left, right, low, high) = (0, 1, 0, 1);
        }

        var x = Axis.Exact(left, right, ChartFrame.Left, ChartFrame.Right);
        var y = Axis.Round(low, high, ChartFrame.Bottom, ChartFrame.Top);
        ChartFrame.DrawVertical(canvas, YName, y.Ticks(6).Select(tick => (y.At(tick.Value), tick.Label)), grid: true);
        ChartFrame.DrawHorizontal(canvas, XName, x.Ticks(8).Select(tick => (x.At(tick.Value), tick.Label)), grid: true);
        if (Diagonal)
        {
            canvas.Path("axis line dashed", new SvgPath().Move(x.At(0), y.At(0)).Line(x.At(1), y.At(1)));
        }

        for (int i = 0; i < Series.Count; i++)
        {
            string colour = (i % ChartTheme.Series).ToString(CultureInfo.InvariantCulture);
            canvas.Path("line l" + colour, PathOf(Series[i].Points, x, y));
            if (Series[i].Points.Count(IsShown) == 1)
            {
                (double X, double Y) only = Series[i].Points.First(IsShown);
                canvas.Rectangle("f" + colour, x.At(only.X) - 3, y.At(only.Y) - 3, 6, 6, 3);
            }
        }

        return canvas.Finish();
    }

    private static SvgPath PathOf(IReadOnlyList<(double X, double Y)> points, Axis x, Axis y)
    {
        var path = new SvgPath();
        bool down = false;
        foreach ((double X, double Y) point in points)
        {
            if (!IsShown(point))
            {
                down = false;
                continue;
            }

            _ = down ? path.Line(x.At(point.X), y.At(point.Y)) : path.Move(x.At(point.X), y.At(point.Y));
            down = true;
        }

        return path;
    }

    private static bool IsShown((double X, double Y) point) => double.IsFinite(point.X) && double.IsFinite(point.Y);
}
