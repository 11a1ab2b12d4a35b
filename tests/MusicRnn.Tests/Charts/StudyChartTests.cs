using System.Xml.Linq;
using MusicRnn.Charts;
using MusicRnn.Model;
using MusicRnn.Notes;

namespace MusicRnn.Tests.Charts;

public class StudyChartTests
{
    private static readonly NoteCounts Counts = MakeCounts();

    [Fact]
    public void TheFourHistogramsOfNotesCoverEveryNote()
    {
        var histograms = new NoteHistograms([("one", Counts), ("none", new NoteCounts())]);

        Assert.Equal(["pitch", "step", "duration", "velocity"], histograms.Charts.Select(chart => chart.Name));
        Assert.Equal([3, 2, 3, 3], histograms.Charts.Select(chart => chart.Chart.Series[0].Weights.Sum()));
        XElement pitch = Chart.Parse(histograms.Charts[0].Chart.ToSvg());
        Assert.Contains("C4", Chart.Texts(pitch));
        Assert.DoesNotContain("C1", Chart.Texts(pitch)); // only the keys that are played and a little more
        foreach ((_, Histogram chart) in new NoteHistograms([("none", new NoteCounts())]).Charts)
        {
            Assert.Contains("No data", Chart.Texts(Chart.Parse(chart.ToSvg())));
        }
    }

    [Fact]
    public void ASheetHoldsItsChartsSideBySide()
    {
        XElement sheet = Chart.Parse(new NoteHistograms([("one", Counts)]).ToSvg("All of it"));
        XElement[] nested = [.. sheet.Descendants().Where(element => element.Name.LocalName == "svg")];

        Assert.Equal([(0, 44), (720, 44), (0, 444), (720, 444)], nested.Select(chart => (Chart.Number(chart, "x"), Chart.Number(chart, "y"))));
        Assert.Equal((1440, 844), (Chart.Number(sheet, "width"), Chart.Number(sheet, "height")));
        Assert.Contains("All of it", Chart.Texts(sheet));
    }

    [Fact]
    public void BarsAreAsLongAsTheirNumbers()
    {
        XElement svg = Chart.Parse(new BarChart("Hours", "hours", [("Schubert", 30), ("Berg", 15), ("Nobody", 0)]).ToSvg());
        double[] widths = [.. Chart.Of(svg, "f0").Select(bar => Chart.Number(bar, "width"))];

        Assert.Equal(widths[0] / 2, widths[1], 1);
        Assert.Equal(0, widths[2]);
        Assert.Contains("Schubert", Chart.Texts(svg));
        Chart.Parse(new BarChart("Empty", "hours", []).ToSvg());
    }

