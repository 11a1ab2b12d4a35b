using MusicRnn.Notes;

namespace MusicRnn.Tests.Notes;

public class SeedPhraseTests
{
    private const double Second = 1e9;

    private readonly Piece _piece = SeedPhrase.Piece;

    [Fact]
    public void IsAPhraseOfSomeElevenSeconds()
    {
        Assert.Equal(53, _piece.Notes.Count);
        Assert.Equal(0, _piece.Notes[0].Onset);
        Assert.InRange(_piece.Notes.Max(note => note.Release) / Second, 10, 13);
        Assert.InRange(_piece.Pedal[^1].Time / Second, 10, 13);
    }

    [Fact]
    public void CanBePlayedWithTwoHands()
    {
        Assert.Equal(_piece.Notes.OrderBy(note => (note.Onset, note.Pitch)), _piece.Notes);
        foreach (IGrouping<byte, Note> key in _piece.Notes.GroupBy(note => note.Pitch))
        {
            Assert.All(key.Zip(key.Skip(1)), pair => Assert.True(pair.First.Release < pair.Second.Onset));
        }

        Assert.All(_piece.Notes, note => Assert.InRange(note.Velocity, 30, 70));
        Assert.All(_piece.Notes, note => Assert.InRange(note.Duration / Second, 0.15, 2));
        Assert.All(_piece.Pedal.Zip(_piece.Pedal.Skip(1)), pair => Assert.True(pair.First.Time < pair.Second.Time && pair.First.Down != pair.Second.Down));
        Assert.True(_piece.Pedal[0].Down && !_piece.Pedal[^1].Down);
    }

    [Fact]
    public void EndsOnTheTonic() =>
        Assert.Equal([45, 52, 57, 69], _piece.Notes.TakeLast(4).Select(note => (int)note.Pitch).Order());
}
