using MusicRnn.Midi;
using MusicRnn.Synthesis;
using MusicRnn.Tests.Devices;

namespace MusicRnn.Tests.Synthesis;

/// <summary>Every generator, modulator and controller, each in a font that was made to say just that, held to what FluidSynth makes of it.</summary>
public class SoundFontRulesTests_FluidSynth
{
    private const int Key = 64;
    private const int Block = FluidSynth.BlockFrames;
    private const int Moved = 300 * Block; // 0.44 s
    private const int Released = 600 * Block; // 0.87 s
    private const int Frames = 1200 * Block; // 1.74 s
    private const int PitchFrom = 320 * Block;

    /// <summary>A case: what the zone says, and what is played between the note's beginning and its end.</summary>
    private static readonly Dictionary<string, (Action<ZoneSpec> Say, (long Frame, MidiMessage Message)[] Play)> Cases = MakeCases();

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatAFontSaysSoundsAsItDoesThere(string name)
    {
        SystemPart.Require(FluidSynth.IsHere, FluidSynth.Missing);
        (Action<ZoneSpec> say, (long Frame, MidiMessage Message)[] play) = Cases[name];
        (long Frame, MidiMessage Message)[] score =
        [
            .. new (long Frame, MidiMessage Message)[] { (0, MidiMessage.NoteOn(0, Key, 100)), (Released, MidiMessage.NoteOff(0, Key)) }
                .Concat(play)
                .OrderBy(item => item.Frame)
                .ThenBy(item => item.Message.Kind is MidiKind.NoteOn or MidiKind.NoteOff),
        ];
        byte[] font = Font(say);
        StereoSound reference = FontBuilder.InFile(font, path => FluidSynthComparison.Theirs(path, score, Frames));
        SoundFont loaded = FontBuilder.Load(font);
        StereoSound sound = FluidSynthComparison.Ours(loaded, score, Frames);
        int late = FluidSynthComparison.Lateness(loaded.Presets[0], sound, reference);
        Resemblance r = Resemblance.Of(sound.Skip(late), reference, PitchFrom, late > 0);
        Assert.True(r.IsWithin(cents: 2, decibels: 1.5, degrees: 1, bandDecibels: 1.5), $"{name}: {r}, {late} frames late");
    }

    /// <summary>A font of one bright tone of 220.5 Hz at key 57, long enough for coarse offsets; its loop is one of 100 of its periods.</summary>
    private static byte[] Font(Action<ZoneSpec> say)
    {
        const int Period = 200;
        const int Periods = 400;
        FontBuilder builder = new();
        int[] points =
        [
            .. Enumerable.Range(0, Period * Periods).Select(i =>
                (int)(2_000_000 * Enumerable.Range(1, 30).Sum(h => Math.Sin(2 * Math.PI * h * i / Period) / h))),
        ];
        ZoneSpec zone = ZoneSpec.Of(builder.Sample(points, 200 * Period, 300 * Period, rootKey: 57))
            .With(Generator.SampleModes, 1)
            .With(Generator.VolumeEnvelopeRelease, -2400); // 0.25 s
        say(zone);
        return builder.Preset(0, 0, ZoneSpec.Of(builder.Instrument(zone))).ToArray();
    }

