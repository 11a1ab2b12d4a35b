using MusicRnn.Model;
using MusicRnn.Performance;

namespace MusicRnn.Training;

/// <summary>What the fewer bits of the live weights cost: the same notes expected by the network as it was trained and as it plays.</summary>
/// <param name="Pieces">The pieces whose beginnings were compared.</param>
/// <param name="Notes">The notes of these that were compared.</param>
/// <param name="Trained">Nats a note with the weights as they were trained.</param>
/// <param name="Live">Nats a note as played live.</param>
public readonly record struct Quantisation(int Pieces, long Notes, double Trained, double Live)
{
    /// <summary>Pieces that are compared, at most.</summary>
    public const int MostPieces = 16;

    /// <summary>Notes that are played of each, at most; the first of them is not expected.</summary>
    public const int MostNotes = 2048;

    /// <summary>Compares over the beginnings of some pieces.</summary>
    /// <param name="network">The network.</param>
    /// <param name="pieces">The pieces, of two notes or more: up to <see cref="MostPieces"/> of them, evenly chosen.</param>
    /// <param name="team">The threads to work with.</param>
    /// <param name="progress">Told how many of how many pieces are done.</param>
    public static Quantisation Measure(Network network, IReadOnlyList<CorpusPiece> pieces, ThreadTeam team, Action<long, long>? progress = null)
    {
        int stride = (pieces.Count + MostPieces - 1) / MostPieces;
        using var predictor = new Predictor(network);
        double trained = 0, live = 0;
        long notes = 0;
        int done = 0, chosen = (pieces.Count + stride - 1) / stride;
        for (int i = 0; i < pieces.Count; i += stride)
        {
            var piece = EncodedPiece.Encode(pieces[i]);
            int count = Math.Min(piece.Count, MostNotes);
            Losses losses = Train(network, piece, count, team);
            trained += losses.Total;
            notes += losses.Notes;
            live += Play(predictor, piece, count);
            progress?.Invoke(++done, chosen);
        }

        return new Quantisation(chosen, notes, trained / notes, live / notes);
    }

    private static unsafe Losses Train(Network network, EncodedPiece piece, int count, ThreadTeam team)
    {
        var window = new NoteWindow(count - 1, 1);
        var stream = new PieceStream();
        stream.Begin(piece, 0, []);
        for (int i = 0; i < count; i++)
        {
            stream.Write(window, i);
        }

        using var runner = new TrainingNetwork(network.Layout, count - 1, 1, team, training: false);
        return runner.Forward(network.Weights.Pointer, window, default, 0);
    }

    private static double Play(Predictor predictor, EncodedPiece piece, int count)
    {
        using var memory = new MusicalMemory(predictor);
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            int pitch = piece.Pitch[i] + NoteEncoding.LowestPitch, velocity = Math.Max(1, piece.Velocity[i] * 4); // of its level
            if (i > 0)
            {
                sum += predictor.Evaluate(
                    memory.State, new NoteInput(piece.Onset[i] - piece.Onset[i - 1], pitch, velocity, piece.PedalDown[i]), piece.Release[i] - piece.Onset[i]).Total;
            }

            memory.Feed(new HeardNote(pitch, velocity, piece.PedalDown[i]), piece.Onset[i], piece.Release[i]);
        }

        return sum;
    }
}
