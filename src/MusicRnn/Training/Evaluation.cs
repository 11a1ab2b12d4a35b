using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>What a network loses on whole pieces, each from its beginning with nothing remembered, teacher-forced.</summary>
public static class Evaluation
{
    private const int Steps = 128;
    private const int MostStreams = 12;
    private const string Unnamed = "unnamed";

    /// <summary>Runs a network over pieces.</summary>
    /// <param name="network">The network.</param>
    /// <param name="pieces">The pieces.</param>
    /// <param name="team">The threads to work with.</param>
    /// <param name="marginalEvery">Marginalise the pitch over the step for each so many-th note; 0 for none.</param>
    /// <param name="progress">Told after every window how many notes are done.</param>
    public static unsafe Losses Run(Network network, IReadOnlyList<CorpusPiece> pieces, ThreadTeam team, int marginalEvery, Action<long>? progress = null)
    {
        int streams = Math.Min(MostStreams, Math.Max(1, pieces.Count));
        Queue<CorpusPiece>[] queues = Share(pieces, streams);
        var window = new NoteWindow(Steps, streams);
        var feeder = new WindowFeeder(window, (stream, _) => queues[stream].TryDequeue(out CorpusPiece? piece)
            ? (EncodedPiece.Encode(piece), [])
            : null);
        using var runner = new TrainingNetwork(network.Layout, Steps, streams, team, training: false);
        var losses = new Losses();
        while (feeder.Next())
        {
            losses.Add(runner.Forward(network.Weights.Pointer, window, default, 0, marginalEvery));
            progress?.Invoke(losses.Notes);
        }

        return losses;
    }

    /// <summary>Runs a network over pieces, composer by composer.</summary>
    /// <param name="network">The network.</param>
    /// <param name="pieces">The pieces.</param>
    /// <param name="team">The threads to work with.</param>
    /// <param name="marginalEvery">Marginalise the pitch over the step for each so many-th note; 0 for none.</param>
    /// <param name="progress">Told after every window how many of how many notes are done.</param>
    /// <returns>The losses of each, the one with most notes first; pieces without a composer are "unnamed".</returns>
    public static IReadOnlyList<(string Composer, Losses Losses)> RunByComposer(
        Network network, IReadOnlyList<CorpusPiece> pieces, ThreadTeam team, int marginalEvery, Action<long, long>? progress = null)
    {
        long done = 0, total = pieces.Sum(piece => Math.Max(0L, piece.Notes.Length - 1)); // the first is not predicted
        var composers = new List<(string Composer, Losses Losses)>();
        foreach (IGrouping<string, CorpusPiece> group in pieces.GroupBy(piece => piece.Composer.Length > 0 ? piece.Composer : Unnamed, StringComparer.Ordinal))
        {
            Losses losses = Run(network, [.. group], team, marginalEvery, notes => progress?.Invoke(done + notes, total));
            done += losses.Notes;
            composers.Add((group.Key, losses));
        }

        return [.. composers.OrderByDescending(item => item.Losses.Notes).ThenBy(item => item.Composer, StringComparer.Ordinal)];
    }

    /// <summary>Shares pieces out so that the streams end at about the same time.</summary>
    private static Queue<CorpusPiece>[] Share(IReadOnlyList<CorpusPiece> pieces, int streams)
    {
        var queues = new Queue<CorpusPiece>[streams];
        var notes = new long[streams];
        for (int i = 0; i < streams; i++)
        {
            queues[i] = new Queue<CorpusPiece>();
        }

        foreach (CorpusPiece piece in pieces.OrderByDescending(piece => piece.Notes.Length))
        {
            int least = Array.IndexOf(notes, notes.Min());
            queues[least].Enqueue(piece);
            notes[least] += piece.Notes.Length;
        }

        return queues;
    }
}
