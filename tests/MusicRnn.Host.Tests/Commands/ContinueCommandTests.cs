using System.Text;
using MusicRnn.Host.Commands;
using MusicRnn.Midi;
using MusicRnn.Notes;

namespace MusicRnn.Host.Tests.Commands;

public sealed class ContinueCommandTests : IDisposable
{
    private readonly Terminal _terminal = new();

    private string Out => _terminal.File("out.mid");

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void AFileIsCarriedOnWithTheNotesThatWereAskedForToHearAndToSee()
    {
        string wav = _terminal.File("out.wav"), plot = _terminal.File("out.svg");
        (int exitCode, string output, string error) = Continue("--notes", "20", "--wav", wav, "--plot", plot, "--seed", "3");

        Assert.Equal(("", ExitCode.Done), (error, exitCode));
        var file = MidiFile.Read(Out);
        Assert.Equal(2, file.TrackCount);
        Assert.Equal(8, NoteReader.Read(file, track: 0).Notes.Count);
        int added = NoteReader.Read(file, track: 1).Notes.Count;
        Assert.InRange(added, 20, 25);
        Assert.Contains($"Heard 8 notes in 0:01.6; added {added} from 0:0", output, StringComparison.Ordinal);
        Assert.Contains("--seed 3", output, StringComparison.Ordinal);

        byte[] sound = File.ReadAllBytes(wav);
        Assert.Equal("RIFF", Encoding.ASCII.GetString(sound, 0, 4));
        Assert.Equal(sound.Length - 44, BitConverter.ToInt32(sound, 40));
        double seconds = (sound.Length - 44) / 4.0 / 48_000;
        Assert.InRange(seconds, (file.Duration / 1e9) + 2.9, (file.Duration / 1e9) + 3.1);
        Assert.True(Loudest(sound, from: 44, seconds: 1) > 500); // the player
        Assert.True(Loudest(sound, from: 44 + (4 * 48_000 * 3), seconds: 3) > 500); // the machine

        string svg = File.ReadAllText(plot);
        Assert.Equal(8 + added, Count(svg, "class=\"note "));
        Assert.Equal(8, Count(svg, "class=\"note f0\""));
    }

    [Fact]
    public void TheSameSeedGivesTheSameBytesAndAnotherOthers()
    {
        byte[][] first = Files("5"), again = Files("5"), other = Files("6");
        Assert.All(first.Zip(again), pair => Assert.Equal(pair.First, pair.Second));
        Assert.All(first.Zip(other), pair => Assert.NotEqual(pair.First, pair.Second));

        byte[][] Files(string seed)
        {
            string[] files = [Out, _terminal.File("same.wav"), _terminal.File("same.svg")];
            Assert.Equal(ExitCode.Done, Continue("--seed", seed, "--wav", files[1], "--plot", files[2]).ExitCode);
            return [.. files.Select(File.ReadAllBytes)];
        }
    }

    [Fact]
    public void WithoutASeedItSaysWhichOneItTook()
    {
        (_, string output, _) = Continue();
        byte[] first = File.ReadAllBytes(Out);
        string seed = output[(output.IndexOf("--seed ", StringComparison.Ordinal) + 7)..].Trim();
        Continue("--seed", seed);
        Assert.Equal(first, File.ReadAllBytes(Out));
    }

    [Fact]
    public void SecondsAreKeptWithinAQuarter()
    {
        Continue("--seconds", "10", "--seed", "1");
        Piece answer = NoteReader.Read(MidiFile.Read(Out), track: 1);
        Assert.InRange((answer.Notes[^1].Onset - answer.Notes[0].Onset) / 1e9, 5, 12.5);
    }

    [Fact]
    public void TheAnswerAloneIsOneTrackThatBeginsAtTheSeedsEnd()
    {
        Continue("--only-answer", "--seed", "2");
        var alone = MidiFile.Read(Out);
        Piece answer = NoteReader.Read(alone);
        Continue("--seed", "2");
        Piece both = NoteReader.Read(MidiFile.Read(Out), track: 1);

        Assert.Equal(1, alone.TrackCount);
        Assert.All(both.Notes.Zip(answer.Notes), pair => Assert.InRange(pair.First.Onset - pair.Second.Onset - 1_550_000_000, -25_000, 25_000));
        Assert.Equal(both.Notes.Count, answer.Notes.Count);
    }

    [Theory]
    [InlineData(null, 42)] // the seed's own
    [InlineData("church org", 19)]
    [InlineData("6", 6)]
    public void TheMachineTakesTheInstrumentThatIsAskedForOrTheSeeds(string? instrument, int program)
    {
        string seed = _terminal.MakeSeed("cello.mid", program: 42, channel: 3);
        _terminal.Type(["continue", seed, "-o", Out, "--model", _terminal.Model, .. instrument is null ? (string[])[] : ["--instrument", instrument]]);
        MidiMessage[] programs = [.. MidiFile.Read(Out).Messages.Select(item => item.Message).Where(message => message.Kind == MidiKind.ProgramChange)];
        Assert.Equal([MidiMessage.Program(0, 42), MidiMessage.Program(1, program)], programs);
    }

    [Fact]
    public void TemperatureAndTopPAreHeard()
    {
        Assert.NotEqual(Bytes(), Bytes("--temperature", "0.2"));
        Assert.NotEqual(Bytes(), Bytes("--top-p", "0.5"));

        string Bytes(params string[] options)
        {
            Continue([.. options, "--seed", "1"]);
            return string.Join(' ', NoteReader.Read(MidiFile.Read(Out), track: 1).Notes);
        }
    }

