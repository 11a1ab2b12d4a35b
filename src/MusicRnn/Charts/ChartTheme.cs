using System.Globalization;
using System.Text;

namespace MusicRnn.Charts;

/// <summary>The colours and type of every chart: one set for light surroundings, one for dark, chosen by the viewer (prefers-color-scheme).</summary>
internal static class ChartTheme
{
    /// <summary>The number of series colours; a fifth series takes the first again.</summary>
    public const int Series = 4;

    /// <summary>The number of steps of a heat map's colours.</summary>
    public const int HeatLevels = 32;

    // Blue and orange first: told apart in every common kind of colour blindness, and in grey by their lightness.
    private static readonly string[] LightSeries = ["#2166ac", "#e0702b", "#1b8a6b", "#8a4fb5"];
    private static readonly string[] DarkSeries = ["#6cb0f5", "#ff9a57", "#4fcfa6", "#c79bf0"];

    // From nearly the ground to full contrast with it, evenly lighter or darker.
    private static readonly int[] LightHeat = [0xEEF3F8, 0xB9D5EA, 0x6AAED6, 0x2678B6, 0x0B3E7F, 0x06183A];
    private static readonly int[] DarkHeat = [0x1A222D, 0x1D3F68, 0x2A6CA8, 0x4FA3D9, 0xA5D8F0, 0xFFF7D6];

    /// <summary>The styles, as a style sheet.</summary>
    public static string Css { get; } = MakeCss();

    private static string MakeCss()
    {
        var css = new StringBuilder();
        css.Append("text{font-family:system-ui,-apple-system,'Segoe UI',Inter,'Helvetica Neue',Arial,sans-serif;font-size:12px}\n");
        css.Append(".title{font-size:16px;font-weight:600}.small{font-size:10.5px}.mark{font-weight:600}\n");
        css.Append(".line{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}.dashed{stroke-dasharray:5 4}\n");
        css.Append(".fill{fill-opacity:.22}.thin{fill:none;stroke-width:1}.turn{stroke-dasharray:4 3;stroke-width:1.2}.cell{shape-rendering:crispEdges}\n");
        AppendScheme(css, "#ffffff", "#1d2430", "#667085", "#f2f4f7", "#e4e7ec", "#cfd4dc", "#98a2b3", "#fdfdfe", "#2b3240", LightSeries, LightHeat);
        css.Append("@media (prefers-color-scheme:dark){\n");
        AppendScheme(css, "#12161c", "#e7eaf0", "#98a2b3", "#181d25", "#232a35", "#38414f", "#667085", "#b4bcc9", "#0a0c10", DarkSeries, DarkHeat);
        return css.Append("}\n").ToString();
    }

    private static void AppendScheme(
        StringBuilder css, string ground, string ink, string muted, string shade, string grid, string strong, string axis, string white, string black, string[] series, int[] heat)
    {
        css.Append(CultureInfo.InvariantCulture, $"text{{fill:{muted}}}.title,.mark{{fill:{ink}}}.ground{{fill:{ground}}}.shade{{fill:{shade}}}\n");
        css.Append(CultureInfo.InvariantCulture, $".grid{{stroke:{grid}}}.strong{{stroke:{strong}}}.axis{{stroke:{axis}}}.turn{{stroke:{ink}}}\n");
        css.Append(CultureInfo.InvariantCulture, $".white{{fill:{white};stroke:{strong};stroke-width:.6}}.black{{fill:{black}}}.key{{fill:{muted}}}.edge{{fill:none;stroke:{strong}}}\n");
        for (int i = 0; i < Series; i++)
        {
            css.Append(CultureInfo.InvariantCulture, $".f{i}{{fill:{series[i]}}}.l{i}{{stroke:{series[i]}}}");
        }

        css.Append('\n');
        for (int i = 0; i < HeatLevels; i++)
        {
            css.Append(CultureInfo.InvariantCulture, $".h{i}{{fill:#{Blend(heat, i / (HeatLevels - 1.0)):x6}}}");
        }

        css.Append('\n');
    }

    /// <summary>The colour at a place (0-1) along a row of colours.</summary>
    private static int Blend(int[] colours, double place)
    {
        double at = place * (colours.Length - 1);
        int index = Math.Min((int)at, colours.Length - 2);
        double part = at - index;
        int result = 0;
        for (int shift = 16; shift >= 0; shift -= 8)
        {
            int from = (colours[index] >> shift) & 0xFF, to = (colours[index + 1] >> shift) & 0xFF;
            result |= (int)Math.Round(from + (part * (to - from))) << shift;
        }

        return result;
    }
}
