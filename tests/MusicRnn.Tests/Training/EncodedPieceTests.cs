using MusicRnn.Model;
using MusicRnn.Notes;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

public sealed class EncodedPieceTests : IDisposable
{
    private const long Second = 1_000_000_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("musicrnn").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void NotesOfOneFrameGoFromLowToHigh()
    {
        using Corpus corpus = Write(
            [new Note(1_001_000_000, Second, 72, 80), new Note(1_003_000_000, Second, 60, 70), new Note(1_502_000_000, Second / 2, 64, 60)], []);
        EncodedPiece encoded = EncodedPiece.Encode(corpus.Pieces[0]);
        Assert.Equal([100, 100, 150], encoded.Onset);
        Assert.Equal([60 - 21, 72 - 21, 64 - 21], encoded.Pitch.Select(pitch => (int)pitch));
        Assert.Equal([17, 20, 15], encoded.Velocity.Select(level => (int)level));
        Assert.Equal([200, 200, 200], encoded.Release);
    }

    [Fact]
    public void ThePedalIsSeenAtEachOnsetAndItsMovesBelongToTheStepBefore()
    {
        Note[] notes = [.. Enumerable.Range(0, 5).Select(i => new Note(i * Second, Second / 2, 60, 64))];
        using Corpus corpus = Write(notes,
        [
            new PedalChange(100_000_000, true), // pressed in the first step
            new PedalChange(1_200_000_000, false), new PedalChange(1_700_000_000, true), // changed in the second
            new PedalChange(2_900_000_000, false), // lifted in the third
        ]);
        EncodedPiece encoded = EncodedPiece.Encode(corpus.Pieces[0]);
        Assert.Equal([false, true, true, false, false], encoded.PedalDown);
        Assert.Equal(-1, encoded.PedalClass[0]);
        Assert.Equal(PedalMove.Press, NoteEncoding.PedalOf(encoded.PedalClass[1]).Move);
        (PedalMove move, float first, float second) = NoteEncoding.PedalOf(encoded.PedalClass[2]);
        Assert.Equal(PedalMove.Change, move);
        Assert.Equal(0.2f, first, 0.13f);
        Assert.Equal(0.7f, second, 0.13f);
        (move, first, _) = NoteEncoding.PedalOf(encoded.PedalClass[3]);
        Assert.Equal(PedalMove.Lift, move);
        Assert.Equal(0.9f, first, 0.07f);
        Assert.Equal(0, encoded.PedalClass[4]);
    }

    [Fact]
    public void TranspositionTempoAndLoudnessChangeWhatTheySay()
    {
        using Corpus corpus = Write([new Note(Second, Second, 60, 64), new Note(2 * Second, Second, 67, 64)], [new PedalChange(1_500_000_000, true)]);
        EncodedPiece plain = EncodedPiece.Encode(corpus.Pieces[0]), changed = EncodedPiece.Encode(corpus.Pieces[0], transpose: 3, tempo: 1.1, louder: 2);
        Assert.Equal(plain.Pitch.Select(pitch => pitch + 3), changed.Pitch.Select(pitch => (int)pitch));
        Assert.Equal([110, 220], changed.Onset);
        Assert.Equal(plain.Velocity.Select(level => level + 2), changed.Velocity.Select(level => (int)level));
        Assert.Equal(plain.PedalClass, changed.PedalClass);
        Assert.Equal(plain.Pitch, EncodedPiece.Encode(corpus.Pieces[0], transpose: 60).Pitch);
    }

    [Fact]
    public void EveryPedalClassComesBackAsItself()
    {
        for (int i = 0; i < NoteEncoding.PedalClasses; i++)
        {
            (PedalMove move, float first, float second) = NoteEncoding.PedalOf(i);
            Assert.Equal(i, NoteEncoding.PedalClass(move, first, second));
            Assert.True(move == PedalMove.None || NoteEncoding.IsPossible(i, move != PedalMove.Press));
            Assert.True(move == PedalMove.None || !NoteEncoding.IsPossible(i, move == PedalMove.Press));
            Assert.True(move != PedalMove.Change || second > first);
        }
    }

    [Fact]
    public void EveryFrameLiesInTheBinThatSaysSo()
    {
        for (int bin = 0; bin < Grid.Bins; bin++)
        {
            Assert.True(Grid.Width(bin) > 0);
            Assert.Equal(bin, Grid.BinOf(Grid.FirstFrame(bin)));
            Assert.Equal(bin, Grid.BinOf(Grid.FirstFrame(bin) + Grid.Width(bin) - 1));
        }

        Assert.Equal(Grid.Bins - 1, Grid.BinOf(1_000_000));
        Assert.Equal(1, Grid.FrameOf(5_000_000));
        Assert.Equal(1, Grid.FrameOf(4_999_999)); // a tie must not hang on a clock's last digit
        Assert.Equal(0, Grid.FrameOf(4_990_000));
    }

    private Corpus Write(IReadOnlyList<Note> notes, IReadOnlyList<PedalChange> pedal)
    {
        string path = Path.Combine(_folder, "piece.corpus");
        var writer = new CorpusWriter();
        writer.Add("piece.mid", "", Split.Train, new Piece(notes, pedal));
        writer.Write(path);
        return Corpus.Open(path);
    }
}
