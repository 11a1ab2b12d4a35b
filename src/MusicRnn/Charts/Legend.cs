using System.Globalization;

namespace MusicRnn.Charts;

/// <summary>The row above a chart that says which colour is what.</summary>
internal static class Legend
{
    private const double Swatch = 24;
    private const double Gap = 20;
    private const double Size = 12;

    /// <summary>Draws it, its base line at <paramref name="y"/>; where all are too long for the width, each is shortened.</summary>
    public static void Draw(SvgCanvas canvas, double x, double y, double width, IEnumerable<string> labels)
    {
        string[] names = [.. labels];
        double room = names.Sum(name => Swatch + SvgCanvas.WidthOf(name, Size) + Gap) <= width ? width : (width / names.Length) - Swatch - Gap;
        foreach ((int index, string label) in names.Select(name => SvgCanvas.Fit(name, room, Size)).Index())
        {
            canvas.Rectangle("f" + (index % ChartTheme.Series).ToString(CultureInfo.InvariantCulture), x, y - 10, 18, 11, 2.5, 0.9);
            canvas.Text("", x + Swatch, y, label);
            x += Swatch + SvgCanvas.WidthOf(label, Size) + Gap;
        }
    }
}
