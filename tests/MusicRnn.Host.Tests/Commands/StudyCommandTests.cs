using System.Text.Json;
using System.Xml.Linq;
using MusicRnn.Host.Commands;
using MusicRnn.Training;

namespace MusicRnn.Host.Tests.Commands;

public sealed class StudyCommandTests : IDisposable
{
    private readonly Terminal _terminal = new();

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void AFolderBecomesACorpusAndABadFileIsNamedAndSkipped()
    {
        string folder = MakeFolder(20);
        File.WriteAllText(Path.Combine(folder, "bad.mid"), "no music");
        string corpus = _terminal.File("a.corpus");

        (int exitCode, string output, string error) = _terminal.Type("dataset", "prepare", folder, "-o", corpus);

        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Contains("bad.mid is left out", error, StringComparison.Ordinal);
        Assert.Contains("reading: 21 of 21 files", error, StringComparison.Ordinal);
        Assert.Contains($"written to {corpus}", output, StringComparison.Ordinal);
        using var made = Corpus.Open(corpus);
        Assert.Equal(20, made.Pieces.Count);
        Assert.All(made.Pieces, piece => Assert.Equal(CorpusBuilder.SplitOf(piece.Name), piece.Split));
    }

    [Fact]
    public void ACorpusIsDescribedInWordsAndPictures()
    {
        string corpus = _terminal.File("a.corpus"), pictures = _terminal.File("pictures");
        string folder = MakeFolder(12);
        File.WriteAllLines(Path.Combine(folder, "maestro-v2.0.0.csv"),
            ["canonical_composer,split,midi_filename", .. Enumerable.Range(0, 11).Select(i => $"{(i < 8 ? "Clara Schumann" : "Amy Beach")},{(i < 8 ? "train" : "validation")},{i:D2}.mid")]);
        Assert.Equal(ExitCode.Done, _terminal.Type("dataset", "prepare", folder, "-o", corpus).ExitCode);

        (int exitCode, string output, string error) = _terminal.Type("dataset", "describe", corpus, "-o", pictures);

        Assert.Equal((ExitCode.Done, ""), (exitCode, error));
        Assert.Matches(@"\| all +\| +12 \| +2400 \|", output);
        Assert.Matches(@"\| Clara Schumann +\| +8 \| +1600 \|", output);
        Assert.Matches(@"\| Amy Beach +\| +3 \| +600 \|", output);
        Assert.Contains("\npitch ", output, StringComparison.Ordinal);
        Assert.Contains("\u2588", output, StringComparison.Ordinal); // a full block: the most frequent
        AssertPictures(pictures, "pitch", "step", "duration", "velocity", "composers");
    }

    [Fact]
    public void FilesArePlottedOverOneAnother()
    {
        string first = _terminal.MakeSeed("a.mid"), second = _terminal.MakeSeed("b.mid", notes: 12);
        string roll = _terminal.File("roll.svg"), sheet = _terminal.File("sheet.svg");

        (int exitCode, string output, string error) = _terminal.Type("plot", first, second, "-o", roll, "--histograms", sheet, "--from", "0.5", "--to", "1.5");

        Assert.Equal((ExitCode.Done, ""), (exitCode, error));
        Assert.Contains(roll, output, StringComparison.Ordinal);
        string svg = File.ReadAllText(roll);
        Assert.Equal(5, svg.Split("class=\"note f0\"").Length - 1); // 0.6 to 1.4 s
        Assert.Equal(5, svg.Split("class=\"note f1\"").Length - 1);
        AssertPictures(_terminal.Home.Path, "roll", "sheet");
    }

