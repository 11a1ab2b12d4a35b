using System.Globalization;
using MusicRnn.Host.Options;
using MusicRnn.Host.Services;
using MusicRnn.Midi;
using MusicRnn.Performance;
using MusicRnn.Synthesis;

namespace MusicRnn.Host.Tests.Services;

public sealed class SoundTests
{
    [Fact]
    public void ThePlayerAndTheMachineHaveAPlaceAndALevelOfTheirOwn()
    {
        var settings = new Settings();
        settings.Sound.PlayerProgram = 24; // nylon guitar: mono
        settings.Sound.PlayerPan = -100;
        settings.Sound.MachinePan = 100;
        settings.Sound.MachineDecibels = -20;
        settings.Sound.Reverb = 0;
        settings.Sound.Chorus = 0;
        var sound = Sound.Open(settings, new Installation(AppContext.BaseDirectory));
        (double playerLeft, double playerRight) = Hear(settings.Midi.PlayerChannel - 1);
        (double machineLeft, double machineRight) = Hear(settings.Midi.MachineChannel - 1);
        Assert.True(playerLeft > 10 * playerRight);
        Assert.True(machineRight > 10 * machineLeft);
        Assert.InRange(20 * Math.Log10(machineRight / playerLeft), -21, -19);

        (double Left, double Right) Hear(int channel)
        {
            IInstrument instrument = sound.Make(48_000);
            instrument.Play(MidiMessage.Program(settings.Midi.MachineChannel - 1, 24)); // what the parameter sends
            instrument.Play(MidiMessage.NoteOn(channel, 60, 90));
            float[] left = new float[24_000], right = new float[24_000];
            instrument.Render(left, right);
            return (left.Max(Math.Abs), right.Max(Math.Abs));
        }
    }

    [Fact]
    public void WhatThePlayerAndTheMachinePlayIsInMemoryBeforeItsFirstNote()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("copy.sf2");
        File.Copy(new Installation(AppContext.BaseDirectory).Resolve(new Settings().Sound.SoundFont), path);
        var settings = new Settings();
        settings.Sound.PlayerProgram = 24;
        settings.Parameters["program"] = "40";
        var sound = new Sound(new SoundBank(SoundFont.Load(path, SampleStorage.Mapped)), settings);
        Assert.Equal(0, Resident());

        sound.Make(48_000);
        int begun = Resident();
        Assert.InRange(begun, 300, 10_000);

        sound.Prepare(0);
        Assert.InRange(Resident(), begun + 1000, 20_000);

        // Kilobytes of the font that this process has in memory.
        int Resident() => int.Parse(
            File.ReadLines("/proc/self/smaps").SkipWhile(line => !line.EndsWith(path, StringComparison.Ordinal)).First(line => line.StartsWith("Rss:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture);
    }

    /// <summary>The machine was put on a violin by a knob; then the two change their channels.</summary>
    [Fact]
    public void WhoTakesUpTheOthersChannelSoundsAsTheSettingsSay()
    {
        var settings = new Settings();
        var lane = new OutputLane(new NoteLedger(), returns: false);
        var sound = Sound.Open(settings, new Installation(AppContext.BaseDirectory));
        int player = settings.Midi.PlayerChannel, machine = settings.Midi.MachineChannel;
        var renderer = new LaneRenderer(lane, sound.Make(48_000));
        lane.Emit(new OutputEvent(0, OutputKind.Midi, MidiMessage.Program(machine - 1, 40)));
        Render(0, 1);

        settings = new Settings();
        (settings.Midi.PlayerChannel, settings.Midi.MachineChannel) = (machine, player);
        sound.Apply(settings);
        renderer.Exchange(sound.Make(48_000));
        Render(1, 1);
        lane.Emit(new OutputEvent(0, OutputKind.Midi, MidiMessage.NoteOn(machine - 1, 60, 90)));
        float[] heard = Render(2, 24_000);

        IInstrument piano = sound.Make(48_000);
        float[] left = new float[1 + 24_000], right = new float[1 + 24_000];
        piano.Render(left.AsSpan(0, 1), right.AsSpan(0, 1));
        piano.Play(MidiMessage.NoteOn(machine - 1, 60, 90));
        piano.Render(left.AsSpan(1), right.AsSpan(1));
        Assert.Equal(left[1..], heard);

        float[] Render(long first, int frames)
        {
            float[] left = new float[frames], right = new float[frames];
            renderer.Render(new FrameTime(0, 48_000), first, left, right);
            return left;
        }
    }
}
