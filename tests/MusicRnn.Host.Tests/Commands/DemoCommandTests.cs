using MusicRnn.Host.Commands;
using MusicRnn.Midi;
using MusicRnn.Notes;
using MusicRnn.Performance;
using MusicRnn.Tests.Performance;

namespace MusicRnn.Host.Tests.Commands;

public sealed class DemoCommandTests : IDisposable
{
    private static readonly string[] Files = ["phrase.mid", "take.mid", "take.svg", "take.wav"];
    private readonly Terminal _terminal = new();

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void ItLeavesATakeItsSoundAndItsPictureInANewFolderThatItNames()
    {
        (int exitCode, string output, string error) = _terminal.Type("demo", "--fast", "--model", _terminal.Model);
        Assert.Equal(("", ExitCode.Done), (error, exitCode));
        string folder = Assert.Single(Directory.GetDirectories(Path.Combine(_terminal.Workplace.Folders.Data, "demos")));
        Assert.Contains($"In {folder}: take.mid, take.wav, take.svg, phrase.mid.", output);
        Assert.Equal(Files, Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        Take take = TakeFile.Read(Path.Combine(folder, "take.mid"));
        Assert.Equal(SeedPhrase.Piece.Notes.Count, take.PlayerNotes);
        Assert.InRange(take.MachineNotes, 4, 500);
        Assert.True(TakeReplay.Run(take, TestNetworks.Lively).IsSame);
        var file = MidiFile.Read(Path.Combine(folder, "take.mid"));
        Assert.InRange((new FileInfo(Path.Combine(folder, "take.wav")).Length - 44) / 4.0 / 48_000 - (file.Duration / 1e9), 2.9, 3.1);
        string picture = File.ReadAllText(Path.Combine(folder, "take.svg"));
        Assert.Equal(take.PlayerNotes + take.MachineNotes, picture.Split("class=\"note ").Length - 1);
    }

    [Fact]
    public void InRealTimeItPlaysTheNotesThatItPlaysOnAVirtualClock()
    {
        Note[] fast = Play("fast", "--fast"), live = Play("live", "--audio", "none"), other = Play("other", "--fast", "--seed", "77");
        Assert.Equal(fast, live);
        Assert.NotEqual(fast, other);

        Note[] Play(string name, params string[] options)
        {
            (int exitCode, string output, string error) = _terminal.Type(["demo", "-o", _terminal.File(name), "--model", _terminal.Model, "--set", "Parameters:length=6", .. options]);
            Assert.True(exitCode == ExitCode.Done, output + error);
            var file = MidiFile.Read(Path.Combine(_terminal.File(name), "take.mid"));
            return [.. NoteReader.Read(file, track: 1).Notes];
        }
    }

    [Fact]
    public void SettingsThatHaveNoEndOrNoAnswerAreNotTheDemos()
    {
        (int exitCode, string output, string error) = _terminal.Type(
            "demo", "--fast", "-o", _terminal.File("demo"), "--model", _terminal.Model,
            "--set", "Parameters:mode=Endless", "--set", "Parameters:length=127", "--set", "Parameters:rule=Pedal", "--set", "Midi:Channel=5");
        Assert.Equal(("", ExitCode.Done), (error, exitCode));
        Assert.StartsWith("The machine answered its 53 notes with ", output.Split(Environment.NewLine)[1]);
    }

    [Fact]
    public void ItRunsFromAnyWorkingDirectory()
    {
        (int exitCode, string output, string error) = HostProcess.Run(_terminal.Home, ["demo", "--fast", "-o", "here", "--model", "small.safetensors"]);
        Assert.Equal(("", ExitCode.Done), (error, exitCode));
        Assert.Contains($"In {_terminal.File("here")}: ", output);
        Assert.Equal(Files, Directory.GetFiles(_terminal.File("here")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ASignalEndsItWithWhatWasPlayedUntilThen()
    {
        using var process = new HostProcess(_terminal.Home, ["demo", "-o", "here", "--audio", "none", "--model", "small.safetensors"]);
        process.WaitForLine("Played to the machine in real time");
        Waiting.Until(() => Directory.GetFiles(_terminal.File("here"), "*.journal").Length == 1, "a journal", TimeSpan.FromSeconds(10));
        Thread.Sleep(2000); // a few notes
        process.Send(Signal.Terminate);
        Assert.Equal(ExitCode.Failed, process.WaitForExit());
        Assert.Equal($"musicrnn: stopped; what was played until then is in {_terminal.File("here/take.mid")}.", process.Error.Trim());
        Assert.InRange(TakeFile.Read(_terminal.File("here/take.mid")).PlayerNotes, 1, 40);
    }

    [Fact]
    public void WhatIsMissingIsSaidInOneSentence()
    {
        string file = _terminal.Home.Write("file", "");
        Assert.StartsWith($"the folder {file}/demo cannot be written to: ", Refusal("-o", Path.Combine(file, "demo"), "--model", _terminal.Model));
        Assert.Equal("there is no model /nowhere. Name another by --model, or in the settings as Model:Path.", Refusal("-o", _terminal.File("demo"), "--model", "/nowhere"));
        Assert.False(Directory.Exists(_terminal.File("demo")));

        string Refusal(params string[] options) => _terminal.TypeInVain(ExitCode.Failed, ["demo", "--fast", .. options]);
    }
}