    [Theory]
    [InlineData(ExitCode.WrongArguments, "nothing to draw", "plot", "a.mid")]
    [InlineData(ExitCode.WrongArguments, "less than", "plot", "a.mid", "-o", "x.svg", "--from", "3", "--to", "2")]
    [InlineData(ExitCode.WrongArguments, "from 0 to 604800", "plot", "a.mid", "-o", "x.svg", "--from", "-1")]
    [InlineData(ExitCode.Failed, "has no notes between --from and --to", "plot", "a.mid", "-o", "x.svg", "--from", "100")]
    [InlineData(ExitCode.Failed, "cannot be written", "plot", "a.mid", "-o", "none/x.svg")]
    [InlineData(ExitCode.Failed, "not a sound corpus", "dataset", "describe", "a.mid")]
    [InlineData(ExitCode.Failed, "not a usable network", "model", "describe", "a.mid")]
    [InlineData(ExitCode.WrongArguments, "there is no file", "model", "describe", "none.safetensors")]
    [InlineData(ExitCode.WrongArguments, "--split is train, validation or test, not \"foo\".", "evaluate", "--data", "a.mid", "--split", "foo")]
    [InlineData(ExitCode.WrongArguments, "ask for one at a time", "evaluate", "--data", "a.mid", "--turns", "--continuations")]
    [InlineData(ExitCode.WrongArguments, "from 2 to", "evaluate", "--data", "a.mid", "--continuations", "--seeds", "1")]
    public void WhatCannotBeDoneIsTold(int exitCode, string message, params string[] arguments)
    {
        _terminal.MakeSeed("a.mid");

        string error = _terminal.TypeInVain(exitCode, [.. arguments.Select(argument => argument.Contains('.', StringComparison.Ordinal) ? _terminal.File(argument) : argument)]);

        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void ANetworkIsDescribedAndDrawn()
    {
        string picture = _terminal.File("net.svg");

        (int exitCode, string output, string error) = _terminal.Type("model", "describe", _terminal.Model, "--plot", picture);

        Assert.Equal((ExitCode.Done, ""), (exitCode, error));
        Assert.Contains(Terminal.Network.Hash, output, StringComparison.Ordinal);
        Assert.Matches(@"\| LSTM layer 1 +\| +32 cells", output);
        Assert.Matches($@"\| all +\| +\| +{Terminal.Network.Layout.Parameters} \|", output);
        Assert.Contains("format = musicrnn", output, StringComparison.Ordinal);
        AssertPictures(_terminal.Home.Path, "net");
    }

    [Fact]
    public void AnEvaluationIsDrawn()
    {
        string pictures = _terminal.File("pictures");

        (int exitCode, _, string error) = _terminal.Type(
            "evaluate", "--model", _terminal.Model, "--data", MakeFolder(12), "--split", "train", "--threads", "1", "--seeds", "2", "--plots", pictures);

        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Contains($"drawn into {pictures}", error, StringComparison.Ordinal);
        AssertPictures(pictures, "pitch", "step", "duration", "passage", "calibration", "pitch-histogram", "step-histogram", "duration-histogram", "velocity-histogram");
    }

    [Fact]
    public void ContinuationsAreComparedTheSameWayEachTime()
    {
        string[] command = ["evaluate", "--model", _terminal.Model, "--data", MakeFolder(12), "--split", "train", "--continuations", "--seeds", "3", "--seed", "5"];

        (int exitCode, string table, _) = _terminal.Type(command);
        string json = _terminal.Type([.. command, "--json"]).Output;

        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Contains("overlap of pitchClass", table, StringComparison.Ordinal);
        Assert.Equal(json, _terminal.Type([.. command, "--json"]).Output);
        using var document = JsonDocument.Parse(json);
        Assert.Equal(3, document.RootElement.GetProperty("seeds").GetInt32());
        Assert.InRange(document.RootElement.GetProperty("inKey.answer").GetDouble(), 0, 1);
        Assert.NotEqual(json, _terminal.Type([.. command, "--json", "--temperature", "0.3"]).Output);
    }

    [Fact]
    public void TurnsAreToldAsATableOrAsJson()
    {
        string[] command = ["evaluate", "--model", _terminal.Model, "--data", MakeFolder(12), "--split", "train", "--turns"];

        string table = _terminal.Type(command).Output;
        using var document = JsonDocument.Parse(_terminal.Type([.. command, "--json"]).Output);

        Assert.Equal(table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 2, document.RootElement.GetArrayLength());
        JsonElement silence = document.RootElement.EnumerateArray().First(figure => figure.GetProperty("rule").GetString() == "Silence");
        Assert.InRange(silence.GetProperty("setting").GetDouble(), 0.1, 10);
        Assert.Equal(JsonValueKind.Null, document.RootElement.EnumerateArray().First(figure => figure.GetProperty("rule").GetString() == "Pedal").GetProperty("medianWait").ValueKind);
    }

    private static void AssertPictures(string folder, params string[] names) =>
        Assert.All(names, name => Assert.Equal("svg", XDocument.Load(Path.Combine(folder, name + ".svg")).Root!.Name.LocalName));

    /// <summary>A folder of MIDI files of 200 notes each.</summary>
    private string MakeFolder(int files)
    {
        Directory.CreateDirectory(_terminal.File("midi"));
        for (int i = 0; i < files; i++)
        {
            _terminal.MakeSeed($"midi/{i:D2}.mid", notes: 200);
        }

        return _terminal.File("midi");
    }
}
