using System.Globalization;

namespace MusicRnn.Charts;

/// <summary>A table of numbers as colours, as SVG: how often which key was predicted where which was played, say.</summary>
/// <param name="Title">What is shown.</param>
/// <param name="XName">What the columns are, with the unit.</param>
/// <param name="YName">What the rows are, with the unit.</param>
/// <param name="Values">[row, column], row 0 at the bottom; what is not finite stays empty.</param>
public sealed record HeatMap(string Title, string XName, string YName, double[,] Values)
{
    private const double BarWidth = 12;
    private const double PlotRight = ChartFrame.Right - 62;

    /// <summary>Labels of columns; none by default.</summary>
    public IReadOnlyList<(int Column, string Label)> ColumnLabels { get; init; } = [];

    /// <summary>Labels of rows; none by default.</summary>
    public IReadOnlyList<(int Row, string Label)> RowLabels { get; init; } = [];

    /// <summary>Cells to point out, each with an outline; none by default.</summary>
    public IReadOnlyList<(int Row, int Column)> Marks { get; init; } = [];

    /// <summary>The value of the faintest colour; the least of all by default.</summary>
    public double? Least { get; init; }

    /// <summary>The value of the strongest colour; the greatest of all by default.</summary>
    public double? Greatest { get; init; }

    /// <summary>Draws it.</summary>
    public string ToSvg()
    {
        SvgCanvas canvas = ChartFrame.Begin(Title, []);
        int rows = Values.GetLength(0), columns = Values.GetLength(1);
        double[] finite = [.. Values.Cast<double>().Where(double.IsFinite)];
        double width = (PlotRight - ChartFrame.Left) / Math.Max(1, columns), height = (ChartFrame.Bottom - ChartFrame.Top) / Math.Max(1, rows);
        if (finite.Length > 0)
        {
            double least = Least ?? finite.Min(), greatest = Greatest ?? finite.Max();
            DrawCells(canvas, least, greatest, width, height);
            foreach ((int row, int column) in Marks)
            {
                canvas.Rectangle("thin l1", ChartFrame.Left + (column * width), ChartFrame.Bottom - ((row + 1) * height), width, height);
            }

            DrawBar(canvas, Axis.Exact(least, greatest, ChartFrame.Bottom, ChartFrame.Top));
        }
        else
        {
            ChartFrame.DrawEmpty(canvas);
        }

        ChartFrame.DrawHorizontal(canvas, XName, ColumnLabels.Select(label => (ChartFrame.Left + ((label.Column + 0.5) * width), label.Label)), grid: false, PlotRight);
        ChartFrame.DrawVertical(canvas, YName, RowLabels.Select(label => (ChartFrame.Bottom - ((label.Row + 0.5) * height), label.Label)), grid: false);
        return canvas.Finish();
    }

    /// <summary>One path a colour, of runs of equal cells: a table of a hundred by a hundred stays a small file.</summary>
    private void DrawCells(SvgCanvas canvas, double least, double greatest, double width, double height)
    {
        var paths = new SvgPath[ChartTheme.HeatLevels];
        for (int i = 0; i < paths.Length; i++)
        {
            paths[i] = new SvgPath();
        }

        for (int row = 0; row < Values.GetLength(0); row++)
        {
            for (int column = 0; column < Values.GetLength(1);)
            {
                int level = LevelOf(Values[row, column], least, greatest);
                int end = column + 1;
                while (end < Values.GetLength(1) && LevelOf(Values[row, end], least, greatest) == level)
                {
                    end++;
                }

                if (level >= 0)
                {
                    paths[level].Rectangle(ChartFrame.Left + (column * width), ChartFrame.Bottom - ((row + 1) * height), (end - column) * width, height);
                }

                column = end;
            }
        }

        for (int i = 0; i < paths.Length; i++)
        {
            canvas.Path("cell h" + i.ToString(CultureInfo.InvariantCulture), paths[i]);
        }
    }

    /// <summary>The bar that says which colour is which value.</summary>
    private static void DrawBar(SvgCanvas canvas, Axis values)
    {
        const double step = (ChartFrame.Bottom - ChartFrame.Top) / ChartTheme.HeatLevels;
        for (int i = 0; i < ChartTheme.HeatLevels; i++)
        {
            canvas.Path("cell h" + i.ToString(CultureInfo.InvariantCulture), new SvgPath().Rectangle(PlotRight + 16, ChartFrame.Bottom - ((i + 1) * step), BarWidth, step));
        }

        foreach ((double value, string label) in values.Ticks(5))
        {
            canvas.Text("small", PlotRight + 16 + BarWidth + 5, values.At(value) + 3.6, label);
        }
    }

    private static int LevelOf(double value, double least, double greatest)
    {
        if (!double.IsFinite(value))
        {
            return -1;
        }

        double place = greatest > least ? (value - least) / (greatest - least) : 0;
        return Math.Clamp((int)(place * ChartTheme.HeatLevels), 0, ChartTheme.HeatLevels - 1);
    }
}