    private static Dictionary<string, (Action<ZoneSpec> Say, (long Frame, MidiMessage Message)[] Play)> MakeCases()
    {
        Dictionary<string, (Action<ZoneSpec>, (long, MidiMessage)[])> cases = [];
        Says("nothing");
        Says("start offset", (Generator.StartAddressOffset, 77));
        Says("start offset, coarse", (Generator.StartAddressCoarseOffset, 1));
        Says("end offset", (Generator.EndAddressOffset, -10_000), (Generator.SampleModes, 0));
        Says("end offset, coarse", (Generator.EndAddressCoarseOffset, -1), (Generator.SampleModes, 0));
        Says("loop start offset", (Generator.StartLoopAddressOffset, -3000));
        Says("loop start offset, coarse", (Generator.StartLoopAddressCoarseOffset, -1));
        Says("loop end offset", (Generator.EndLoopAddressOffset, -4000));
        Says("loop end offset, coarse", (Generator.EndLoopAddressCoarseOffset, 1), (Generator.EndLoopAddressOffset, -16_000));
        Says("modulation LFO to pitch", (Generator.ModulationLfoToPitch, 20), (Generator.ModulationLfoFrequency, -800));
        Says("vibrato LFO to pitch", (Generator.VibratoLfoToPitch, 20), (Generator.VibratoLfoFrequency, -500));
        Says("modulation LFO, delayed", (Generator.ModulationLfoToPitch, 20), (Generator.ModulationLfoDelay, -2400));
        Says("vibrato LFO, delayed", (Generator.VibratoLfoToPitch, 20), (Generator.VibratoLfoDelay, -2400));
        Says("modulation LFO to volume", (Generator.ModulationLfoToVolume, 60));
        Says("modulation LFO to filter", (Generator.ModulationLfoToFilterCutoff, 1200), (Generator.FilterCutoff, 8500));
        Says("filter", (Generator.FilterCutoff, 7000));
        Says("filter, resonant", (Generator.FilterCutoff, 9000), (Generator.FilterResonance, 150));
        Says("resonance alone", (Generator.FilterResonance, 200));
        Says(
            "modulation envelope to pitch",
            (Generator.ModulationEnvelopeToPitch, 700),
            (Generator.ModulationEnvelopeAttack, -2400),
            (Generator.ModulationEnvelopeHold, -3600),
            (Generator.ModulationEnvelopeDecay, -1200),
            (Generator.ModulationEnvelopeSustain, 400),
            (Generator.ModulationEnvelopeRelease, -1200),
            (Generator.VolumeEnvelopeRelease, 0));
        Says(
            "modulation envelope to filter",
            (Generator.FilterCutoff, 6500),
            (Generator.ModulationEnvelopeToFilterCutoff, 4000),
            (Generator.ModulationEnvelopeDelay, -3600),
            (Generator.ModulationEnvelopeAttack, -2400),
            (Generator.ModulationEnvelopeDecay, -1200),
            (Generator.ModulationEnvelopeSustain, 600),
            (Generator.ModulationEnvelopeRelease, -1200),
            (Generator.VolumeEnvelopeRelease, 0));
        Says(
            "modulation envelope by key",
            (Generator.FilterCutoff, 6500),
            (Generator.ModulationEnvelopeToFilterCutoff, 4000),
            (Generator.ModulationEnvelopeHold, -2400),
            (Generator.ModulationEnvelopeDecay, -1200),
            (Generator.ModulationEnvelopeSustain, 800),
            (Generator.KeyToModulationEnvelopeHold, 100),
            (Generator.KeyToModulationEnvelopeDecay, 100));
        Says(
            "volume envelope",
            (Generator.VolumeEnvelopeDelay, -3600),
            (Generator.VolumeEnvelopeAttack, -2400),
            (Generator.VolumeEnvelopeHold, -3600),
            (Generator.VolumeEnvelopeDecay, -600),
            (Generator.VolumeEnvelopeSustain, 200),
            (Generator.VolumeEnvelopeRelease, 0));
        Says(
            "volume envelope by key",
            (Generator.VolumeEnvelopeHold, -2400),
            (Generator.VolumeEnvelopeDecay, 0),
            (Generator.VolumeEnvelopeSustain, 300),
            (Generator.KeyToVolumeEnvelopeHold, 50),
            (Generator.KeyToVolumeEnvelopeDecay, -100));
        Says("release in the attack", (Generator.VolumeEnvelopeAttack, 0), (Generator.VolumeEnvelopeRelease, -1200));
        Says("pan, left", (Generator.Pan, -300));
        Says("pan, right", (Generator.Pan, 500));
        Says("forced key", (Generator.Key, 50));
        Says("forced velocity", (Generator.Velocity, 40));
        Says("attenuation", (Generator.Attenuation, 150));
        Says("tuning", (Generator.CoarseTune, -5), (Generator.FineTune, 33));
        Says("scale tuning", (Generator.ScaleTuning, 50));
        Says("root key", (Generator.OverridingRootKey, 60));
        Says("shortest release", (Generator.VolumeEnvelopeRelease, -12_000));
        Says("no loop", (Generator.SampleModes, 0));
        Says("loop until the release", (Generator.SampleModes, 3), (Generator.VolumeEnvelopeRelease, 1200));

        foreach (int value in (int[])[0, 1, 20, 64, 100, 127])
        {
            Plays($"modulation wheel {value}", MidiMessage.Control(0, Controller.Modulation, value));
            Plays($"volume {value}", MidiMessage.Control(0, Controller.Volume, value));
            Plays($"pan {value}", MidiMessage.Control(0, Controller.Pan, value));
            Plays($"expression {value}", MidiMessage.Control(0, Controller.Expression, value));
            Plays($"channel pressure {value}", MidiMessage.Of(MidiKind.ChannelPressure, 0, value, 0));
            Plays($"pitch bend {value}", MidiMessage.Of(MidiKind.PitchBend, 0, 0, value));
        }

        Plays("pitch bend range", [.. Registered(0, 1, 0), MidiMessage.Of(MidiKind.PitchBend, 0, 0, 100)]);
        Plays("fine tuning", Registered(1, 80, 0));
        Plays("coarse tuning", Registered(2, 60, 0));
        Plays("sustain pedal", MidiMessage.Control(0, Controller.Sustain, 127));
        Plays("sostenuto pedal", MidiMessage.Control(0, Controller.Sostenuto, 127));
        Plays("all notes off", MidiMessage.Control(0, Controller.AllNotesOff, 0));
        Plays(
            "reset of controllers",
            MidiMessage.Control(0, Controller.Expression, 60),
            MidiMessage.Control(0, Controller.Pan, 20),
            MidiMessage.Control(0, Controller.Volume, 90),
            MidiMessage.Of(MidiKind.PitchBend, 0, 0, 90),
            MidiMessage.Control(0, Controller.ResetAllControllers, 0));

        foreach (int curve in (int[])[0, 1, 2, 3])
        {
            foreach (int shape in (int[])[0, 1, 2, 3]) // falling is bit 0, bipolar bit 1
            {
                int source = (curve << 10) | (shape << 8) | 0x80 | 2; // breath controller
                foreach (int value in (int[])[10, 90])
                {
                    cases[$"source {source:X4} at {value}"] = (
                        zone => zone.With(Generator.Attenuation, 500).Moved(source, Generator.Attenuation, 150),
                        [(Moved, MidiMessage.Control(0, 2, value))]);
                }
            }
        }

        cases["key as a source"] = (zone => zone.With(Generator.FilterCutoff, 8000).Moved(0x0003, Generator.FilterCutoff, 2000), []);
        cases["velocity as a source"] = (zone => zone.With(Generator.FilterCutoff, 10_000).Moved(0x0102, Generator.FilterCutoff, -2400), []);
        cases["key pressure as a source"] = (zone => zone.Moved(0x000A, Generator.FineTune, 90), [(Moved, MidiMessage.Of(MidiKind.KeyPressure, 0, Key, 80))]);
        cases["pitch wheel as a source"] = (
            zone => zone.With(Generator.FilterCutoff, 8000).Moved(0x020E, Generator.FilterCutoff, 2400), [(Moved, MidiMessage.Of(MidiKind.PitchBend, 0, 0, 56))]);
        cases["amount source"] = (
            zone => zone.Moved(0x0082, Generator.FineTune, 90, 0x0281), [(Moved, MidiMessage.Control(0, 2, 100)), (Moved, MidiMessage.Control(0, 1, 30))]);
        cases["instead of a default"] = (zone => zone.Moved(0x0502, Generator.Attenuation, 480), []);
        return cases;

        void Says(string name, params (Generator Generator, int Value)[] values) => cases[name] = (
            zone =>
            {
                foreach ((Generator generator, int value) in values)
                {
                    zone.With(generator, value);
                }
            },
            []);

        void Plays(string name, params MidiMessage[] messages) => cases[name] = (_ => { }, [.. messages.Select(message => ((long)Moved, message))]);
    }

    private static MidiMessage[] Registered(int parameter, int coarse, int fine) =>
    [
        MidiMessage.Control(0, 101, 0), MidiMessage.Control(0, 100, parameter),
        MidiMessage.Control(0, Controller.DataEntry, coarse), MidiMessage.Control(0, Controller.DataEntryFine, fine),
    ];
}