    [Fact]
    public void WhatCannotBeCarriedOnIsSaidInOneSentence()
    {
        string broken = _terminal.Home.Write("broken.mid", "no music");
        string drums = _terminal.MakeSeed("drums.mid", channel: 9);
        Assert.Equal($"{broken} is not a sound MIDI file: at byte 0, a MIDI file's header (MThd) is missing. Export it anew, or choose another file.", Refusal(ExitCode.Failed, broken));
        Assert.Equal($"{drums} has no notes to carry on (drums, on channel 10, do not count). Choose another file.", Refusal(ExitCode.Failed, drums));
        Assert.StartsWith($"there is no file {_terminal.File("nowhere.mid")}.", Refusal(ExitCode.WrongArguments, _terminal.File("nowhere.mid")));

        string Refusal(int exitCode, string seed) => _terminal.TypeInVain(exitCode, "continue", seed, "-o", Out, "--model", _terminal.Model);
    }

    [Fact]
    public void WhatCannotBeWrittenOrLoadedIsSaidInOneSentence()
    {
        string seed = _terminal.MakeSeed("seed.mid");
        string far = Path.Combine(_terminal.File("far"), "out.mid");
        Assert.Equal($"{far} cannot be written: there is no folder {_terminal.File("far")}. Name another file by -o.", Refusal("-o", far));
        Assert.Equal($"{_terminal.Home.Path} cannot be written: it is a folder. Name another file by --wav.", Refusal("-o", Out, "--wav", _terminal.Home.Path));
        Assert.Equal("/proc/out.mid cannot be written: that is not permitted. Name another file by -o.", Refusal("-o", "/proc/out.mid"));
        Assert.StartsWith("/dev/full cannot be written: ", Refusal("-o", Out, "--wav", "/dev/full"));
        Assert.Equal($"there is no model {far}. Name another by --model, or in the settings as Model:Path.", Refusal("-o", Out, "--model", far));
        Assert.Equal(
            $"{_terminal.Home.Path} is a folder, and no model. Name a file by --model, or in the settings as Model:Path.",
            _terminal.TypeInVain(ExitCode.Failed, "continue", seed, "-o", Out, "--set", $"Model:Path={_terminal.Home.Path}"));
        Assert.StartsWith($"{seed} is not a usable network: ", Refusal("-o", Out, "--model", seed));
        Assert.Contains(seed, Refusal("-o", Out, "--wav", _terminal.File("a.wav"), "--set", $"Sound:SoundFont={seed}"), StringComparison.Ordinal);

        string Refusal(params string[] options) =>
            _terminal.TypeInVain(ExitCode.Failed, ["continue", seed, .. options, .. options.Contains("--model") ? (string[])[] : ["--model", _terminal.Model]]);
    }

    [Fact]
    public void WrongOptionsAreRefusedBeforeAnythingIsDone()
    {
        string seed = _terminal.MakeSeed("seed.mid");
        Assert.StartsWith("--notes is a whole number from 1 to", Refusal("--notes", "0"));
        Assert.StartsWith("--seconds is a number from 0.1 to", Refusal("--seconds", "-3"));
        Assert.StartsWith("--notes and --seconds both say", Refusal("--notes", "3", "--seconds", "3"));
        Assert.StartsWith("--temperature is 5; it must be", Refusal("--temperature", "5"));
        Assert.StartsWith("--instrument: no instrument is called \"vilin\"; close to it are Violin (40)", Refusal("--instrument", "vilin"));
        Assert.StartsWith("the settings ask for answers without end", Refusal("--set", "Parameters:length=127"));
        Assert.Equal($"{seed} is read, and would be overwritten. Name another file by --wav.", Refusal("--wav", seed));
        Assert.False(File.Exists(Out));

        string Refusal(params string[] options) =>
            _terminal.TypeInVain(ExitCode.WrongArguments, ["continue", seed, "-o", Out, "--model", _terminal.Model, .. options]);
    }

    [Fact]
    public void PathsStartFromTheWorkingDirectoryWhereverThatIs()
    {
        _terminal.MakeSeed("seed.mid");
        (int exitCode, string output, string error) = HostProcess.Run(
            _terminal.Home, ["continue", "seed.mid", "-o", "near.mid", "--model", "small.safetensors", "--seed", "4"]);
        Assert.Equal(("", ExitCode.Done), (error, exitCode));
        Assert.Contains(_terminal.File("near.mid"), output, StringComparison.Ordinal);
        Continue("--seed", "4");
        Assert.Equal(File.ReadAllBytes(Out), File.ReadAllBytes(_terminal.File("near.mid")));
    }

    private (int ExitCode, string Output, string Error) Continue(params string[] options) =>
        _terminal.Type(["continue", _terminal.MakeSeed("seed.mid"), "-o", Out, "--model", _terminal.Model, .. options]);

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static int Loudest(byte[] wav, int from, double seconds)
    {
        int loudest = 0;
        for (int at = from; at < Math.Min(wav.Length, from + (int)(seconds * 48_000 * 4)); at += 2)
        {
            loudest = Math.Max(loudest, Math.Abs((int)BitConverter.ToInt16(wav, at)));
        }

        return loudest;
    }
}
