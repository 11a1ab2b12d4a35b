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
    [InlineData(ExitCode.Failed, "`musicrnn dataset prepare` makes one", "evaluate", "--model", "small.safetensors", "--data", "a.mid")]
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

    [Theory]
    [InlineData(2)]
    [InlineData(159)]
    public void OfShortPiecesIsDrawnWhatCanBeAndTheRestIsNamed(int notes)
    {
        string pictures = _terminal.File("pictures");

        (int exitCode, string output, string error) = _terminal.Type(
            "evaluate", "--model", _terminal.Model, "--data", MakeFolder(4, notes), "--split", "train", "--plots", pictures);

        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Contains("nats a note, over", output, StringComparison.Ordinal);
        Assert.Contains("the histograms are left out, for no piece has the 160 notes", error, StringComparison.Ordinal);
        Assert.Contains($"drawn into {pictures}", error, StringComparison.Ordinal);
        AssertPictures(pictures, "pitch", "step", "duration", "passage", "calibration");
        Assert.Empty(Directory.GetFiles(pictures, "*-histogram.svg"));
    }

    [Fact]
    public void AnEvaluationHasTheKeysThatAreDocumented()
    {
        string folder = MakeFolder(12);
        File.WriteAllLines(Path.Combine(folder, "maestro-v2.0.0.csv"),
            ["canonical_composer,split,midi_filename", "Clara Schumann,validation,00.mid", "Clara Schumann,validation,01.mid", "Amy Beach,validation,02.mid", ",validation,03.mid", ",train,04.mid"]);
        File.WriteAllText(Path.Combine(folder, "bad.mid"), "no music");
        string corpus = _terminal.File("a.corpus");
        _terminal.Type("dataset", "prepare", folder, "-o", corpus);
        using var made = Corpus.Open(corpus);
        CorpusPiece[] pieces = [.. made.Pieces.Where(piece => piece.Split == Split.Validation)];

        (int exitCode, string output, string error) = _terminal.Type("evaluate", "--model", _terminal.Model, "--data", folder, "--json");

        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Contains("bad.mid is left out: ", error, StringComparison.Ordinal);
        Assert.Contains($"judging: {pieces.Length * 199} of {pieces.Length * 199} notes", error, StringComparison.Ordinal);
        Assert.Contains($"playing: {pieces.Length} of {pieces.Length} pieces", error, StringComparison.Ordinal);
        string[] figures =
        [
            "notes", "nats.total", "nats.step", "nats.pitch", "nats.pitchGivenStep", "nats.velocity", "nats.duration", "nats.pedal", "accuracy.pitchTop1", "accuracy.pitchTop5",
        ];
        string[] keys = [.. figures, "nats.quantisation", "quantisation.notes", "composers"];
        string documentation = File.ReadAllText(Repository.Path("docs", "training.md"));
        Assert.All(keys, key => Assert.Contains($"`{key}`", documentation, StringComparison.Ordinal));
        using var document = JsonDocument.Parse(output);
        JsonElement all = document.RootElement, composers = all.GetProperty("composers");
        Assert.Equal(keys, all.EnumerateObject().Select(property => property.Name));
        Assert.Equal(pieces.Length * 199, all.GetProperty("notes").GetInt64());
        Assert.Equal(pieces.Length * 199, all.GetProperty("quantisation.notes").GetInt64());
        Assert.InRange(all.GetProperty("nats.quantisation").GetDouble(), -0.1, 0.1);
        Assert.Equal(
            pieces.GroupBy(piece => piece.Composer.Length > 0 ? piece.Composer : "unnamed").ToDictionary(group => group.Key, group => group.Count() * 199L),
            composers.EnumerateObject().ToDictionary(composer => composer.Name, composer => composer.Value.GetProperty("notes").GetInt64()));
        Assert.Equal(["Amy Beach", "Clara Schumann", "unnamed"], composers.EnumerateObject().Select(composer => composer.Name).Order(StringComparer.Ordinal));
        Assert.All(composers.EnumerateObject(), composer => Assert.Equal(figures, composer.Value.EnumerateObject().Select(property => property.Name)));
        Assert.All([all, .. composers.EnumerateObject().Select(composer => composer.Value)], losses =>
        {
            Assert.Equal(Value("nats.total"), Value("nats.step") + Value("nats.pitchGivenStep") + Value("nats.velocity") + Value("nats.duration"), 0.0003); // each is rounded
            Assert.True(Value("nats.pitch") > 0);
            Assert.True(Value("nats.pedal") > 0);
            Assert.InRange(Value("accuracy.pitchTop5"), Value("accuracy.pitchTop1"), 1);

            double Value(string key) => losses.GetProperty(key).GetDouble();
        });
        Assert.All(figures.Skip(1), key => Assert.Equal(
            composers.EnumerateObject().Sum(composer => composer.Value.GetProperty(key).GetDouble() * composer.Value.GetProperty("notes").GetInt64()) / (pieces.Length * 199),
            all.GetProperty(key).GetDouble(),
            0.0002));
    }

    [Fact]
    public void AnEvaluationAsTextNamesWhatItIsOver()
    {
        string folder = MakeFolder(12);
        File.WriteAllLines(Path.Combine(folder, "maestro-v2.0.0.csv"), ["canonical_composer,split,midi_filename", "Amy Beach,train,00.mid", ",train,01.mid"]);

        string output = _terminal.Type("evaluate", "--model", _terminal.Model, "--data", folder, "--split", "train").Output;

        Assert.Matches(@"\| Amy Beach +\| +199 \|", output);
        Assert.Matches(@"\| unnamed +\| +\d+ \|", output);
        Assert.Matches(@"nats a note, over \d+ notes, the first 2048 at most of each of \d+ pieces\n", output);
    }

    [Fact]
    public void AFolderThatCannotBeJudgedLeavesNoTemporaryFile()
    {
        string temporary = Directory.CreateDirectory(_terminal.File("temporary")).FullName, empty = Directory.CreateDirectory(_terminal.File("empty")).FullName;

        (int exitCode, _, string error) = HostProcess.Run(
            _terminal.Home, ["evaluate", "--model", _terminal.Model, "--data", empty], new Dictionary<string, string> { ["TMPDIR"] = temporary });

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains($"{empty} holds no .mid", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(temporary, "*.tmp"));
    }

    [Fact]
    public void ContinuationsOfASinglePieceAreComparedWithNoOther()
    {
        string[] command = ["evaluate", "--model", _terminal.Model, "--data", MakeFolder(1), "--split", CorpusBuilder.SplitOf("00.mid").ToString().ToLowerInvariant(), "--continuations", "--seeds", "2"];

        (int exitCode, string output, string error) = _terminal.Type([.. command, "--json"]);

        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Contains("no answer is compared with another piece, for only one has 160 notes or more", error, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("inKey.shuffled").ValueKind);
        Assert.Equal(JsonValueKind.Number, document.RootElement.GetProperty("inKey.truth").ValueKind);
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

        (_, string table, string error) = _terminal.Type(command);
        using var document = JsonDocument.Parse(_terminal.Type([.. command, "--json"]).Output);

        Assert.Contains("hearing: ", error, StringComparison.Ordinal);
        Assert.Equal(table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 2, document.RootElement.GetArrayLength());
        JsonElement silence = document.RootElement.EnumerateArray().First(figure => figure.GetProperty("rule").GetString() == "Silence");
        Assert.InRange(silence.GetProperty("setting").GetDouble(), 0.1, 10);
        Assert.Equal(JsonValueKind.Null, document.RootElement.EnumerateArray().First(figure => figure.GetProperty("rule").GetString() == "Pedal").GetProperty("medianWait").ValueKind);
    }

    private static void AssertPictures(string folder, params string[] names) =>
        Assert.All(names, name => Assert.Equal("svg", XDocument.Load(Path.Combine(folder, name + ".svg")).Root!.Name.LocalName));

    /// <summary>A folder of MIDI files of so many notes each.</summary>
    private string MakeFolder(int files, int notes = 200)
    {
        Directory.CreateDirectory(_terminal.File("midi"));
        for (int i = 0; i < files; i++)
        {
            _terminal.MakeSeed($"midi/{i:D2}.mid", notes);
        }

        return _terminal.File("midi");
    }
}
