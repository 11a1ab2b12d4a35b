using System.Globalization;
using System.Text;

namespace MusicRnn.Charts;

/// <summary>
/// Writes an SVG 1.1 document, element by element. Sizes are in pixels, x to the right and y down; numbers are written with
/// at most two decimals and a point whatever the machine's language, so that the same chart is the same text everywhere.
/// </summary>
internal sealed class SvgCanvas
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins a document with the charts' styles, a background and a title for those who cannot see it.</summary>
    public SvgCanvas(double width, double height, string title)
    {
        string w = Number(width), h = Number(height);
        _text.Append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"").Append(w).Append("\" height=\"").Append(h)
            .Append("\" viewBox=\"0 0 ").Append(w).Append(' ').Append(h).Append("\" role=\"img\">\n");
        _text.Append("<title>");
        AppendEscaped(title);
        _text.Append("</title>\n<style>\n").Append(ChartTheme.Css).Append("</style>\n");
        Rectangle("ground", 0, 0, width, height);
    }

    /// <summary>A filled rectangle; <paramref name="opacity"/> 1 is solid.</summary>
    public void Rectangle(string style, double x, double y, double width, double height, double radius = 0, double opacity = 1)
    {
        _text.Append("<rect class=\"").Append(style).Append('"');
        Attribute("x", x);
        Attribute("y", y);
        Attribute("width", width);
        Attribute("height", height);
        if (radius > 0)
        {
            Attribute("rx", radius);
        }

        if (opacity < 1)
        {
            Attribute("fill-opacity", opacity);
        }

        _text.Append("/>\n");
    }

    /// <summary>A straight line.</summary>
    public void Line(string style, double x1, double y1, double x2, double y2)
    {
        _text.Append("<line class=\"").Append(style).Append('"');
        Attribute("x1", x1);
        Attribute("y1", y1);
        Attribute("x2", x2);
        Attribute("y2", y2);
        _text.Append("/>\n");
    }

    /// <summary>A path; nothing where it is empty.</summary>
    public void Path(string style, SvgPath path)
    {
        if (!path.IsEmpty)
        {
            _text.Append("<path class=\"").Append(style).Append("\" d=\"").Append(path).Append("\"/>\n");
        }
    }

    /// <summary>A line of text on its base line; the anchor is start, middle or end.</summary>
    public void Text(string style, double x, double y, string text, string anchor = "start")
    {
        _text.Append("<text class=\"").Append(style).Append('"');
        Attribute("x", x);
        Attribute("y", y);
        if (anchor != "start")
        {
            _text.Append(" text-anchor=\"").Append(anchor).Append('"');
        }

        _text.Append('>');
        AppendEscaped(text);
        _text.Append("</text>\n");
    }

    /// <summary>A line of text that reads upwards, its middle at the point.</summary>
    public void TextUpwards(string style, double x, double y, string text)
    {
        _text.Append("<text class=\"").Append(style).Append("\" text-anchor=\"middle\" transform=\"translate(")
            .Append(Number(x)).Append(' ').Append(Number(y)).Append(") rotate(-90)\">");
        AppendEscaped(text);
        _text.Append("</text>\n");
    }

    /// <summary>Another document, at a place in this one.</summary>
    public void Nest(string svg, double x, double y)
    {
        const string start = "<svg ";
        _text.Append(start);
        Attribute("x", x);
        Attribute("y", y);
        _text.Append(' ').Append(svg.AsSpan(start.Length));
    }

    /// <summary>The document, ended.</summary>
    public string Finish() => _text.Append("</svg>\n").ToString();

    /// <summary>A number as SVG has it: at most two decimals.</summary>
    public static string Number(double value)
    {
        string text = Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    /// <summary>About how many pixels a text of the given size takes; charts leave room by it.</summary>
    public static double WidthOf(string text, double size) => text.Length * size * 0.58;

    /// <summary>A text, with its middle left out where it would be wider than there is room.</summary>
    public static string Fit(string text, double width, double size)
    {
        int most = Math.Max(3, (int)(width / (size * 0.58)));
        int end = (most - 1) / 2;
        return text.Length <= most ? text : string.Concat(text.AsSpan(0, most - 1 - end), "\u2026", text.AsSpan(text.Length - end));
    }

    private void Attribute(string name, double value) =>
        _text.Append(' ').Append(name).Append("=\"").Append(Number(value)).Append('"');

    private void AppendEscaped(string text)
    {
        foreach (Rune rune in text.EnumerateRunes()) // Lone surrogates come out as U+FFFD.
        {
            switch (rune.Value)
            {
                case '<':
                    _text.Append("&lt;");
                    break;
                case '>':
                    _text.Append("&gt;");
                    break;
                case '&':
                    _text.Append("&amp;");
                    break;
                case < 0x20 and not '\t' and not '\n' or 0xFFFE or 0xFFFF:
                    _text.Append('\uFFFD'); // XML 1.0 has no way to say these.
                    break;
                default:
                    _text.Append(rune.ToString());
                    break;
            }
        }
    }
}
