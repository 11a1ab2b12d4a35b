using System.Buffers.Binary;
using MusicRnn.Host.Commands;
using MusicRnn.Midi;

namespace MusicRnn.Host.Tests.Commands;

public sealed class RenderCommandTests : IDisposable
{
    private readonly Terminal _terminal = new();

    private string Out => _terminal.File("out.wav");

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void AFileBecomesSoundOfItsLength()
    {
        (int exitCode, string output, string error) = Render(_terminal.MakeSeed("in.mid"));
        Assert.Equal(("", ExitCode.Done), (error, exitCode));
        Assert.Equal($"8 notes in 0:01.6 written to {Out}.", output.Trim());
        byte[] wav = File.ReadAllBytes(Out);
        Assert.Equal(48_000, BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(24)));
        Assert.InRange((wav.Length - 44) / 4 / 48_000.0, 4.5, 4.6); // its last note dies away in three seconds
        Assert.InRange(Loudest(wav.AsSpan(44)), 1000, 32_767);
        Assert.InRange(Loudest(wav.AsSpan(wav.Length - 4000)), 0, 20);
    }

    [Fact]
    public void AnyNumberOfMessagesAtOneMomentAreHeard()
    {
        var writer = new MidiFileWriter();
        MidiTrackWriter track = writer.AddTrack();
        for (int i = 0; i < 4200; i++)
        {
            track.Add(0, MidiMessage.Control(0, Controller.Modulation, i % 2));
        }

        for (int i = 0; i < 4698; i++)
        {
            track.Add(0, MidiMessage.NoteOn(0, 60 + (i % 12), 90));
        }

        track.Add(1_000_000_000, MidiMessage.NoteOff(0, 60));
        writer.Write(_terminal.File("dense.mid"));
        Assert.StartsWith("4698 notes", Render(_terminal.File("dense.mid")).Output, StringComparison.Ordinal);
        Assert.InRange(Loudest(File.ReadAllBytes(Out).AsSpan(44)), 1000, 32_767);
    }

    [Fact]
    public void ADoubledNoteOnDoesNotDroneOn()
    {
        const long Tenth = 100_000_000;
        var writer = new MidiFileWriter();
        MidiTrackWriter track = writer.AddTrack();
        track.Add(0, MidiMessage.Program(0, 19)); // an organ, which does not die away
        track.Add(0, MidiMessage.NoteOn(0, 60, 90));
        for (int i = 1; i < 6; i++)
        {
            track.Add(i * Tenth, MidiMessage.NoteOn(0, 60, 90));
            track.Add((i * Tenth) + (Tenth / 2), MidiMessage.NoteOff(0, 60));
        }

        track.Add(60 * Tenth, MidiMessage.Control(0, Controller.Modulation, 0));
        writer.Write(_terminal.File("organ.mid"));
        byte[] wav = Bytes(_terminal.File("organ.mid"), "--set", "Sound:Reverb=0");
        int second = 48_000 * 4;
        Assert.InRange(Loudest(wav.AsSpan(44, second)), 1000, 32_767);
        Assert.InRange(Loudest(wav.AsSpan(44 + (4 * second), second)), 0, 5);
    }

    [Fact]
    public void TheRateAndTheEffectsAreThoseAskedFor()
    {
        string seed = _terminal.MakeSeed("in.mid");
        byte[] usual = Bytes(seed);
        byte[] fine = Bytes(seed, "--rate", "96000");
        Assert.Equal(96_000, BinaryPrimitives.ReadInt32LittleEndian(fine.AsSpan(24)));
        Assert.InRange((double)fine.Length / usual.Length, 1.98, 2.02);
        Assert.NotEqual(usual, Bytes(seed, "--set", "Sound:Reverb=0"));
    }

    [Fact]
    public void AnInstrumentIsChosenByNameOrByNumber()
    {
        string seed = _terminal.MakeSeed("in.mid", program: 73);
        byte[] violin = Bytes(seed, "--instrument", "violin");
        Assert.Equal(violin, Bytes(seed, "--instrument", "40"));
        Assert.Equal(violin, Bytes(seed, "--instrument", "0:40"));
        Assert.NotEqual(violin, Bytes(seed));
        Assert.Equal(Bytes(seed), Bytes(_terminal.MakeSeed("plain.mid"), "--instrument", "flute"));
    }

    [Fact]
    public void AnInstrumentThatTheFontLacksIsToldOfOnce()
    {
        var writer = new MidiFileWriter();
        MidiTrackWriter track = writer.AddTrack();
        foreach (int channel in (ReadOnlySpan<int>)[0, 1])
        {
            track.Add(0, MidiMessage.Program(channel, 60));
            track.Add(0, MidiMessage.NoteOn(channel, 60 + channel, 80));
            track.Add(500_000_000, MidiMessage.NoteOff(channel, 60 + channel));
        }

        writer.Write(_terminal.File("horn.mid"));
        string output = Render(_terminal.File("horn.mid")).Output;
        Assert.Equal(1, output.Split("has no French Horn").Length - 1);
        Assert.DoesNotContain("has no", Render(_terminal.MakeSeed("in.mid")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeRenderedIsSaidInOneSentence()
    {
        string seed = _terminal.MakeSeed("in.mid");
        string broken = _terminal.Home.Write("broken.sf2", "no font, only a few words");
        Assert.StartsWith("--instrument: no instrument is called \"viollin\"; close to it are Violin (0:40)", Refusal(ExitCode.WrongArguments, seed, "--instrument", "viollin"));
        Assert.StartsWith("--instrument: 128:0 is percussion", Refusal(ExitCode.WrongArguments, seed, "--instrument", "128:0"));
        Assert.StartsWith("--rate is 5; it must be a whole number from 22050", Refusal(ExitCode.WrongArguments, seed, "--rate", "5"));
        Assert.StartsWith($"there is no SoundFont {_terminal.File("none.sf2")}", Refusal(ExitCode.Failed, seed, "--soundfont", _terminal.File("none.sf2")));
        Assert.Contains("not a SoundFont", Refusal(ExitCode.Failed, seed, "--soundfont", broken), StringComparison.Ordinal);
        Assert.Contains("header (MThd) is missing", Refusal(ExitCode.Failed, broken), StringComparison.Ordinal);
        Assert.Equal(
            $"{seed} is read, and would be overwritten. Name another file by -o.",
            _terminal.TypeInVain(ExitCode.WrongArguments, "render", seed, "-o", seed));

        string Refusal(int exitCode, string file, params string[] options) => _terminal.TypeInVain(exitCode, ["render", file, "-o", Out, .. options]);
    }

    private (int ExitCode, string Output, string Error) Render(string file, params string[] options) =>
        _terminal.Type(["render", file, "-o", Out, .. options]);

    private byte[] Bytes(string file, params string[] options)
    {
        Assert.Equal(ExitCode.Done, Render(file, options).ExitCode);
        return File.ReadAllBytes(Out);
    }

    private static int Loudest(ReadOnlySpan<byte> samples)
    {
        int loudest = 0;
        for (int at = 0; at + 1 < samples.Length; at += 2)
        {
            loudest = Math.Max(loudest, Math.Abs((int)BinaryPrimitives.ReadInt16LittleEndian(samples[at..])));
        }

        return loudest;
    }
}
