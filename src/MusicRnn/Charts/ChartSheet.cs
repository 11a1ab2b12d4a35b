namespace MusicRnn.Charts;

/// <summary>Several charts on one sheet, from left to right and downwards.</summary>
public static class ChartSheet
{
    private const double Header = 44;

    /// <summary>Lays out charts that are as large as one another.</summary>
    /// <param name="title">What they show.</param>
    /// <param name="columns">How many stand side by side.</param>
    /// <param name="charts">The charts, as SVG.</param>
    public static string ToSvg(string title, int columns, IReadOnlyList<string> charts)
    {
        int rows = (charts.Count + columns - 1) / columns;
        var canvas = new SvgCanvas(columns * ChartFrame.Width, Header + (rows * ChartFrame.Height), title);
        canvas.Text("title", ChartFrame.Left, 30, SvgCanvas.Fit(title, (columns * ChartFrame.Width) - (2 * ChartFrame.Left), ChartFrame.TitleSize));
        for (int i = 0; i < charts.Count; i++)
        {
            canvas.Nest(charts[i], i % columns * ChartFrame.Width, Header + (i / columns * ChartFrame.Height));
        }

        return canvas.Finish();
    }
}
