using System.Diagnostics;
using MusicRnn.Host.Commands;
using MusicRnn.Midi;

namespace MusicRnn.Host.Tests.Commands;

public sealed class RunCommandTests : IDisposable
{
    private readonly Terminal _terminal = new();

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void RealTimeAndAVirtualClockGiveTheSameNotesAndTakesThatSaySo()
    {
        string seed = _terminal.MakeSeed("seed.mid"), fast = _terminal.File("fast.mid"), live = _terminal.File("live.mid");
        string[] common = ["run", "--midi-in", $"file:{seed}", "--model", _terminal.Model, "--seed", "4", "--set", "Parameters:length=6", "--set", "Panel:Enabled=false"];

        (int exitCode, string output, string error) = _terminal.Type([.. common, "--midi-out", $"file:{fast}", "--audio", $"file:{_terminal.File("fast.wav")}", "--fast"]);
        Assert.Equal((ExitCode.Done, ""), (exitCode, error));
        Assert.Contains("What was played is kept in", output, StringComparison.Ordinal);
        (exitCode, output, error) = HostProcess.Run(_terminal.Home, [.. common, "--midi-out", $"file:{live}", "--audio", $"file:{_terminal.File("live.wav")}", "--once"]);
        Assert.True(exitCode == ExitCode.Done, $"{exitCode}: {output} {error}");

        (long, MidiMessage)[] notes = Notes(fast);
        Assert.Equal(8, notes.Count(note => note.Item2.IsNoteOn && note.Item2.Channel == 0));
        Assert.InRange(notes.Count(note => note.Item2.IsNoteOn && note.Item2.Channel == 1), 6, 8);
        Assert.Equal(notes, Notes(live));
        byte[] sound = File.ReadAllBytes(_terminal.File("fast.wav"))[44..], heard = File.ReadAllBytes(_terminal.File("live.wav"))[44..];
        int both = Math.Min(sound.Length, heard.Length);
        Assert.Equal(sound[..both], heard[..both]);
        Assert.Contains(sound, sample => sample != 0);
    }

    [Fact]
    public void AFileCanBeNamedFromTheHomeFolderOnTheCommandLine()
    {
        _terminal.MakeSeed("seed.mid");
        (int exitCode, string output, string error) = HostProcess.Run(
            _terminal.Home, ["run", "--midi-in", "file:~/seed.mid", "--midi-out", "file:~/out.mid", "--audio", "none", "--model", _terminal.Model, "--fast"], workingFolder: Path.GetTempPath());
        Assert.True(exitCode == ExitCode.Done, output + error);
        Assert.Equal(8, Notes(_terminal.File("out.mid")).Count(note => note.Item2.IsNoteOn && note.Item2.Channel == 0));
    }

    [Theory]
    [InlineData("--once ends when a file has been played", "--once", "--midi-in", "none")]
    [InlineData("--fast ends when a file has been played", "--fast")]
    [InlineData("--midi-out is jack, which keeps real time", "--fast", "--midi-in", "file:x.mid", "--midi-out", "jack")]
    [InlineData("--midi-in is \"keyboard\"", "--midi-in", "keyboard")]
    [InlineData("--fast ends when a file has been answered, and the settings ask for an answer without end: Parameters:mode is Endless. Say how long", "--fast", "--midi-in", "file:x.mid", "--set", "Parameters:mode=Endless")]
    [InlineData("--once ends when a file has been answered, and the settings ask for an answer without end: Parameters:length is 127. Say how long", "--once", "--midi-in", "file:x.mid", "--set", "Parameters:length=127")]
    [InlineData("there is no file /none/x.mid. Name one to be played in by --midi-in file:NAME.mid.", "--midi-in", "file:/none/x.mid")]
    [InlineData("there is no file /none/x.mid. Name one to be played in by --midi-in file:NAME.mid.", "--midi-in", "file:/none/x.mid", "--once")]
    [InlineData("/proc is a folder, and a file is wanted. Name one to be played in by --midi-in file:NAME.mid.", "--midi-in", "file:/proc", "--fast")]
    public void WhatCannotEndOrBeOpenedIsAWrongArgument(string sentence, params string[] arguments) =>
        Assert.Contains(sentence, _terminal.TypeInVain(ExitCode.WrongArguments, ["run", .. arguments]), StringComparison.Ordinal);

