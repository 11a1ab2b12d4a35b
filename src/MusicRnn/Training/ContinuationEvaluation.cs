using MusicRnn.Model;
using MusicRnn.Notes;
using MusicRnn.Performance;

namespace MusicRnn.Training;

/// <summary>
/// How good answers are: passages of pieces are played to the very improviser that plays live, and what it answers is compared
/// with how the pieces really go on. Where a passage begins, and every note of the answer, follows from the seed number alone.
/// </summary>
public static class ContinuationEvaluation
{
    /// <summary>Notes that are played.</summary>
    public const int SeedNotes = 32;

    /// <summary>Notes that are answered, and compared.</summary>
    public const int AnswerNotes = 128;

    /// <summary>Notes that a piece must have for a passage of it to be played and compared.</summary>
    public const int LeastNotes = SeedNotes + AnswerNotes;

    private const int Half = AnswerNotes / 2;
    private const int First = 32;
    private const long Burst = 300_000_000;
    private const int Group = 4; // successive pitches that count as repeated together
    private const int TimeBins = 3; // of the counts, gathered into one: sixty-four notes are few
    private const int VelocityBins = 8;

    private static readonly (string Name, Func<NoteCounts, IReadOnlyList<double>> Of)[] Features =
    [
        ("pitchClass", counts => [.. Enumerable.Range(0, 12).Select(pitchClass => counts.Pitches.Where((_, pitch) => pitch % 12 == pitchClass).Sum())]),
        ("step", counts => Gather(counts.Steps, TimeBins)),
        ("duration", counts => Gather(counts.Durations, TimeBins)),
        ("velocity", counts => Gather(counts.Velocities, VelocityBins)),
    ];

