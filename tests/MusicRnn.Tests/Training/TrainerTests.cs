using System.Globalization;
using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("musicrnn").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ARunThatWasStoppedEndsWithTheBitsOfOneThatWasNot()
    {
        using Corpus corpus = Scales();
        TrainingOptions options = Options(6000);
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
    }

    [Fact]
    public void AScaleIsLearned()
    {
        using Corpus corpus = Scales();
        string path = Path.Combine(_folder, "scale.safetensors");
        TrainingProgress last = Run(corpus, Options(40_000) with { FirstSteps = 16, Transpose = 0, Tempo = 0, Louder = 0, Cut = 0, Dropout = 0 }, path, resume: false, int.MaxValue);
        Assert.NotNull(last.Validation);
        Assert.True(last.Validation.Pitch / last.Validation.Notes < 0.5, last.Validation.ToString());
        Assert.True(last.Validation.MarginalPitch / last.Validation.MarginalNotes < 0.7, last.Validation.ToString());
        using Network network = Network.Load(path);
        Assert.InRange(int.Parse(network.Metadata["trained.notes"], CultureInfo.InvariantCulture), 40_000, 40_200);
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
        }, stop.Token);
        return last!;
    }

    /// <summary>Twelve pieces of scales up and down, of which two are for validation.</summary>
    private Corpus Scales()
    {
        string path = Path.Combine(_folder, "scales.corpus");
        return ScaleCorpus.Write(path);
    }
}
