using MusicRnn.Notes;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

/// <summary>A corpus of scales up and down: twelve pieces, two of them for validation.</summary>
internal static class ScaleCorpus
{
    private static readonly int[] Major = [0, 2, 4, 5, 7, 9, 11];

    public static Corpus Write(string path)
    {
        var writer = new CorpusWriter();
        for (int piece = 0; piece < 12; piece++)
        {
            var notes = new List<Note>();
            for (int i = 0; i < 200 + piece; i++)
            {
                int turn = (i + piece) % 28, degree = turn < 14 ? turn : 28 - turn;
                int pitch = 60 + (degree / 7 * 12) + Major[degree % 7];
                notes.Add(new Note(i * 250_000_000L, 200_000_000, (byte)pitch, (byte)(60 + degree)));
            }

            writer.Add($"scale-{piece:D2}.mid", "Nobody", piece % 6 == 5 ? Split.Validation : Split.Train, new Piece(notes, [new PedalChange(500_000_000, true), new PedalChange(900_000_000, false)]));
        }

        writer.Write(path);
        return Corpus.Open(path);
    }
}
