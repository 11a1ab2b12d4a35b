using MusicRnn.Midi;
using MusicRnn.Synthesis;
using MusicRnn.Tests.Devices;

namespace MusicRnn.Tests.Synthesis;

/// <summary>What FluidSynth makes of the same font and messages, reverb and chorus off. docs/sound.md lists what differs on purpose.</summary>
public class SynthesizerTests_FluidSynth
{
    private const int Released = 800 * FluidSynth.BlockFrames; // 1.16 s
    private const int Frames = 2400 * FluidSynth.BlockFrames; // 3.48 s
    private const int PitchFrom = 200 * FluidSynth.BlockFrames; // 0.29 s

    public static TheoryData<int> Programs => [.. ShippedFont.Font.Presets.Select(preset => preset.Program)];

    [Theory]
    [MemberData(nameof(Programs))]
    public void ANoteOfAnyPresetSoundsAsItDoesThere(int program)
    {
        SystemPart.Require(FluidSynth.IsHere, FluidSynth.Missing);
        foreach (int key in (ReadOnlySpan<int>)[31, 60, 91])
        {
            foreach (int velocity in (ReadOnlySpan<int>)[30, 75, 120])
            {
                (long, MidiMessage)[] score =
                [
                    (0, MidiMessage.Program(0, program)),
                    (0, MidiMessage.NoteOn(0, key, velocity)),
                    (Released, MidiMessage.NoteOff(0, key)),
                ];
                StereoSound reference = FluidSynthComparison.Theirs(ShippedFont.Path, score, Frames);
                StereoSound sound = FluidSynthComparison.Ours(ShippedFont.Font, score, Frames);
                int late = FluidSynthComparison.Lateness(ShippedFont.Font.Find(0, program)!, sound, reference);
                sound = sound.Skip(late);
                Resemblance r = Resemblance.Of(sound, reference, PitchFrom, late > 0);
                string what = $"program {program} key {key} velocity {velocity}: {r}, {late} frames late";
                TestContext.Current.TestOutputHelper?.WriteLine(what);
                Assert.True(r.IsWithin(cents: 2, decibels: 1.5, degrees: 1, bandDecibels: 1.5), what);
                (double fall, double expected) = (Resemblance.FallTime(sound, Released, 40), Resemblance.FallTime(reference, Released, 40));
                Assert.True(fall == expected || Math.Abs(fall - expected) <= 0.011 + (0.05 * expected), $"{what}: 40 dB softer after {fall} s, there after {expected} s");
            }
        }
    }

    [Fact]
    public void APolyphonicPieceSoundsAsItDoesThere()
    {
        SystemPart.Require(FluidSynth.IsHere, FluidSynth.Missing);
        (long, MidiMessage)[] score = Prelude.Messages(FluidSynthComparison.Rate, 12, FluidSynth.BlockFrames);
        const int PieceFrames = FluidSynthComparison.Rate * 33;
        Resemblance r = Resemblance.Of(
            FluidSynthComparison.Ours(ShippedFont.Font, score, PieceFrames),
            FluidSynthComparison.Theirs(ShippedFont.Path, score, PieceFrames),
            -1);
        TestContext.Current.TestOutputHelper?.WriteLine($"{r}");
        Assert.True(r.IsWithin(cents: 2, decibels: 1.5, degrees: 1, bandDecibels: 1.5), r.ToString());
    }

    [Fact]
    public void AKeyStruckAgainUnderThePedalIsDampedFirstWhereThereItSoundsTwice()
    {
        SystemPart.Require(FluidSynth.IsHere, FluidSynth.Missing);
        MidiMessage[] twice =
        [
            MidiMessage.Control(0, Controller.Sustain, 127),
            MidiMessage.NoteOn(0, 60, 80),
            MidiMessage.NoteOff(0, 60),
            MidiMessage.NoteOn(0, 60, 80),
        ];
        Synthesizer synthesizer = new(ShippedFont.Font, new SynthesizerOptions { SampleRate = FluidSynthComparison.Rate });
        using FluidSynth fluidSynth = new(ShippedFont.Path, FluidSynthComparison.Rate);
        float[] left = new float[FluidSynthComparison.Rate * 2];
        float[] right = new float[left.Length];
        foreach (MidiMessage message in twice)
        {
            synthesizer.Play(message);
            synthesizer.Render(left.AsSpan(0, 6400), right.AsSpan(0, 6400));
            fluidSynth.Play(message);
            fluidSynth.Render(left.AsSpan(0, 6400), right.AsSpan(0, 6400));
        }

        synthesizer.Render(left, right);
        fluidSynth.Render(left, right);
        Assert.Equal((2, 4), (synthesizer.SoundingVoices, fluidSynth.SoundingVoices)); // two to a note: left and right
    }
}
