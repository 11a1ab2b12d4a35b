using MusicRnn.Notes;
using MusicRnn.Performance;
using MusicRnn.Tests.Performance;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

public sealed class ContinuationEvaluationTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly Corpus _corpus;

    public ContinuationEvaluationTests() => _corpus = ScaleCorpus.Write(_path);

    public void Dispose()
    {
        _corpus.Dispose();
        File.Delete(_path);
        File.Delete(_path + ".keys");
    }

    [Fact]
    public void ThePiecesOwnFiguresAreThoseOfScales()
    {
        ContinuationFigures figures = Run(seeds: 6, seed: 1);

        Assert.Equal(6, figures.Seeds);
        Assert.Equal(6 * ContinuationEvaluation.AnswerNotes, figures.Truth.Notes);
        Assert.Equal(6 * ContinuationEvaluation.AnswerNotes, figures.Answers.Notes);
        Assert.Equal(1, figures.InKey.Truth, 9); // C major, as the seed
        Assert.Equal(1, figures.InKey.Shuffled!.Value, 9);
        Assert.Equal(1, figures.InKeyAtFirst.Truth, 9);
        Assert.InRange(figures.Repeated.Truth, 0.75, 0.8); // 125 groups, of which a scale of 28 notes knows 28
        Assert.Equal(4, figures.NotesPerSecond.Truth, 6);
        Assert.Equal(2, figures.Densest.Truth); // one each 250 ms
        Assert.InRange(figures.Densest.Answer, 3, 24);
        Assert.Equal(0, figures.TwiceAsDense.Truth);
        Assert.InRange(figures.TwiceAsDense.Answer, 0, 1);
        FeatureOverlap step = figures.Overlaps.Single(overlap => overlap.Feature == "step");
        Assert.Equal(1, step.Halves, 9); // always 250 ms
        Assert.InRange(step.Answer, 0, 0.6); // the network knows nothing of it
        Assert.All(figures.Overlaps, overlap => Assert.InRange(overlap.Answer, 0, 1));
    }

    [Fact]
    public void TheSameSeedGivesTheSameFiguresOnAnyNumberOfThreads()
    {
        Assert.Equal(Run(seeds: 4, seed: 7, threads: 1).Values, Run(seeds: 4, seed: 7, threads: 3).Values);
        Assert.NotEqual(Run(seeds: 4, seed: 7).Values, Run(seeds: 4, seed: 8).Values);
    }

    [Fact]
    public void TheKnobsChangeTheAnswers()
    {
        var tame = new ParameterTable();
        tame.SetUnit(ParameterTable.Temperature, 0.1);

        Assert.NotEqual(Run(seeds: 2, seed: 1).Values, Run(seeds: 2, seed: 1, parameters: tame).Values);
    }

    [Fact]
    public void AnotherPieceIsAnotherWhateverTheNumberOfPassages()
    {
        using Corpus corpus = Scales("c", "f sharp");
        for (int seeds = 2; seeds <= 5; seeds++)
        {
            ContinuationFigures figures = ContinuationEvaluation.Run(TestNetworks.Lively, corpus.Pieces, seeds, 1, new ParameterTable(), 2);
            Assert.Equal(1, figures.InKey.Truth, 9);
            Assert.InRange(figures.InKey.Shuffled!.Value, 0.2, 0.4); // of the one scale two notes in seven are in the other
        }
    }

    [Fact]
    public void OnePieceIsComparedWithNoOther()
    {
        ContinuationFigures one = ContinuationEvaluation.Run(TestNetworks.Lively, [_corpus.Pieces[0]], 3, 1, new ParameterTable(), 2);

        Assert.Null(one.InKey.Shuffled);
        Assert.All(one.Overlaps, overlap => Assert.Null(overlap.Shuffled));
        Assert.Equal(5, one.Values.Count(value => value.Value is null));
        Assert.Equal(one.Overlaps.Count + 6, one.Rows.Count(row => row[^1].Length == 0));
        Assert.Equal(1, one.InKey.Truth, 9);
    }

    [Fact]
    public void KeysOfTheFiguresAreStable() => Assert.Equal(
        "seeds overlap.pitchClass.answer overlap.pitchClass.halves overlap.pitchClass.shuffled overlap.step.answer overlap.step.halves overlap.step.shuffled "
        + "overlap.duration.answer overlap.duration.halves overlap.duration.shuffled overlap.velocity.answer overlap.velocity.halves overlap.velocity.shuffled "
        + "repeated.answer repeated.truth inKey.answer inKey.truth inKey.shuffled inKeyAtFirst.answer inKeyAtFirst.truth notesPerSecond.answer notesPerSecond.truth densest.answer densest.truth twiceAsDense.answer twiceAsDense.truth",
        string.Join(' ', Run(seeds: 2, seed: 1).Values.Select(value => value.Key)));

    /// <summary>A corpus of a piece in each key, each a scale up again and again.</summary>
    private Corpus Scales(params string[] keys)
    {
        int[] major = [0, 2, 4, 5, 7, 9, 11];
        var writer = new CorpusWriter();
        foreach (string key in keys)
        {
            int root = key == "c" ? 60 : 66;
            writer.Add(key, "", Split.Train, new Piece(
                [.. Enumerable.Range(0, 200).Select(i => new Note(i * 250_000_000L, 200_000_000, (byte)(root + major[i % 7]), 80))], []));
        }

        writer.Write(_path + ".keys");
        return Corpus.Open(_path + ".keys");
    }

    private ContinuationFigures Run(int seeds, ulong seed, int threads = 2, ParameterTable? parameters = null) =>
        ContinuationEvaluation.Run(TestNetworks.Lively, [.. _corpus.Pieces], seeds, seed, parameters ?? new ParameterTable(), threads);
}
