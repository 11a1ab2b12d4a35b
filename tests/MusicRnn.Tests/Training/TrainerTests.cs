using System.Globalization;
using MusicRnn.Model;
using MusicRnn.Notes;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("musicrnn").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.Fastest)]
    public void ARunThatWasStoppedEndsWithTheBitsOfOneThatWasNot(Precision precision)
    {
        using Corpus corpus = Scales();
        TrainingOptions options = Options(6000) with { Precision = precision };
        string whole = Path.Combine(_folder, "whole.safetensors"), parts = Path.Combine(_folder, "parts.safetensors");
        Run(corpus, options, whole, resume: false, stopAfter: int.MaxValue);
        foreach (int stopAfter in (int[])[3, 1, 9])
        {
            Run(corpus, options, parts, resume: true, stopAfter);
        }

        Run(corpus, options, parts, resume: true, int.MaxValue);
        using SafetensorsFile expected = SafetensorsFile.Open(whole + ".checkpoint"), actual = SafetensorsFile.Open(parts + ".checkpoint");
        Assert.Equal(expected.Metadata["updates"], actual.Metadata["updates"]);
        Assert.Equal(expected.Metadata["streams"], actual.Metadata["streams"]);
        foreach (SafetensorsEntry entry in expected.Entries.Values)
        {
            float[] one = new float[entry.Length], other = new float[entry.Length];
            expected.Read(entry.Name, one);
            actual.Read(entry.Name, other);
            Assert.Equal(one, other);
        }

        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(parts)); // the best weights too, though one run reported and stopped where the other did not
    }

    [Fact]
    public void ARunGoesOnWithItsOwnOptionsAndMusicOnly()
    {
        using Corpus corpus = Scales(), other = Noise();
        string path = Path.Combine(_folder, "begun.safetensors");
        TrainingOptions options = Options(6000) with { Precision = Precision.Float32, Seed = 3, StopAfter = 7.5 };
        Run(corpus, options, path, resume: false, stopAfter: 3);
        Assert.Equal(options, Trainer.OptionsOf(path + ".checkpoint"));
        using var team = new ThreadTeam(1);
        Assert.Contains("was begun with dropout 0.25, and 0.5 is asked for", Refusal(corpus, options with { Dropout = 0.5 }), StringComparison.Ordinal);
        Assert.Contains("was begun with streams 8, and 4 is asked for", Refusal(corpus, options with { Streams = 4 }), StringComparison.Ordinal);
        Assert.Contains("was begun with shape", Refusal(corpus, options with { Shape = new NetworkShape(3, 32, 32, 32) }), StringComparison.Ordinal);
        Assert.Contains($"was begun with another corpus than {other.Path}", Refusal(other, options), StringComparison.Ordinal);
        Assert.True(Run(corpus, options with { Notes = 9000, StopAfter = 9 }, path, resume: true, int.MaxValue).Notes >= 9000);

        string Refusal(Corpus music, TrainingOptions others) => Assert.Throws<InvalidDataException>(() => new Trainer(music, others, team, path, null, resume: true)).Message;
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.Fastest)]
    public void AScaleIsLearned(Precision precision)
    {
        using Corpus corpus = Scales();
        string path = Path.Combine(_folder, "scale.safetensors");
        TrainingProgress last = Run(corpus, Options(40_000) with { Precision = precision, FirstSteps = 16, Transpose = 0, Tempo = 0, Louder = 0, Cut = 0, Dropout = 0 }, path, resume: false, int.MaxValue);
        Assert.NotNull(last.Validation);
        Assert.True(last.Validation.Pitch / last.Validation.Notes < 0.5, last.Validation.ToString());
        Assert.True(last.Validation.MarginalPitch / last.Validation.MarginalNotes < 0.7, last.Validation.ToString());
        using Network network = Network.Load(path);
        Assert.InRange(int.Parse(network.Metadata["trained.notes"], CultureInfo.InvariantCulture), 10_000, 40_200);
    }

    [Fact]
    public void WhatTakesMoreMemoryThanThereIsIsRefusedBeforeItIsTaken()
    {
        using Corpus corpus = Scales();
        TrainingOptions options = Options(6000) with { Streams = 4096, LaterSteps = 4096, Shape = new NetworkShape(8, 4096, 128, 128) };
        Assert.Null(options.Fault());
        using var team = new ThreadTeam(1);
        string message = Assert.Throws<InvalidDataException>(() => new Trainer(corpus, options, team, Path.Combine(_folder, "large.safetensors"), null, resume: false)).Message;
        Assert.StartsWith("Training 8x4096 with 4096 streams and windows of 4096 steps takes more than ", message, StringComparison.Ordinal);
        Assert.Contains("choose fewer streams", message, StringComparison.Ordinal);
    }

    [Fact]
    public void TrainingEndsWhenValidationGetsNoBetterAndTheBestWeightsAreKept()
    {
        using Corpus corpus = Noise();
        string path = Path.Combine(_folder, "noise.safetensors");
        using var team = new ThreadTeam(2);

        // Few notes without any order: there is nothing to learn but the notes themselves.
        using var trainer = new Trainer(corpus, Options(2_000_000) with { StopAfter = 20, Cut = 0 }, team, path, null, resume: false);
        double best = double.PositiveInfinity, last = 0;
        long notes = 0;
        trainer.Run(TimeSpan.Zero, progress =>
        {
            if (progress.Validation is { } validation)
            {
                last = validation.Total / validation.Notes;
                best = Math.Min(best, last);
                notes = progress.Notes;
            }
        }, null, TestContext.Current.CancellationToken);
        Assert.True(trainer.HasSettled);
        Assert.True(notes < 500_000, $"it went on for {notes} notes");
        Assert.True(last > best + 0.05, $"from {best} it only rose to {last}");
        using Network network = Network.Load(path);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"total {best:F4}"), network.Metadata["validation"], StringComparison.Ordinal);
        Assert.Contains("<svg", File.ReadAllText(trainer.Curves.PicturePath), StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsThatAreNotBetteredStay()
    {
        using Corpus corpus = Scales();
        string first = Path.Combine(_folder, "first.safetensors"), second = Path.Combine(_folder, "second.safetensors");
        Run(corpus, Options(20_000) with { Transpose = 0 }, first, resume: false, int.MaxValue);
        using Network start = Network.Load(first);
        using var team = new ThreadTeam(2);
        using var trainer = new Trainer(corpus, Options(1000) with { Rate = 0.1, Averaging = 0.5 }, team, second, start, resume: false);
        List<TrainingProgress> reports = [];
        trainer.Run(TimeSpan.FromHours(1), reports.Add, null, TestContext.Current.CancellationToken);
        Assert.Equal(0, reports[0].Notes);
        Assert.True(reports[1].Validation!.Total > reports[0].Validation!.Total, "so rough a rate spoils them");
        using Network kept = Network.Load(second);
        Assert.Equal(start.Weights.Span.ToArray(), kept.Weights.Span.ToArray());
        Assert.StartsWith("0,,", File.ReadAllLines(trainer.Curves.TablePath)[1], StringComparison.Ordinal);
    }

    [Fact]
    public void TheRateRisesAtFirstAndFallsInAStraightLineAtTheEnd()
    {
        using Corpus corpus = Scales();
        TrainingOptions options = Options(12_000) with { Rate = 0.01, WarmUp = 20, Decay = 0.5 };
        using var team = new ThreadTeam(2);
        using var trainer = new Trainer(corpus, options, team, Path.Combine(_folder, "rate.safetensors"), null, resume: false);
        List<TrainingProgress> reports = [];
        trainer.Run(TimeSpan.Zero, reports.Add, null, TestContext.Current.CancellationToken);
        Assert.Equal(0.01 * 6 / 20, reports[4].Rate, 1e-9); // after five updates, of the sixth
        Assert.Equal(0.01, reports[40].Rate, 1e-9);
        Assert.All(reports.Where(report => report.Updates >= 20 && report.Notes <= 6000), report => Assert.Equal(0.01, report.Rate, 1e-9));
        Assert.All(reports.Where(report => report.Notes is > 6000 and < 11_800), report => Assert.Equal(0.01 * (12_000 - report.Notes) / 6000, report.Rate, 1e-9));
        Assert.Equal(0.01 / 50, reports[^1].Rate, 1e-9);
    }

    [Fact]
    public void CurvesGoOnWhereTheRunDoes()
    {
        using Corpus corpus = Scales();
        string path = Path.Combine(_folder, "curves.safetensors");
        Run(corpus, Options(3000), path, resume: false, stopAfter: 4);
        string[] before = File.ReadAllLines(path + ".losses.csv");
        Run(corpus, Options(3000), path, resume: true, stopAfter: 3);
        string[] after = File.ReadAllLines(path + ".losses.csv");
        Assert.True(before.Length > 4 && after.Length > before.Length);
        Assert.Equal(before, after[..before.Length]);
    }

    [Fact]
    public void OptionsAreReadFromAFileAndAFaultIsNamed()
    {
        string path = Path.Combine(_folder, "train.json");
        File.WriteAllText(path, """{ "notes": 5000000, "dropout": 0.2, "precision": "float32", "shape": { "layers": 1, "hidden": 64, "embedding": 32, "head": 32 } }""");
        Assert.Equal(new TrainingOptions { Notes = 5_000_000, Dropout = 0.2, Precision = Precision.Float32, Shape = new NetworkShape(1, 64, 32, 32) }, new TrainingOptions().Read(path));
        foreach ((string text, string fault) in ((string, string)[])
            [("{", "line"), ("null", "no JSON object"), ("""{ "notes": "many" }""", "notes"), ("""{ "notes": 1e30 }""", "notes"), ("""{ "droput": 1 }""", "droput"), ("""{ "precision": "bfloat16" }""", "must be \"fastest\""), ("""{ "precision": 32 }""", "precision"), ("""{ "dropout": 1 }""", "dropout is 1"), ("""{ "shape": { "layers": 2, "hidden": 60, "embedding": 32, "head": 32 } }""", "multiples of 16")])
        {
            File.WriteAllText(path, text);
            string message = Assert.Throws<InvalidDataException>(() => new TrainingOptions().Read(path)).Message;
            Assert.Contains(path, message, StringComparison.Ordinal);
            Assert.Contains(fault, message, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void OptionsAreReadAsTheyWereWritten()
    {
        var options = new TrainingOptions
        {
            Shape = new NetworkShape(1, 16, 32, 48),
            Streams = 2,
            FirstSteps = 3,
            LaterSteps = 4,
            LaterFrom = 0.51,
            Notes = 6,
            Rate = 0.0071,
            WarmUp = 8,
            Decay = 0.91,
            Clip = 1.01,
            Dropout = 0.11,
            RecurrentDropout = 0.12,
            Averaging = 0.13,
            Transpose = 2,
            Tempo = 0.14,
            Louder = 1,
            Cut = 0.15,
            StopAfter = 16.5,
            Seed = ulong.MaxValue,
            Precision = Precision.Float32,
        };
        var plain = new TrainingOptions();
        Assert.All(typeof(TrainingOptions).GetProperties(), property => Assert.NotEqual(property.GetValue(plain), property.GetValue(options))); // none is forgotten here
        Assert.Equal(options, plain.Parse(System.Text.Encoding.UTF8.GetBytes(options.ToString()), "here"));
        Assert.Equal(plain, options.Parse(System.Text.Encoding.UTF8.GetBytes(plain.ToString()), "here"));
    }

    private Corpus Noise()
    {
        string path = Path.Combine(_folder, "noise.corpus");
        var random = new Random(5);
        var writer = new CorpusWriter();
        for (int piece = 0; piece < 4; piece++)
        {
            Note[] notes = [.. Enumerable.Range(0, 300).Select(i => new Note(i * 200_000_000L, random.Next(50, 190) * 1_000_000L, (byte)random.Next(40, 80), (byte)random.Next(1, 128)))];
            writer.Add($"noise-{piece}.mid", "Nobody", Split.Train, new Piece(notes, [])); // none for validation: one is held back
        }

        writer.Write(path);
        return Corpus.Open(path);
    }

    private static TrainingOptions Options(long notes) => new()
    {
        Shape = new NetworkShape(2, 32, 32, 32),
        Streams = 8,
        FirstSteps = 8,
        LaterSteps = 16,
        LaterFrom = 0.5,
        Notes = notes,
        Rate = 0.01,
        WarmUp = 5,
        Averaging = 0.9,
    };

    private static TrainingProgress Run(Corpus corpus, TrainingOptions options, string path, bool resume, int stopAfter)
    {
        using var team = new ThreadTeam(2);
        using var trainer = new Trainer(corpus, options, team, path, null, resume);
        using var stop = new CancellationTokenSource();
        TrainingProgress? last = null;
        int reports = 0;

        // A report after every update, so that the run can be stopped after any.
        trainer.Run(stopAfter == int.MaxValue ? TimeSpan.FromHours(1) : TimeSpan.Zero, progress =>
        {
            last = progress;
            if (++reports >= stopAfter)
            {
                stop.Cancel();
            }
        }, null, stop.Token);
        return last!;
    }

    /// <summary>Twelve pieces of scales up and down, of which two are for validation.</summary>
    private Corpus Scales()
    {
        string path = Path.Combine(_folder, "scales.corpus");
        return ScaleCorpus.Write(path);
    }
}
