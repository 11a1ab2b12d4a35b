using System.Xml.Linq;
using MusicRnn.Charts;

namespace MusicRnn.Tests.Charts;

public class ChartTests
{
    private static readonly Histogram Steps = new("Steps", "s", [0, 0.01, 0.02, 1, 20], [new("True", [1, 2, 3, 4]), new("Predicted", [10, 0, 0, 0])]);

    private static readonly LineChart Losses = new("Loss", "notes", "nats", [
        new("Train", [(0, 9.5), (1, 7.25), (2, double.NaN), (3, 6.5), (4, -0.5)]),
        new("Validation", [(2, 7)])]);

    private static readonly HeatMap Keys = new("Keys", "before", "after", new double[,] { { 0, 0, 1 }, { 2, double.NaN, 4 } })
    {
        ColumnLabels = [(0, "C")],
        RowLabels = [(1, "D")],
    };

    [Fact]
    public void AHistogramHasOneOutlineASeriesAndTicksAtRoundValues()
    {
        XElement svg = Chart.Parse(Steps.ToSvg());

        Assert.Equal(2, Chart.Count(svg, "line"));
        Assert.Equal(2, Chart.Count(svg, "fill"));
        Assert.Contains("0", Chart.Texts(svg));
        Assert.Contains("5", Chart.Texts(svg));
        Assert.Contains("100", Chart.Texts(svg)); // The second series has all its weight in one bin.
        Assert.Contains("True", Chart.Texts(svg));
    }

    [Fact]
    public void AHistogramShowsSharesWhateverTheWeightsAddUpTo()
    {
        var scaled = new Histogram("Steps", "s", Steps.Edges, [.. Steps.Series.Select(series => new HistogramSeries(series.Label, [.. series.Weights.Select(weight => weight * 1000)]))]);

        Assert.Equal(Steps.ToSvg(), scaled.ToSvg());
    }

    [Fact]
    public void AHistogramOfWrongShapeIsRefused()
    {
        Assert.Throws<ArgumentException>(() => (Steps with { Edges = [0, 1] }).ToSvg());
        Assert.Throws<ArgumentException>(() => (Steps with { Edges = [0, 1, 1, 2, 3] }).ToSvg());
        Assert.Throws<ArgumentException>(() => (Steps with { Series = [new("Bad", [1, 1, 1, -1])] }).ToSvg());
        Assert.Throws<ArgumentException>(() => (Steps with { Series = [new("Bad", [1, 1, 1, double.NaN])] }).ToSvg());
    }

    [Fact]
    public void ALineHasAGapWhereAPointIsMissing()
    {
        XElement svg = Chart.Parse(Losses.ToSvg());
        string train = Chart.Of(svg, "line").First().Attribute("d")!.Value;

        Assert.Equal(2, train.Count(c => c == 'M'));
        Assert.Equal(2, train.Count(c => c == 'L'));
        Assert.Contains("\u22122", Chart.Texts(svg)); // Minus two: the axis reaches below the least point.
    }

    [Fact]
    public void AHeatMapDrawsEveryFiniteCellOnce()
    {
        XElement svg = Chart.Parse(Keys.ToSvg());
        int bar = ChartTheme.HeatLevels;

        // Four runs of one colour: 0 0, 1, 2, 4; what is no number is left out.
        Assert.Equal(4 + bar, Chart.Of(svg, "cell").Sum(path => path.Attribute("d")!.Value.Count(c => c == 'M')));
        Assert.Contains("C", Chart.Texts(svg));
        Assert.Contains("D", Chart.Texts(svg));
    }

    [Fact]
    public void NothingToShowIsSaid()
    {
        Assert.Contains("No data", Chart.Texts(Chart.Parse(new Histogram("Empty", "s", [], []).ToSvg())));
        Assert.Contains("No data", Chart.Texts(Chart.Parse((Steps with { Series = [new("Zero", [0, 0, 0, 0])] }).ToSvg())));
        Assert.Contains("No data", Chart.Texts(Chart.Parse(new LineChart("Empty", "x", "y", []).ToSvg())));
        Assert.Contains("No data", Chart.Texts(Chart.Parse(new HeatMap("Empty", "x", "y", new double[0, 0]).ToSvg())));
    }

    [Fact]
    public void OneValueIsEnough()
    {
        Chart.Parse(new LineChart("One", "x", "y", [new("a", [(5, 5)])]).ToSvg());
        Chart.Parse(new Histogram("One", "x", [0, 1], [new("a", [1])]).ToSvg());
        Chart.Parse(new HeatMap("One", "x", "y", new double[,] { { 7 } }).ToSvg());
    }

    [Fact]
    public void TitlesAndLabelsAreEscaped()
    {
        Chart.AssertEscapes(text => new Histogram(text, text, Steps.Edges, [new(text, [1, 2, 3, 4])]).ToSvg());
        Chart.AssertEscapes(text => new LineChart(text, text, text, [new(text, [(1, 1)])]).ToSvg());
        Chart.AssertEscapes(text => new HeatMap(text, text, text, Keys.Values) { RowLabels = [(0, text)] }.ToSvg());
    }

    [Fact]
    public void TheSameChartIsTheSameTextInEveryLanguage()
    {
        Chart.AssertDeterministic(Steps.ToSvg);
        Chart.AssertDeterministic(Losses.ToSvg);
        Chart.AssertDeterministic(Keys.ToSvg);
    }
}
