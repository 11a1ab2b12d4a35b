using MusicRnn.Notes;

namespace MusicRnn.Tests.Notes;

public class NoteCountsTests
{
    private const long Ms = 1_000_000;

    private static readonly Piece Two = new(
        [new Note(1000 * Ms, 500 * Ms, 60, 64), new Note(1000 * Ms, 2000 * Ms, 64, 64), new Note(1200 * Ms, 30 * Ms, 60, 100)],
        [new PedalChange(0, true), new PedalChange(1500 * Ms, false), new PedalChange(2500 * Ms, true)]);

    [Fact]
    public void EveryFeatureOfEveryNoteIsCountedInItsBin()
    {
        var counts = new NoteCounts();
        counts.Add(Two);

        Assert.Equal((1, 3, 2.0, 1.0), (counts.Pieces, counts.Notes, counts.Seconds, counts.PedalSeconds)); // pedal: 1.0-1.5 s and 2.5-3.0 s
        Assert.Equal((2, 1, 3), (counts.Pitches[60], counts.Pitches[64], counts.Pitches.Sum()));
        Assert.Equal((2, 1), (counts.Velocities[64], counts.Velocities[100]));
        Assert.Equal((1, 1, 2), (counts.Steps[0], counts.Steps[Bin(0.2)], counts.Steps.Sum()));
        Assert.Equal((1, 1, 1, 3), (counts.Durations[Bin(0.03)], counts.Durations[Bin(0.5)], counts.Durations[Bin(2)], counts.Durations.Sum()));
    }

    [Fact]
    public void WhatOthersCountedIsAdded()
    {
        var once = new NoteCounts();
        var twice = new NoteCounts();
        once.Add(Two);
        twice.Add(Two);
        twice.Add(once);

        Assert.Equal((2, 6, 4.0, 2.0), (twice.Pieces, twice.Notes, twice.Seconds, twice.PedalSeconds));
        Assert.Equal(1, NoteCounts.Overlap(once.Steps, twice.Steps), 12);
    }

    [Fact]
    public void AnEmptyPieceCountsNothing()
    {
        var counts = new NoteCounts();
        counts.Add(new Piece([], [new PedalChange(0, true)]));

        Assert.Equal((0, 0, 0.0, 0.0), (counts.Pieces, counts.Notes, counts.Seconds, counts.PedalSeconds));
    }

    [Fact]
    public void AnOverlapIsTheShareInCommonWhateverTheSizes()
    {
        Assert.Equal(0.5, NoteCounts.Overlap([1, 1, 0], [0, 30, 30]), 12);
        Assert.Equal(0, NoteCounts.Overlap([1, 0], [0, 1]));
        Assert.Equal(0, NoteCounts.Overlap([0, 0], [0, 1]));
    }

    [Fact]
    public void TimesAreBinnedEverWiderAndTheLongestHaveAPlaceToo()
    {
        IReadOnlyList<double> edges = NoteCounts.TimeEdges;
        double[] widths = [.. edges.Skip(1).Zip(edges, (next, edge) => next - edge)];
        Assert.All(widths.Zip(widths.Skip(1)), pair => Assert.True(pair.Second > pair.First - 0.0011));
        var counts = new NoteCounts();
        counts.Add(new Piece([new Note(0, 100_000 * Ms, 60, 64)], []));
        Assert.Equal(1, counts.Durations[^1]);
    }

    [Fact]
    public void APartOfAPieceKeepsItsTimesAndThePedalThatIsDown()
    {
        Piece part = Two.Between(1100 * Ms, 2500 * Ms);

        Assert.Equal([Two.Notes[2]], part.Notes);
        Assert.Equal([new PedalChange(1100 * Ms, true), new PedalChange(1500 * Ms, false)], part.Pedal);
        Assert.Equal(Two.Notes, Two.Between(0, long.MaxValue).Notes);
        Assert.Equal(Two.Pedal, Two.Between(0, long.MaxValue).Pedal);
    }

    [Theory]
    [InlineData("60 62 64 65 67 69 71 72", 0, false)]
    [InlineData("66 68 70 71 73 75 77 78", 6, false)]
    [InlineData("57 59 60 62 64 65 68 69 57 60 64 57", 9, true)]
    public void AScaleIsHeardInItsKey(string pitches, int tonic, bool isMinor)
    {
        MusicalKey key = MusicalKey.Of(pitches.Split(' ').Select(pitch => new Note(0, 500 * Ms, byte.Parse(pitch, System.Globalization.CultureInfo.InvariantCulture), 64)));

        Assert.Equal(new MusicalKey(tonic, isMinor), key);
        Assert.Equal(7, Enumerable.Range(60, 12).Count(key.Contains));
        Assert.True(key.Contains(tonic + 48));
        Assert.Equal(isMinor, key.Contains(tonic + 51)); // the third
    }

    private static int Bin(double seconds) => NoteCounts.TimeEdges.Count(edge => edge <= seconds) - 1;
}
