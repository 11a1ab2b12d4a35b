using MusicRnn.Host.Commands;

namespace MusicRnn.Host.Tests.Commands;

public sealed class OutputFileTests : IDisposable
{
    private readonly Terminal _terminal = new();

    public void Dispose() => _terminal.Dispose();

    [Theory]
    [InlineData("plot", "a.mid", "-o", "a.mid")]
    [InlineData("plot", "a.mid", "-o", "link.mid")]
    [InlineData("plot", "link.mid", "-o", "a.mid")]
    [InlineData("plot", "a.mid", "-o", "here/a.mid")]
    [InlineData("continue", "a.mid", "-o", "o.mid", "--plot", "link.mid")]
    [InlineData("continue", "a.mid", "--model", "small.safetensors", "-o", "small.safetensors")]
    [InlineData("generate", "--notes", "3", "--model", "small.safetensors", "-o", "o.mid", "--wav", "small.safetensors")]
    [InlineData("model", "describe", "small.safetensors", "--plot", "small.safetensors")]
    [InlineData("render", "a.mid", "--soundfont", "a.sf2", "-o", "a.sf2")]
    [InlineData("render", "a.mid", "--config", "a.json", "-o", "a.json")]
    [InlineData("run", "--fast", "--midi-in", "file:a.mid", "--midi-out", "file:a.mid")]
    [InlineData("run", "--fast", "--midi-in", "file:a.mid", "--midi-out", "none", "--audio", "file:link.mid")]
    [InlineData("dataset", "prepare", "midi", "-o", "midi/p.mid")]
    public void WhatIsReadIsNotOverwritten(params string[] arguments)
    {
        Dictionary<string, byte[]> before = MakeFiles();

        string error = _terminal.TypeInVain(ExitCode.WrongArguments, Placed(arguments));

        Assert.Contains("is read, and would be overwritten. Name another file by -", error, StringComparison.Ordinal);
        Assert.All(before, file => Assert.Equal(file.Value, File.ReadAllBytes(file.Key)));
        Assert.False(File.Exists(_terminal.File("o.mid")));
    }

    [Theory]
    [InlineData("--wav", "continue", "a.mid", "-o", "o.mid", "--wav", "o.mid")]
    [InlineData("--histograms", "plot", "a.mid", "-o", "o.svg", "--histograms", "here/o.svg")]
    [InlineData("--audio", "run", "--fast", "--midi-in", "file:a.mid", "--midi-out", "file:o.x", "--audio", "file:o.x")]
    public void TwoFilesAreNotWrittenToOnePlace(string option, params string[] arguments)
    {
        MakeFiles();

        string error = _terminal.TypeInVain(ExitCode.WrongArguments, Placed(arguments));

        Assert.Matches($"^-.* and {option} are one file, .*. Name another by {option}.", error);
        Assert.Empty(Directory.GetFiles(_terminal.Home.Path, "o.*"));
    }

    [Theory]
    [InlineData("-o", "render", "a.mid", "-o", "o.flac")]
    [InlineData("--wav", "continue", "a.mid", "-o", "o.mid", "--wav", "o.flac")]
    [InlineData("--wav", "generate", "--notes", "3", "-o", "o.mid", "--wav", "o.flac")]
    [InlineData("--audio", "run", "--fast", "--midi-in", "file:a.mid", "--midi-out", "file:o.mid", "--audio", "file:o.flac")]
    public void SoundIsNotWrittenToAFileThatIsCalledAnythingButWav(string option, params string[] arguments)
    {
        MakeFiles();

        string error = _terminal.TypeInVain(ExitCode.WrongArguments, Placed(arguments));

        Assert.Equal($"{_terminal.File("o.flac")} cannot be written: sound is written as WAV, and .flac is another kind of file. Name a .wav file by {option}.", error);
        Assert.Empty(Directory.GetFiles(_terminal.Home.Path, "o.*"));
    }

    [Fact]
    public void ALinkInTheWayStaysALink()
    {
        MakeFiles();
        File.CreateSymbolicLink(_terminal.File("out.mid"), "target.mid");

        (int exitCode, _, string error) = _terminal.Type(Placed(["continue", "a.mid", "-o", "out.mid", "--model", "small.safetensors"]));

        Assert.Equal(("", ExitCode.Done), (error, exitCode));
        Assert.Equal("target.mid", new FileInfo(_terminal.File("out.mid")).LinkTarget);
        Assert.True(new FileInfo(_terminal.File("target.mid")).Length > 0);
    }

    [Fact]
    public void SoundTooLongForAFileIsRefusedBeforeAnOlderOneIsTouched()
    {
        string midi = _terminal.MakeSeed("long.mid", notes: 150_000), wav = _terminal.Home.Write("old.wav", "old"); // 8.3 hours

        string error = _terminal.TypeInVain(ExitCode.Failed, "render", midi, "-o", wav, "--rate", "192000");

        Assert.StartsWith("the music lasts 8.3 hours, and a WAV file of 192000 frames a second holds 1.6:", error);
        Assert.Equal("old", File.ReadAllText(wav));
    }

    [Fact]
    public void CtrlCWhileSoundIsMadeLeavesTheOlderFileAndNothingElse()
    {
        string midi = _terminal.MakeSeed("long.mid", notes: 50_000), wav = _terminal.Home.Write("old.wav", "old"); // 2.8 hours
        using var process = new HostProcess(_terminal.Home, ["render", midi, "-o", wav]);
        Waiting.Until(() => Directory.GetFiles(_terminal.Home.Path, "old.wav.*.part").Length == 1, "the draft beside it", TimeSpan.FromSeconds(30));

        process.Send(Signal.Interrupt);

        Assert.Equal(ExitCode.Failed, process.WaitForExit());
        Assert.Equal($"musicrnn: stopped; {wav} is not written.", process.Error.TrimEnd());
        Assert.Equal("old", File.ReadAllText(wav));
        Assert.Empty(Directory.GetFiles(_terminal.Home.Path, "*.part"));
    }

    private string[] Placed(string[] arguments) =>
    [
        .. arguments.Select(argument => argument.StartsWith("file:", StringComparison.Ordinal) ? "file:" + _terminal.File(argument[5..])
            : argument == "midi" || argument.Contains('.', StringComparison.Ordinal) ? _terminal.File(argument) : argument),
    ];

    private Dictionary<string, byte[]> MakeFiles()
    {
        Directory.CreateDirectory(_terminal.File("midi"));
        string[] files = [_terminal.MakeSeed("a.mid"), _terminal.MakeSeed("midi/p.mid"), _terminal.Model, _terminal.Home.Write("a.sf2", "no font"), _terminal.Home.Write("a.json", "{}")];
        File.CreateSymbolicLink(_terminal.File("link.mid"), "a.mid");
        Directory.CreateSymbolicLink(_terminal.File("here"), ".");
        return files.ToDictionary(file => file, File.ReadAllBytes);
    }
}
