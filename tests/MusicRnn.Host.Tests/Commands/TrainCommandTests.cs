using System.Globalization;
using MusicRnn.Host.Commands;
using MusicRnn.Model;
using MusicRnn.Notes;
using MusicRnn.Training;

namespace MusicRnn.Host.Tests.Commands;

public sealed class TrainCommandTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void ARunKilledAtAnyMomentGoesOnToTheSameBits()
    {
        string[] arguments = Arguments(notes: 120_000);
        (int exitCode, string _, string error) = HostProcess.Run(_home, [.. arguments, "-o", _home.File("whole.safetensors")]);
        Assert.True(exitCode == 0, error);
        string path = _home.File("killed.safetensors");
        var random = new Random(11);
        for (int kill = 0; kill < 4; kill++)
        {
            using var process = new HostProcess(_home, [.. arguments, "-o", path, .. File.Exists(path + ".checkpoint") ? (string[])["--resume"] : []]);
            process.WaitForLine(" notes, epoch ");
            Thread.Sleep(random.Next(400));
            process.Send(Signal.Kill);
            process.WaitForExit();
        }

        (exitCode, _, error) = HostProcess.Run(_home, [.. arguments, "-o", path, "--resume"]);
        Assert.True(exitCode == 0, error);
        using SafetensorsFile expected = SafetensorsFile.Open(_home.File("whole.safetensors.checkpoint")), actual = SafetensorsFile.Open(path + ".checkpoint");
        Assert.Equal(expected.Metadata["notes"], actual.Metadata["notes"]);
        foreach (SafetensorsEntry entry in expected.Entries.Values)
        {
            float[] one = new float[entry.Length], other = new float[entry.Length];
            expected.Read(entry.Name, one);
            actual.Read(entry.Name, other);
            Assert.Equal(one, other);
        }

        Assert.Equal(File.ReadAllBytes(_home.File("whole.safetensors")), File.ReadAllBytes(path));
    }

    [Fact]
    public void ARunGoesOnWithTheOptionsItWasBegunWith()
    {
        using var terminal = new Terminal();
        string corpus = terminal.File("a.corpus"), path = terminal.File("a.safetensors"), config = terminal.File("a.json");
        ScaleCorpus(corpus);
        File.WriteAllText(config, """{ "notes": 2000, "streams": 4, "firstSteps": 8, "laterSteps": 16, "seed": 5000000000, "shape": { "layers": 1, "hidden": 32, "embedding": 16, "head": 16 } }""");
        terminal.Type("train", "--data", corpus, "--config", config, "-o", path);
        (_, string output, string error) = terminal.Type("train", "--data", corpus, "-o", path, "--resume", "--millions", "0.004");
        Assert.Equal("", error);
        Assert.Contains("4,000 of 4,000 notes", output, StringComparison.Ordinal);
        Assert.Equal(5_000_000_000ul, Trainer.OptionsOf(path + ".checkpoint").Seed);
        Assert.Contains("was begun with dropout 0.25, and 0.1 is asked for", terminal.TypeInVain(ExitCode.Failed, "train", "--data", corpus, "-o", path, "--resume", "--dropout", "0.1"), StringComparison.Ordinal);
    }

    [Fact]
    public void TheShippedKindOfWeightsIsTaughtMusicOfOnesOwn()
    {
        using var terminal = new Terminal();
        string corpus = terminal.File("a.corpus"), path = terminal.File("a.safetensors");
        ScaleCorpus(corpus);
        (_, string output, string error) = terminal.Type("train", "--data", corpus, "--from", terminal.Model, "-o", path, "--rate", "0.003", "--millions", "0.05");
        Assert.Equal("", error);
        Assert.Contains("as it begins", output, StringComparison.Ordinal);
        using Network before = Network.Load(terminal.Model), after = Network.Load(path);
        Assert.Equal(before.Shape, after.Shape);
        Assert.Equal("4", after.Metadata["version"]);
        double[] totals = [.. output.Split('\n').Where(line => line.Contains("validation", StringComparison.Ordinal))
            .Select(line => double.Parse(line.Split("total ")[1].Split(' ')[0], CultureInfo.InvariantCulture))];
        Assert.True(totals[^1] < totals[0] - 0.3, $"from {totals[0]} to {totals[^1]} nats a note: it learned its new scales");
    }

    [Fact]
    public void WhatIsSeenWhileItTrainsFitsATerminalOf80Columns()
    {
        var losses = new Losses { Notes = 1, Step = 12.34, Pitch = 2.34, Velocity = 2.34, Duration = 3.34 };
        var progress = new TrainingProgress(50_000_000, 12_000, 8.82, 0.001, 0.4, 12_345, losses, null);
        string line = TrainCommand.Glimpse(progress, new TrainingOptions { Notes = 800_000_000 });
        Assert.True(line.Length < 80, line);
        Assert.Equal("epoch 8.8 12345/s 16 h 52 min step 12.34 pitch 2.34 velocity 2.34 duration 3.34", line);
    }

    [Fact]
    public void CtrlCLeavesACheckpointOfWhatWasJustLearned()
    {
        string path = _home.File("stopped.safetensors");
        using var process = new HostProcess(_home, [.. Arguments(notes: 50_000_000), "-o", path]);
        process.WaitForLine(" notes, epoch ");
        process.Send(Signal.Interrupt);
        Assert.Equal(0, process.WaitForExit());
        Assert.Contains("--resume goes on", process.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(path + ".checkpoint"));
        Assert.True(File.Exists(path + ".losses.svg"));
    }

    [Fact]
    public void AFileOfOptionsWithAFaultIsRefusedByName()
    {
        string config = _home.File("train.json");
        string[] arguments = Arguments(notes: 1000);
        File.WriteAllText(config, """{ "streems": 4 }""");
        (int exitCode, string _, string error) = HostProcess.Run(_home, [.. arguments, "-o", _home.File("none.safetensors")]);
        Assert.Equal(1, exitCode);
        Assert.Contains("streems", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWouldNotBeWhatWasMeantIsRefused()
    {
        using var terminal = new Terminal();
        string corpus = terminal.MakeSeed("a.corpus"), path = terminal.File("misspelt.safetensors");
        Assert.StartsWith($"there is no checkpoint {path}.checkpoint to go on from.", Refusal(ExitCode.WrongArguments, "-o", path, "--resume"));
        Assert.StartsWith("--hidden is for training from scratch;", Refusal(ExitCode.WrongArguments, "-o", path, "--from", terminal.Model, "--hidden", "32"));
        Assert.StartsWith($"{terminal.Model} is read, and would be overwritten.", Refusal(ExitCode.WrongArguments, "-o", terminal.Model, "--from", terminal.Model));
        Assert.Contains($"there is no folder {terminal.File("none")}", Refusal(ExitCode.Failed, "-o", terminal.File("none/x.safetensors")), StringComparison.Ordinal);
        Assert.False(Directory.Exists(terminal.File("none")));

        string Refusal(int exitCode, params string[] options) => terminal.TypeInVain(exitCode, ["train", "--data", corpus, .. options]);
    }

    [Theory]
    [InlineData(20.9, "20 s")]
    [InlineData(48 * 60, "48 min")]
    [InlineData((108 * 60) + 5, "1 h 48 min")]
    [InlineData(double.PositiveInfinity, "unknown time")]
    public void TheTimeLeftIsToldAsPeopleSayIt(double seconds, string told) => Assert.Equal(told, TrainCommand.Duration(seconds));

    /// <summary>Arguments for a small network on a small corpus, with a report and a checkpoint several times a second.</summary>
    private string[] Arguments(long notes)
    {
        string corpus = _home.File("scales.corpus"), config = _home.File("train.json");
        if (!File.Exists(corpus))
        {
            ScaleCorpus(corpus);
        }

        File.WriteAllText(config, $$"""{ "notes": {{notes}}, "stopAfter": 1000000, "streams": 4, "firstSteps": 8, "laterSteps": 16, "shape": { "layers": 1, "hidden": 32, "embedding": 16, "head": 16 } }""");
        return ["train", "--data", corpus, "--config", config, "--every", "0.05", "--threads", "2"];
    }

    private static void ScaleCorpus(string path)
    {
        var writer = new CorpusWriter();
        for (int piece = 0; piece < 8; piece++)
        {
            Note[] scale = [.. Enumerable.Range(0, 150).Select(i => new Note(i * 200_000_000L, 150_000_000, (byte)(50 + ((i + piece) % 24)), 64))];
            writer.Add($"scale-{piece}.mid", "Nobody", piece == 7 ? Split.Validation : Split.Train, new Piece(scale, []));
        }

        writer.Write(path);
    }
}
