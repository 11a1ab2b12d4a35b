using System.Globalization;

namespace MusicRnn.Charts;

/// <summary>The row above a chart that says which colour is what.</summary>
internal static class Legend
{
    /// <summary>Draws it, its base line at <paramref name="y"/>.</summary>
    public static void Draw(SvgCanvas canvas, double x, double y, IEnumerable<string> labels)
    {
        foreach ((int index, string label) in labels.Index())
        {
            canvas.Rectangle("f" + (index % ChartTheme.Series).ToString(CultureInfo.InvariantCulture), x, y - 10, 18, 11, 2.5, 0.9);
            canvas.Text("", x + 24, y, label);
            x += 24 + SvgCanvas.WidthOf(label, 12) + 20;
        }
    }
}
