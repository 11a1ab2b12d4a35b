namespace MusicRnn.Charts;

/// <summary>What the charts with two axes share: their size, the title, the legend, the axes' lines, ticks and names.</summary>
internal static class ChartFrame
{
    public const double Width = 720;
    public const double Height = 400;
    public const double Left = 66;
    public const double Right = Width - 22;
    public const double Top = 66;
    public const double Bottom = Height - 52;

    /// <summary>The size of a title's type, counted larger than it is: bold is wider.</summary>
    public const double TitleSize = 19;

    private const double LabelSize = 12;

    /// <summary>Begins a chart with its title and legend.</summary>
    public static SvgCanvas Begin(string title, IEnumerable<string> labels)
    {
        var canvas = new SvgCanvas(Width, Height, title);
        canvas.Text("title", Left, 28, SvgCanvas.Fit(title, Right - Left, TitleSize));
        Legend.Draw(canvas, Left, 50, Right - Left, labels);
        return canvas;
    }

    /// <summary>Draws the horizontal axis below the plot, which ends at <paramref name="right"/>.</summary>
    public static void DrawHorizontal(SvgCanvas canvas, string name, IEnumerable<(double X, string Label)> ticks, bool grid, double right = Right)
    {
        double free = double.MinValue;
        foreach ((double x, string label) in ticks)
        {
            if (grid)
            {
                canvas.Line("grid thin", x, Top, x, Bottom);
            }

            canvas.Line("axis thin", x, Bottom, x, Bottom + 5);
            double half = SvgCanvas.WidthOf(label, LabelSize) / 2;
            if (x - half >= free)
            {
                canvas.Text("", x, Bottom + 19, label, "middle");
                free = x + half + 6;
            }
        }

        canvas.Line("axis thin", Left, Bottom, right, Bottom);
        canvas.Text("", (Left + right) / 2, Bottom + 40, name, "middle");
    }

    /// <summary>Draws the vertical axis left of the plot.</summary>
    public static void DrawVertical(SvgCanvas canvas, string name, IEnumerable<(double Y, string Label)> ticks, bool grid)
    {
        double free = double.MaxValue;
        foreach ((double y, string label) in ticks)
        {
            if (grid)
            {
                canvas.Line("grid thin", Left, y, Right, y);
            }

            if (y + 4 <= free)
            {
                canvas.Text("", Left - 8, y + 4, label, "end");
                free = y - 8;
            }
        }

        canvas.TextUpwards("", 18, (Top + Bottom) / 2, name);
    }

    /// <summary>Says in the middle of the plot that there is nothing to show.</summary>
    public static void DrawEmpty(SvgCanvas canvas) => canvas.Text("", (Left + Right) / 2, (Top + Bottom) / 2, "No data", "middle");
}
