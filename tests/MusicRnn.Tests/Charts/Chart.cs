using System.Globalization;
using System.Xml.Linq;

namespace MusicRnn.Tests.Charts;

/// <summary>What the tests of all charts look at.</summary>
internal static class Chart
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static XElement Parse(string svg)
    {
        var root = XElement.Parse(svg);
        Assert.Equal(Svg + "svg", root.Name);
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("\u221E", svg, StringComparison.Ordinal);
        Assert.All(root.Descendants(Svg + "rect"), rectangle => Assert.True(Number(rectangle, "width") >= 0 && Number(rectangle, "height") >= 0));
        return root;
    }

    public static IEnumerable<XElement> Of(XElement svg, string style) =>
        svg.Descendants().Where(element => element.Attribute("class")?.Value.Split(' ').Contains(style) == true);

    public static int Count(XElement svg, string style) => Of(svg, style).Count();

    public static IEnumerable<string> Texts(XElement svg) => svg.Descendants(Svg + "text").Select(text => text.Value);

    public static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    public static void AssertEscapes(Func<string, string> draw)
    {
        const string text = "<script>&amp; \"a\" 'b' ]]> é \U0001F3B9";
        XElement svg = Parse(draw(text));
        Assert.Equal(text, svg.Element(Svg + "title")!.Value);
        Assert.Contains(text, Texts(svg));
        Assert.Empty(svg.Descendants(Svg + "script"));
        Assert.Contains("a\uFFFDb\uFFFD", Texts(Parse(draw("a\0b\uD800"))));
    }

    public static void AssertDeterministic(Func<string> draw)
    {
        string svg = draw();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            comma.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = comma;
            Assert.Equal("0,5", 0.5.ToString(CultureInfo.CurrentCulture));
            Assert.Equal(svg, draw());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
