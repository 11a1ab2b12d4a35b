using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>
/// The training pieces in an endless shuffled order, each time transposed, stretched and shaded a little differently.
/// What the n-th draw is follows from the seed and n alone, so that a training run can go on where it was killed.
/// </summary>
internal sealed class PieceDeck(IReadOnlyList<CorpusPiece> pieces, TrainingOptions options)
{
    private const int ShortestPassage = 100;
    private const int LongestPassage = 1200;

    private long _epoch = -1;
    private int[] _order = [];

    /// <summary>The n-th piece.</summary>
    public (EncodedPiece Piece, int[] Cuts) Draw(long number)
    {
        Shuffle(number / pieces.Count);
        CorpusPiece piece = pieces[_order[number % pieces.Count]];
        var random = new NoteRandom(options.Seed, (ulong)number);
        int transpose = (int)Math.Floor(random.Uniform(0) * ((2 * options.Transpose) + 1)) - options.Transpose;
        double tempo = Math.Pow(1 + options.Tempo, (random.Uniform(1) * 2) - 1);
        int louder = (int)Math.Floor(random.Uniform(2) * ((2 * options.Louder) + 1)) - options.Louder;
        var cuts = new List<int>();
        if (random.Uniform(3) < options.Cut)
        {
            int cut = 0;
            for (int head = 4; ; head++)
            {
                // Short passages as often as long ones, on a logarithmic scale.
                cut += (int)(ShortestPassage * Math.Pow((double)LongestPassage / ShortestPassage, random.Uniform(head)));
                if (cut > piece.Notes.Length - (ShortestPassage / 2))
                {
                    break;
                }

                cuts.Add(cut);
            }
        }

        return (EncodedPiece.Encode(piece, transpose, tempo, louder), [.. cuts]);
    }

    private void Shuffle(long epoch)
    {
        if (epoch == _epoch)
        {
            return;
        }

        _epoch = epoch;
        var random = new NoteRandom(options.Seed ^ 0xDECC, (ulong)epoch);
        _order = [.. Enumerable.Range(0, pieces.Count).OrderBy(index => random.Uniform(index))];
    }
}