    [Fact]
    public void ADiagramShowsEveryPartOfANetworkOnce()
    {
        using Network network = Network.CreateRandom(new NetworkShape(3, 32, 48, 16), 1);
        XElement svg = Chart.Parse(new NetworkDiagram("net", network.Layout).ToSvg());
        IReadOnlyList<NetworkPart> parts = NetworkPart.Of(network.Layout);

        Assert.Equal(network.Layout.Parameters, parts.Sum(part => part.Parameters));
        Assert.Equal(3, parts.Count(part => part.Kind == NetworkPartKind.Layer));
        Assert.Equal("4 heads over the last 128 notes", parts.Single(part => part.Kind == NetworkPartKind.Attention).Shape);
        Assert.Equal(1, parts.Count(part => part.Kind == NetworkPartKind.Projection));
        Assert.Equal(["step", "pitch", "velocity", "duration", "pedal"], parts.Where(part => part.Kind == NetworkPartKind.Head).Select(part => part.Name));
        Assert.Equal(["80 + 16", "88 + 512 + 96", "32", "16 + 80", "27"], parts.Where(part => part.Kind == NetworkPartKind.Head).Select(part => part.Shape));
        Assert.Equal(["velocity", "duration"], parts.Where(part => part.HasAttention).Select(part => part.Name));
        Assert.Contains("step", parts.Single(part => part is { Kind: NetworkPartKind.Head, Name: "pitch" }).Given);
        Assert.All(parts, part => Assert.Contains(Chart.Texts(svg), text => text.EndsWith(part.Name, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(2, 384, 512, 256)]
    [InlineData(3, 2048, 4096, 1024)]
    public void ADiagramSaysAllOfEveryPartWithinItsBox(int layers, int embedding, int hidden, int head)
    {
        var layout = new NetworkLayout(new NetworkShape(layers, embedding, hidden, head));
        XElement svg = Chart.Parse(new NetworkDiagram("net", layout).ToSvg());
        (double Left, double Top, double Right, double Bottom)[] boxes =
        [
            .. Chart.Of(svg, "ground").Skip(1).Select(box => (X: Chart.Number(box, "x"), Y: Chart.Number(box, "y"), Box: box))
                .Select(box => (box.X, box.Y, box.X + Chart.Number(box.Box, "width"), box.Y + Chart.Number(box.Box, "height"))),
        ];
        string[] given = [.. NetworkPart.Of(layout).Select(part => part.Given).Where(given => given.Count > 0).Select(given => "given " + string.Join(", ", given))];

        Assert.DoesNotContain(Chart.Texts(svg), text => text.Contains('\u2026'));
        Assert.Subset(Chart.Texts(svg).ToHashSet(), given.ToHashSet());
        Assert.All(boxes, box =>
        {
            (double X, double Y, double Left, double Right)[] texts = [.. Lines(svg).Where(line => line.X > box.Left && line.X < box.Right && line.Y > box.Top && line.Y < box.Bottom)];
            Assert.InRange(texts.Length, 2, 3);
            Assert.All(texts, text => Assert.True(text.Left > box.Left && text.Right < box.Right));
            Assert.All(texts.Skip(2), last => Assert.All(texts.Take(2), text => Assert.True(text.Y != last.Y || text.Right < last.Left)));
        });
    }

    [Fact]
    public void CellsThatArePointedOutHaveAnOutline()
    {
        var map = new HeatMap("Passage", "note", "key", new double[,] { { 0, 1 }, { 1, 0 } }) { Marks = [(0, 0), (1, 1)] };

        Assert.Equal(2, Chart.Count(Chart.Parse(map.ToSvg()), "l1"));
    }

    [Fact]
    public void ADiagonalMarksWhereBothAxesAreEqual()
    {
        XElement svg = Chart.Parse((new LineChart("Sure", "x", "y", [new("a", [(0.2, 0.3), (0.4, 0.4)])]) { Diagonal = true }).ToSvg());

        Assert.Equal(1, Chart.Count(svg, "dashed"));
        Assert.Contains("1.0", Chart.Texts(svg));
    }

    [Fact]
    public void WhatIsTooLongIsShortenedInItsMiddle()
    {
        string name = string.Concat(Enumerable.Repeat("0123456789", 20));
        XElement svg = Chart.Parse(new PianoRoll(name, [new(name, new Piece([new Note(0, 1, 60, 60)], [])), new(name, new Piece([], []))]).ToSvg());
        string[] texts = [.. Chart.Texts(svg).Where(text => text.Contains('\u2026'))];

        Assert.Equal(3, texts.Length);
        Assert.All(texts, text => Assert.True(text.StartsWith("012", StringComparison.Ordinal) && text.EndsWith("789", StringComparison.Ordinal)));
        Assert.Equal("short", SvgCanvas.Fit("short", 100, 12));
        Assert.Equal("0\u20262", SvgCanvas.Fit("01234567890123456789012", 1, 12));
    }

    [Fact]
    public void TheSameChartIsTheSameTextInEveryLanguage()
    {
        using Network network = Network.CreateRandom(new NetworkShape(1, 1024, 48, 16), 1);
        Chart.AssertDeterministic(() => new NoteHistograms([("one", Counts)]).ToSvg("All"));
        Chart.AssertDeterministic(() => new BarChart("Hours", "hours", [("a", 1.5)]).ToSvg());
        Chart.AssertDeterministic(() => new NetworkDiagram("net", network.Layout).ToSvg());
    }

    [Fact]
    public void TitlesAndLabelsAreEscaped()
    {
        using Network network = Network.CreateRandom(new NetworkShape(1, 16, 16, 16), 1);
        Chart.AssertEscapes(text => new BarChart(text, text, [(text, 1)]).ToSvg());
        Chart.AssertEscapes(text => ChartSheet.ToSvg(text, 1, []));
        Chart.AssertEscapes(text => new NetworkDiagram(text, network.Layout).ToSvg());
    }

    /// <summary>The texts of a picture: their places, and about how far each reaches.</summary>
    private static IEnumerable<(double X, double Y, double Left, double Right)> Lines(XElement svg)
    {
        foreach (XElement text in svg.Descendants().Where(element => element.Name.LocalName == "text"))
        {
            double x = Chart.Number(text, "x"), width = SvgCanvas.WidthOf(text.Value, text.Attribute("class")!.Value == "small" ? 10.5 : 12);
            bool endsThere = text.Attribute("text-anchor") is not null;
            yield return (x, Chart.Number(text, "y"), endsThere ? x - width : x, endsThere ? x : x + width);
        }
    }

    private static NoteCounts MakeCounts()
    {
        var counts = new NoteCounts();
        counts.Add(new Piece([new Note(0, 100_000_000, 57, 64), new Note(200_000_000, 100_000_000, 60, 70), new Note(400_000_000, 2_000_000_000, 64, 80)], []));
        return counts;
    }
}
