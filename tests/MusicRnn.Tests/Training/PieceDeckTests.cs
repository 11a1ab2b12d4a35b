using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

public sealed class PieceDeckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("musicrnn").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void EachEpochHasEveryPieceOnceAndADrawFollowsFromItsNumberAlone()
    {
        using Corpus corpus = ScaleCorpus.Write(Path.Combine(_folder, "scales.corpus"));
        var options = new TrainingOptions { Transpose = 0, Tempo = 0, Louder = 0, Cut = 0.5 };
        var deck = new PieceDeck(corpus.Pieces, options);
        var orders = new HashSet<string>();
        for (int epoch = 0; epoch < 5; epoch++)
        {
            int[] lengths = [.. Enumerable.Range(epoch * corpus.Pieces.Count, corpus.Pieces.Count).Select(number => deck.Draw(number).Piece.Count)];
            Assert.Equal(corpus.Pieces.Select(piece => piece.Notes.Length), lengths.Order()); // each piece has a note more than the one before
            orders.Add(string.Join(' ', lengths));
        }

        Assert.Equal(5, orders.Count);
        (EncodedPiece piece, int[] cuts) = deck.Draw(3);
        (EncodedPiece again, int[] cutsAgain) = new PieceDeck(corpus.Pieces, options).Draw(3); // as after a kill
        Assert.Equal(piece.Pitch, again.Pitch);
        Assert.Equal(cuts, cutsAgain);
    }

    [Fact]
    public void APieceComesTransposedStretchedAndShadedWithinItsBounds()
    {
        using Corpus corpus = ScaleCorpus.Write(Path.Combine(_folder, "scales.corpus"));
        CorpusPiece[] one = [corpus.Pieces[0]];
        var plain = EncodedPiece.Encode(one[0]);
        var deck = new PieceDeck(one, new TrainingOptions { Transpose = 3, Tempo = 0.2, Louder = 2, Cut = 0 });
        int last = plain.Count - 1;
        var transposed = new int[7];
        var louder = new int[5];
        double slowest = 1, fastest = 1;
        for (int number = 0; number < 500; number++)
        {
            EncodedPiece piece = deck.Draw(number).Piece;
            transposed[piece.Pitch[0] - plain.Pitch[0] + 3]++;
            louder[piece.Velocity[0] - plain.Velocity[0] + 2]++;
            Assert.Equal(piece.Pitch[0] - plain.Pitch[0], piece.Pitch[last] - plain.Pitch[last]);
            double stretched = (double)(piece.Onset[last] - piece.Onset[0]) / (plain.Onset[last] - plain.Onset[0]);
            slowest = Math.Max(slowest, stretched);
            fastest = Math.Min(fastest, stretched);
        }

        Assert.All(transposed, count => Assert.InRange(count, 40, 110)); // 71 on average
        Assert.All(louder, count => Assert.InRange(count, 65, 140)); // 100
        Assert.InRange(slowest, 1.18, 1.201);
        Assert.InRange(fastest, 1 / 1.201, 1 / 1.18);
    }

    [Fact]
    public void HalfOfThePiecesAreCutAndNoPassageIsShort()
    {
        using Corpus corpus = ScaleCorpus.Write(Path.Combine(_folder, "scales.corpus"));
        var deck = new PieceDeck(corpus.Pieces, new TrainingOptions { Cut = 0.5 });
        int cut = 0;
        for (int number = 0; number < 600; number++)
        {
            (EncodedPiece piece, int[] cuts) = deck.Draw(number);
            int before = 0;
            foreach (int at in cuts)
            {
                Assert.InRange(at, before + 100, piece.Count - 50);
                before = at;
            }

            cut += cuts.Length > 0 ? 1 : 0;
        }

        // Of pieces of two hundred notes a first passage of 100 to 1200, evenly by its logarithm, ends before their last fifty in one of six.
        Assert.InRange(cut, 25, 85);
    }
}
