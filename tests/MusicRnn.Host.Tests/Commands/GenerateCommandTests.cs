using MusicRnn.Host.Commands;
using MusicRnn.Midi;
using MusicRnn.Notes;

namespace MusicRnn.Host.Tests.Commands;

public sealed class GenerateCommandTests : IDisposable
{
    private readonly Terminal _terminal = new();
    private string _output = "";

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void OutOfSilenceComesMusicOfTheAskedLengthAndTheSameAgain()
    {
        byte[] first = Generate("--notes", "40", "--seed", "3"), again = Generate("--notes", "40", "--seed", "3"), other = Generate("--notes", "40", "--seed", "4");

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        MidiFile file = MidiFile.Read(first, "first");
        Assert.InRange(NoteReader.Read(file).Notes.Count, 40, 50);
        Assert.Equal(1, file.TrackCount);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    public void OutOfSilenceTheFileTheSoundAndThePictureBeginWithTheFirstNote(string seed)
    {
        string wav = _terminal.File("new.wav"), plot = _terminal.File("new.svg");

        Piece piece = NoteReader.Read(MidiFile.Read(Generate("--notes", "20", "--seed", seed, "--wav", wav, "--plot", plot), "new.mid"));

        Assert.InRange(piece.Notes.Count, 20, 25);
        Assert.Equal(0, piece.Notes[0].Onset);
        Assert.InRange(SoundStart(File.ReadAllBytes(wav)), 0, 0.03);
        Assert.Contains("<title>new</title>", File.ReadAllText(plot), StringComparison.Ordinal);
        Assert.StartsWith($"Began from silence; added {piece.Notes.Count} from 0:00.0 to {Minutes.Format(piece.Notes.Max(note => note.Release))} on ", _output, StringComparison.Ordinal);
    }

    [Fact]
    public void AfterASeedTheTimesThatAreToldAreTheFilesOwn()
    {
        string plot = _terminal.File("new.svg");

        Piece piece = NoteReader.Read(MidiFile.Read(Generate("--seed-midi", _terminal.MakeSeed("scale.mid"), "--notes", "5", "--seed", "1", "--plot", plot), "new.mid"));

        Assert.Contains($" added {piece.Notes.Count} from {Minutes.Format(piece.Notes[0].Onset)} to {Minutes.Format(piece.Notes.Max(note => note.Release))} on ", _output, StringComparison.Ordinal);
        Assert.Contains("<title>scale, carried on</title>", File.ReadAllText(plot), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatItBeganWithIsTold()
    {
        string seed = _terminal.MakeSeed("seed.mid", notes: 1);
        string[] options = ["--notes", "3", "-o", _terminal.File("new.mid"), "--model", _terminal.Model];
        Assert.StartsWith("Began from silence; added ", _terminal.Type(["generate", .. options]).Output);
        Assert.StartsWith("Heard 1 note in 0:00.2; added ", _terminal.Type(["generate", "--seed-midi", seed, .. options]).Output);
    }

    [Fact]
    public void AfterASeedItIsWhatContinueAnswers()
    {
        string seed = _terminal.MakeSeed("seed.mid"), continued = _terminal.File("continued.mid");
        Assert.Equal(ExitCode.Done, _terminal.Type("continue", seed, "-o", continued, "--only-answer", "--notes", "30", "--seed", "5", "--temperature", "0.8", "--instrument", "cello", "--model", _terminal.Model).ExitCode);

        byte[] generated = Generate("--seed-midi", seed, "--notes", "30", "--seed", "5", "--temperature", "0.8", "--instrument", "cello");

        Assert.Equal(File.ReadAllBytes(continued), generated);
    }

    [Fact]
    public void ItIsHeardAndSeenToo()
    {
        string wav = _terminal.File("new.wav"), plot = _terminal.File("new.svg");
        Generate("--notes", "10", "--wav", wav, "--plot", plot);

        Assert.True(new FileInfo(wav).Length > 100_000);
        Assert.Contains("class=\"note ", File.ReadAllText(plot), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--notes", "--temperature", "0.9")]
    [InlineData("--notes is a whole number", "--notes", "0")]
    [InlineData("no", "--notes", "10", "--instrument", "no such thing")]
    [InlineData("--temperature", "--notes", "10", "--temperature", "9")]
    public void WrongArgumentsAreTold(string message, params string[] arguments)
    {
        string error = _terminal.TypeInVain(ExitCode.WrongArguments, ["generate", "-o", _terminal.File("new.mid"), "--model", _terminal.Model, .. arguments]);

        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    private byte[] Generate(params string[] arguments)
    {
        string path = _terminal.File("new.mid");
        (int exitCode, _output, string error) = _terminal.Type(["generate", "-o", path, "--model", _terminal.Model, .. arguments]);
        Assert.Equal(("", ExitCode.Done), (error, exitCode));
        return File.ReadAllBytes(path);
    }

    /// <summary>When sound is first heard, in seconds.</summary>
    private static double SoundStart(byte[] wav)
    {
        int at = 44;
        while (at < wav.Length && BitConverter.ToInt16(wav, at) == 0)
        {
            at += 2;
        }

        return (at - 44) / 4 / 48_000.0;
    }
}