    [Fact]
    public void WhatAFileHasTooMuchOfAtOneMomentIsNotLostWithoutAWord()
    {
        var writer = new MidiFileWriter();
        MidiTrackWriter track = writer.AddTrack();
        for (int i = 0; i < 6000; i++)
        {
            track.Add(0, MidiMessage.NoteOn(i % 16, 30 + (i / 16 % 60), 64));
        }

        string dense = _terminal.File("dense.mid");
        writer.Write(dense);
        (int exitCode, _, string error) = _terminal.Type(
            "run", "--midi-in", $"file:{dense}", "--midi-out", $"file:{_terminal.File("out.mid")}", "--audio", "none", "--model", _terminal.Model, "--fast");
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("dense.mid has more at one moment than", error, StringComparison.Ordinal);
    }

    [Fact]
    public void ABrokenFileOrModelIsNamed()
    {
        string broken = _terminal.Home.Write("broken.mid", "no music"), seed = _terminal.MakeSeed("seed.mid");
        Assert.Contains("broken.mid", _terminal.TypeInVain(ExitCode.Failed, "run", "--midi-in", $"file:{broken}", "--model", _terminal.Model, "--fast"), StringComparison.Ordinal);
        Assert.Contains("broken.mid", _terminal.TypeInVain(ExitCode.Failed, "run", "--midi-in", $"file:{seed}", "--model", broken, "--fast"), StringComparison.Ordinal);
    }

