namespace MusicRnn.Charts;

/// <summary>Numbers by name, as SVG: one horizontal bar each, from the top down.</summary>
/// <param name="Title">What is shown.</param>
/// <param name="ValueName">What the bars count, with the unit.</param>
/// <param name="Bars">The names and numbers, none negative.</param>
public sealed record BarChart(string Title, string ValueName, IReadOnlyList<(string Label, double Value)> Bars)
{
    private const double Row = 19;
    private const double Top = 50;
    private const double LabelSize = 12;

    /// <summary>Draws it.</summary>
    public string ToSvg()
    {
        double left = 30 + Bars.Select(bar => SvgCanvas.WidthOf(bar.Label, LabelSize)).DefaultIfEmpty().Max();
        double bottom = Top + (Math.Max(1, Bars.Count) * Row);
        var canvas = new SvgCanvas(ChartFrame.Width, bottom + 52, Title);
        canvas.Text("title", 22, 28, Title);
        var values = Axis.Round(0, Bars.Select(bar => bar.Value).DefaultIfEmpty(1).Max(), left, ChartFrame.Right);
        foreach ((double value, string label) in values.Ticks(6))
        {
            canvas.Line("grid thin", values.At(value), Top, values.At(value), bottom);
            canvas.Text("", values.At(value), bottom + 18, label, "middle");
        }

        for (int i = 0; i < Bars.Count; i++)
        {
            double y = Top + (i * Row);
            canvas.Text("", left - 8, y + 13, Bars[i].Label, "end");
            canvas.Rectangle("f0", left, y + 3, Math.Max(0, values.At(Bars[i].Value) - left), Row - 6, 2, 0.85);
        }

        canvas.Line("axis thin", left, Top, left, bottom);
        canvas.Text("", (left + ChartFrame.Right) / 2, bottom + 38, ValueName, "middle");
        return canvas.Finish();
    }
}