    /// <summary>Lets a network answer.</summary>
    /// <param name="network">The network.</param>
    /// <param name="pieces">Where the passages are taken from, by turns; those of fewer than <see cref="LeastNotes"/> notes are passed over. Where one is left, answers are compared with no other piece.</param>
    /// <param name="count">How many passages, 2 or more.</param>
    /// <param name="seed">Chooses the passages and the random numbers of the answers.</param>
    /// <param name="parameters">The knobs; each answer starts from them.</param>
    /// <param name="threads">Threads to work with; the figures do not depend on it.</param>
    /// <param name="progress">Told how many are done, from any thread.</param>
    /// <exception cref="InvalidDataException">No piece is long enough.</exception>
    public static ContinuationFigures Run(
        Network network, IReadOnlyList<CorpusPiece> pieces, int count, ulong seed, ParameterTable parameters, int threads, Action<int>? progress = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        CorpusPiece[] eligible = [.. pieces.Where(piece => piece.Notes.Length >= LeastNotes).OrderBy(piece => piece.Name, StringComparer.Ordinal)];
        if (eligible.Length == 0)
        {
            throw new InvalidDataException($"No piece has {LeastNotes} notes, {SeedNotes} to play and {AnswerNotes} to compare: choose other data.");
        }

        var pairs = new (Piece Seed, Piece Answer, Piece Truth)[count];
        int done = 0;
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
        {
            (Piece played, Piece truth) = Cut(eligible[i % eligible.Length].ToPiece(), new NoteRandom(seed, (ulong)i).Uniform(0));
            pairs[i] = (played, Answer(network, played, parameters, seed + (ulong)i), truth);
            progress?.Invoke(Interlocked.Increment(ref done));
        });
        return Compare(pairs, eligible.Length);
    }

    /// <summary>A passage to play, from 0 on, and how the piece goes on.</summary>
    private static (Piece Seed, Piece Truth) Cut(Piece piece, double place)
    {
        int first = (int)(place * (piece.Notes.Count - LeastNotes + 1));
        long start = piece.Notes[first].Onset, end = piece.Notes[first + SeedNotes].Onset;
        Piece passage = piece.Between(start, end);
        var seed = new Piece(
            [.. piece.Notes.Skip(first).Take(SeedNotes).Select(note => note with { Onset = note.Onset - start })],
            [.. passage.Pedal.Select(change => change with { Time = change.Time - start })]);
        return (seed, new Piece([.. piece.Notes.Skip(first + SeedNotes).Take(AnswerNotes)], []));
    }

    private static Piece Answer(Network network, Piece seed, ParameterTable parameters, ulong number)
    {
        var knobs = new ParameterTable();
        for (int index = 0; index < ParameterTable.Rows.Count; index++)
        {
            knobs.Set(index, parameters[index]);
        }

        var settings = new ImproviserSettings { Seed = number, StateController = null, Length = AskedLength.OfNotes(AnswerNotes) };
        Piece answer = Continuation.Of(seed, network, knobs, settings).Answer();
        return answer with { Notes = [.. answer.Notes.Take(AnswerNotes)] };
    }

    /// <param name="pairs">The passages, of the pieces by turns.</param>
    /// <param name="pieces">The number of these.</param>
    private static ContinuationFigures Compare((Piece Seed, Piece Answer, Piece Truth)[] pairs, int pieces)
    {
        NoteCounts[][] answers = [.. pairs.Select(pair => Halves(pair.Answer))], truths = [.. pairs.Select(pair => Halves(pair.Truth))];
        var overlaps = new List<FeatureOverlap>();
        foreach ((string name, Func<NoteCounts, IReadOnlyList<double>> of) in Features)
        {
            overlaps.Add(new FeatureOverlap(
                name,
                Mean(i => Overlap(answers[i], truths[i])),
                Mean(i => NoteCounts.Overlap(of(truths[i][0]), of(truths[i][1]))),
                MeanOfOthers((i, other) => Overlap(answers[i], truths[other]))));

            double Overlap(NoteCounts[] first, NoteCounts[] second) => first.Zip(second, (a, b) => NoteCounts.Overlap(of(a), of(b))).Average();
        }

        MusicalKey[] keys = [.. pairs.Select(pair => MusicalKey.Of(pair.Seed.Notes))];
        return new ContinuationFigures(
            pairs.Length,
            overlaps,
            (Mean(i => Repeated(pairs[i].Answer)), Mean(i => Repeated(pairs[i].Truth))),
            (Mean(i => InKey(keys[i], pairs[i].Answer)), Mean(i => InKey(keys[i], pairs[i].Truth)), MeanOfOthers((i, other) => InKey(keys[i], pairs[other].Truth))),
            (Mean(i => InKey(keys[i], Start(pairs[i].Answer))), Mean(i => InKey(keys[i], Start(pairs[i].Truth)))),
            (Median(pairs.Select(pair => Rate(pair.Answer))), Median(pairs.Select(pair => Rate(pair.Truth)))),
            (pairs.Max(pair => Densest(pair.Answer)), pairs.Max(pair => Densest(pair.Truth))),
            (Mean(i => IsTwiceAsDense(pairs[i].Answer, pairs[i].Seed)), Mean(i => IsTwiceAsDense(pairs[i].Truth, pairs[i].Seed))),
            Counts(pairs.Select(pair => pair.Answer)),
            Counts(pairs.Select(pair => pair.Truth)));

        double Mean(Func<int, double> figure) => Enumerable.Range(0, pairs.Length).Average(figure);

        double? MeanOfOthers(Func<int, int, double> figure) => pieces == 1 ? null : Mean(i => figure(i, Other(i)));

        // The next one, and at the end, where that may be of the same piece, the next but one.
        int Other(int i) => Enumerable.Range(i + 1, 2).Select(next => next % pairs.Length).First(next => next % pieces != i % pieces);
    }

    private static NoteCounts[] Halves(Piece piece) => [Counts([new Piece([.. piece.Notes.Take(Half)], [])]), Counts([new Piece([.. piece.Notes.Skip(Half)], [])])];

    private static Piece Start(Piece piece) => piece with { Notes = [.. piece.Notes.Take(First)] };

    private static NoteCounts Counts(IEnumerable<Piece> pieces)
    {
        var counts = new NoteCounts();
        foreach (Piece piece in pieces)
        {
            counts.Add(piece);
        }

        return counts;
    }

    private static double Repeated(Piece piece)
    {
        var known = new HashSet<int>();
        int groups = 0;
        for (int i = Group; i <= piece.Notes.Count; i++, groups++)
        {
            known.Add((((((piece.Notes[i - 4].Pitch << 7) | piece.Notes[i - 3].Pitch) << 7) | piece.Notes[i - 2].Pitch) << 7) | piece.Notes[i - 1].Pitch);
        }

        return groups == 0 ? 0 : 1 - ((double)known.Count / groups);
    }

    private static double InKey(MusicalKey key, Piece piece) => piece.Notes.Count == 0 ? 0 : piece.Notes.Average(note => key.Contains(note.Pitch) ? 1.0 : 0);

    private static double Rate(Piece piece) => piece.Notes.Count < 2 ? 0
        : (piece.Notes.Count - 1) / Math.Max(1e-3, (piece.Notes[^1].Onset - piece.Notes[0].Onset) / 1e9);

    private static double IsTwiceAsDense(Piece piece, Piece seed) => Rate(piece) > 2 * Rate(seed) ? 1 : 0;

    /// <summary>The most notes within <see cref="Burst"/>.</summary>
    private static int Densest(Piece piece)
    {
        int most = 0;
        for (int first = 0, last = 0; last < piece.Notes.Count; last++)
        {
            while (piece.Notes[last].Onset - piece.Notes[first].Onset >= Burst)
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double[] Gather(double[] counts, int bins) => [.. counts.Chunk(bins).Select(chunk => chunk.Sum())];
}