    [Fact]
    public void AServiceThatFailsEndsTheProcessWithItsReason()
    {
        string broken = _terminal.Home.Write("broken.safetensors", "no weights");
        (int exitCode, string output, string error) = HostProcess.Run(
            _terminal.Home, ["run", "--model", broken, "--midi-in", "none", "--midi-out", "none", "--audio", "none", "--set", "Panel:Enabled=false"]);
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("broken.safetensors", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAFolderForTheLedgerOrTheLogItSaysSoAndPlaysOn()
    {
        string file = _terminal.Home.Write("file", "no folder");
        using var instrument = new HostProcess(
            _terminal.Home,
            ["run", "--model", _terminal.Model, "--midi-in", "none", "--midi-out", "jack", "--audio", "none", "--set", "Panel:Enabled=false", "--set", "Logging:Folder=/proc/logs"],
            new() { ["XDG_RUNTIME_DIR"] = file, ["JACK_DEFAULT_SERVER"] = "musicrnn-nowhere", ["JACK_NO_START_SERVER"] = "1" });
        instrument.WaitForLine("Ready:");

        Assert.Contains($"After a kill or a crash nobody would release what sounds: nothing can be kept in {file}/musicrnn", instrument.Output, StringComparison.Ordinal);
        Assert.Contains("Let XDG_RUNTIME_DIR name a folder that you can write to", instrument.Output, StringComparison.Ordinal);
        Assert.Contains("There is no log file: Nothing can be written in /proc/logs", instrument.Output, StringComparison.Ordinal);
        instrument.Send(Signal.Interrupt);
        Assert.Equal(ExitCode.Done, instrument.WaitForExit());
    }

    [Theory]
    [InlineData("--midi-out", "--audio", "out.mid")]
    [InlineData("--audio", "--midi-out", "out.wav")]
    public void WhatOneInstrumentRecordsToAnotherLeavesAlone(string option, string other, string name)
    {
        string seed = _terminal.MakeSeed("seed.mid"), file = _terminal.File(name);
        string[] outputs = [other, "none", option, $"file:{file}"];
        using var instrument = new HostProcess(
            _terminal.Home, ["run", "--model", _terminal.Model, "--midi-in", "none", .. outputs, "--set", "Panel:Enabled=false"]);
        instrument.WaitForLine("Ready:");
        long before = new FileInfo(file).Length;

        string error = _terminal.TypeInVain(ExitCode.Failed, ["run", "--fast", "--midi-in", $"file:{seed}", .. outputs, "--model", _terminal.Model]);

        Assert.Contains($"{file} is being recorded to by another program. Name another file, or end that one first.", error, StringComparison.Ordinal);
        Assert.True(before > 0 && new FileInfo(file).Length >= before); // a sound file grows
        instrument.Send(Signal.Interrupt);
        Assert.Equal(ExitCode.Done, instrument.WaitForExit());
    }

    [Theory]
    [InlineData("--fast")]
    [InlineData("--once")]
    public void ARecordingThatADiskHasNoRoomForIsAnErrorWithTheNextMove(string option)
    {
        string disk = _terminal.File("disk"), seed = _terminal.MakeSeed("seed.mid");
        Directory.CreateDirectory(disk);
        using (Process trial = Process.Start("unshare", ["-rm", "mount", "-t", "tmpfs", "none", disk]))
        {
            trial.WaitForExit();
            Assert.SkipUnless(trial.ExitCode == 0, "This user may not mount a small disk.");
        }

        (int exitCode, string output, string error) = HostProcess.Run(_terminal.Home, smallDisk: disk, arguments:
        [
            "run", option, "--midi-in", $"file:{seed}", "--audio", $"file:{disk}/live.wav", "--midi-out", "none", "--model", _terminal.Model,
            "--set", "Parameters:length=6", "--set", "Panel:Enabled=false", "--set", "Audio:SampleRate=192000", // a disk full after four seconds
        ]);

        Assert.Matches(
            $"file {disk}/live.wav cannot be written any more: No space left on device.*[.] What was played after that is missing there: make room, or name another file, and play it again[.]",
            output + error);
        Assert.Contains("What was played is kept in", output + error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, exitCode);
    }

    [Theory]
    [InlineData("--fast")]
    [InlineData("--once")]
    public void ATakeThatCannotBeKeptIsAnErrorWithTheNextMove(string option)
    {
        string seed = _terminal.MakeSeed("seed.mid"), folder = _terminal.Home.Write("takes", "no folder");

        (int exitCode, string output, string error) = HostProcess.Run(
            _terminal.Home,
            ["run", option, "--midi-in", $"file:{seed}", "--midi-out", "none", "--audio", "none", "--model", _terminal.Model, "--set", "Parameters:length=6", "--set", "Panel:Enabled=false", "--set", $"Takes:Folder={folder}"]);

        Assert.Matches($"What was played is not kept as a take: .*{folder}.*[.] Make room, or name another folder \\(Takes:Folder\\)[.]", output + error);
        Assert.Equal(ExitCode.Failed, exitCode);
    }

    [Theory]
    [InlineData("--fast")]
    [InlineData("--once")]
    public void AFileWhoseOwnControllersAskForNoEndIsNotWaitedFor(string option)
    {
        string seed = _terminal.File("endless.mid");
        var writer = new MidiFileWriter();
        MidiTrackWriter track = writer.AddTrack();
        track.Add(0, MidiMessage.Control(0, 22, 127)); // the knob of Parameters:length
        for (int i = 0; i < 4; i++)
        {
            track.Add(i * 200_000_000L, MidiMessage.NoteOn(0, 60 + i, 80));
            track.Add((i * 200_000_000L) + 150_000_000, MidiMessage.NoteOff(0, 60 + i));
        }

        writer.Write(seed);

        (int exitCode, string output, string error) = HostProcess.Run(
            _terminal.Home,
            ["run", option, "--midi-in", $"file:{seed}", "--midi-out", "none", "--audio", "none", "--model", _terminal.Model, "--set", "Panel:Enabled=false"]);

        Assert.Contains($"The answer to file {seed} has no end, for what came in meanwhile has turned a knob: Parameters:length is 127. Take that controller out of the file", output + error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, exitCode);
    }

    private static (long, MidiMessage)[] Notes(string path) =>
        [.. MidiFile.Read(path).Messages.Where(message => message.Message.IsNoteOn || message.Message.IsNoteOff).Select(message => (message.Time, message.Message))];
}
