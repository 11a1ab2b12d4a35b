using MusicRnn.Midi;
using MusicRnn.Synthesis;

namespace MusicRnn.Tests.Synthesis;

/// <summary>The rules of SF2.04, each heard from a font that was made to say just that.</summary>
public class SoundFontRulesTests
{
    private const int Rate = 44_100;
    private const double SineHertz = 441; // of the built sine, at its root key

    [Fact]
    public void APresetZoneAddsToItsInstrumentsZone()
    {
        FontBuilder builder = new();
        int instrument = builder.Instrument(Looped(builder).With(Generator.CoarseTune, 3).With(Generator.FineTune, 20));
        builder.Preset(0, 0, ZoneSpec.Of(instrument).With(Generator.CoarseTune, 2).With(Generator.FineTune, 5));
        Assert.Equal(525, Cents(builder), 0.5);
    }

    [Fact]
    public void ALocalZoneReplacesItsGlobalZoneAndAPresetsGlobalIsAddedWhereItSaysNothing()
    {
        FontBuilder builder = new();
        int instrument = builder.Instrument(
            ZoneSpec.Global().With(Generator.CoarseTune, 7).With(Generator.FineTune, 30),
            Looped(builder).With(Generator.CoarseTune, 1));
        builder.Preset(
            0,
            0,
            ZoneSpec.Global().With(Generator.CoarseTune, 4).With(Generator.FineTune, 10),
            ZoneSpec.Of(instrument).With(Generator.CoarseTune, -3));
        Assert.Equal(((1 - 3) * 100) + 30 + 10, Cents(builder), 0.5);
    }

    [Fact]
    public void WhatBelongsToSamplesIsIgnoredInAPreset()
    {
        FontBuilder builder = new();
        int instrument = builder.Instrument(Looped(builder));
        builder.Preset(0, 0, ZoneSpec.Of(instrument).With(Generator.OverridingRootKey, 12).With(Generator.SampleModes, 5).With(Generator.Key, 40));
        Assert.Equal(0, Cents(builder), 0.5);
    }

    [Fact]
    public void WhatFollowsTheTargetIsIgnored()
    {
        FontBuilder builder = new();
        int sample = builder.Sine();
        int instrument = builder.Instrument(
            ZoneSpec.Global().With(Generator.SampleModes, 1).With(Generator.SampleId, sample).With(Generator.CoarseTune, 12));
        builder.Preset(0, 0, ZoneSpec.Of(instrument));
        Assert.Equal(0, Cents(builder), 0.5);
    }

    [Fact]
    public void KeyAndVelocityRangesChooseZones()
    {
        FontBuilder builder = new();
        int sample = builder.Sine();
        int instrument = builder.Instrument(
            ZoneSpec.Of(sample).Keys(0, 69).Velocities(0, 63).With(Generator.SampleModes, 1),
            ZoneSpec.Of(sample).Keys(0, 69).Velocities(64, 127).With(Generator.SampleModes, 1).With(Generator.CoarseTune, 12),
            ZoneSpec.Of(sample).Keys(70, 127).With(Generator.SampleModes, 1).With(Generator.CoarseTune, 24));
        builder.Preset(0, 0, ZoneSpec.Of(instrument).Keys(21, 108));
        Assert.Equal(0, Cents(builder, velocity: 63), 0.5);
        Assert.Equal(1200, Cents(builder, velocity: 64), 0.5);
        Assert.Equal(2500, Cents(builder, key: 70), 0.5);
        Synthesizer synthesizer = New(builder);
        synthesizer.Play(MidiMessage.NoteOn(0, 20, 100));
        Assert.Equal(0, synthesizer.SoundingVoices);
    }

    [Fact]
    public void PitchComesFromRootKeyCorrectionAndScaleTuning()
    {
        FontBuilder builder = new();
        int sharp = builder.Sine(rootKey: 60, correction: -17);
        int instrument = builder.Instrument(
            ZoneSpec.Of(sharp).Keys(0, 69).With(Generator.SampleModes, 1),
            ZoneSpec.Of(sharp).Keys(70, 127).With(Generator.SampleModes, 1).With(Generator.OverridingRootKey, 70).With(Generator.ScaleTuning, 50));
        builder.Preset(0, 0, ZoneSpec.Of(instrument));
        Assert.Equal(900 - 17, Cents(builder), 0.5);
        Assert.Equal(300 - 17, Cents(builder, key: 76), 0.5);
    }

    [Fact]
    public void ASampleOfAnotherRateKeepsItsPitch()
    {
        FontBuilder builder = new();
        int instrument = builder.Instrument(ZoneSpec.Of(builder.Sine(rate: 22_050)).With(Generator.SampleModes, 1));
        builder.Preset(0, 0, ZoneSpec.Of(instrument));
        Assert.Equal(-1200, Cents(builder), 0.5);
    }

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(1, true, true)]
    [InlineData(2, false, false)]
    [InlineData(3, true, false)]
    public void LoopModesRepeatAsTheySay(int mode, bool soundsWhileHeld, bool soundsWhileReleased)
    {
        FontBuilder builder = new();
        int sample = builder.Sine(periods: 20); // 45 ms
        int instrument = builder.Instrument(ZoneSpec.Of(sample).With(Generator.SampleModes, mode).With(Generator.VolumeEnvelopeRelease, 3000));
        builder.Preset(0, 0, ZoneSpec.Of(instrument));
        Synthesizer synthesizer = New(builder);
        synthesizer.Play(MidiMessage.NoteOn(0, 69, 100));
        float[] held = Render(synthesizer, 20_000);
        Assert.Equal(soundsWhileHeld, Loudness(held.AsSpan(10_000, 4000)) > 1e-3);
        synthesizer.Play(MidiMessage.NoteOff(0, 69));
        Assert.Equal(soundsWhileReleased, Loudness(Render(synthesizer, 20_000).AsSpan(6000, 4000)) > 1e-3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(325)] // within the loop
    public void ALoopIsSeamless(int startOffset)
    {
        FontBuilder builder = new();
        int instrument = builder.Instrument(Looped(builder).With(Generator.StartAddressOffset, startOffset));
        builder.Preset(0, 0, ZoneSpec.Of(instrument));
        foreach (Interpolation interpolation in Enum.GetValues<Interpolation>())
        {
            Synthesizer synthesizer = New(builder, interpolation);
            synthesizer.Play(MidiMessage.NoteOn(0, 64, 127)); // at a fraction of a point a frame
            float[] sound = Render(synthesizer, 20_000);
            double hertz = SineHertz * Math.Pow(2, -5 / 12.0);
            double residue = SineResidue(sound.AsSpan(10_000, 8192), hertz);
            Assert.InRange(residue, 0, 0.002); // a seam of a point would be at 1/100 and more
        }
    }

    [Fact]
    public void AnExclusiveClassSilencesItsChannelsOtherNotes()
    {
        FontBuilder builder = new();
        int sample = builder.Sine();
        int instrument = builder.Instrument(
            ZoneSpec.Of(sample).Keys(60, 69).With(Generator.SampleModes, 1).With(Generator.ExclusiveClass, 5),
            ZoneSpec.Of(sample).Keys(70, 80).With(Generator.SampleModes, 1));
        builder.Preset(0, 0, ZoneSpec.Of(instrument));
        Synthesizer synthesizer = New(builder);
        synthesizer.Play(MidiMessage.NoteOn(0, 60, 100));
        synthesizer.Play(MidiMessage.NoteOn(1, 61, 100));
        synthesizer.Play(MidiMessage.NoteOn(0, 72, 100));
        synthesizer.Play(MidiMessage.NoteOn(0, 62, 100));
        Render(synthesizer, Rate * 2);
        Assert.Equal(3, synthesizer.SoundingVoices); // all but the first
    }

    [Fact]
    public void AttenuationCountsFourTenths()
    {
        FontBuilder builder = new();
        int sample = builder.Sine();
        int instrument = builder.Instrument(
            ZoneSpec.Of(sample).Keys(0, 69).With(Generator.SampleModes, 1),
            ZoneSpec.Of(sample).Keys(70, 127).With(Generator.OverridingRootKey, 70).With(Generator.SampleModes, 1).With(Generator.Attenuation, 100));
        builder.Preset(0, 0, ZoneSpec.Of(instrument).With(Generator.Attenuation, 50));
        double plain = 20 * Math.Log10(Level(builder, 69));
        Assert.Equal(-4, (20 * Math.Log10(Level(builder, 70))) - plain, 0.02);
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(64, 0.7071, 0.7071)]
    [InlineData(127, 0, 1)]
    public void PanKeepsThePowerAndReachesBothSides(int pan, double left, double right)
    {
        FontBuilder builder = new();
        builder.Preset(0, 0, ZoneSpec.Of(builder.Instrument(Looped(builder))));
        Synthesizer synthesizer = New(builder);
        synthesizer.Play(MidiMessage.Control(0, Controller.Pan, pan));
        synthesizer.Play(MidiMessage.NoteOn(0, 69, 127));
        float[] l = new float[8820];
        float[] r = new float[8820];
        synthesizer.Render(l, r);
        double both = Math.Sqrt(Square(l) + Square(r));
        Assert.Equal(left, Math.Sqrt(Square(l)) / both, 0.001);
        Assert.Equal(right, Math.Sqrt(Square(r)) / both, 0.001);

        static double Square(float[] sound) => Math.Pow(Loudness(sound.AsSpan(4410)), 2);
    }

    [Fact]
    public void AnInstrumentsModulatorReplacesTheDefaultAndAPresetsAddsToIt()
    {
        const int VelocityFallingConcave = 0x0502;
        FontBuilder builder = new();
        int deaf = builder.Instrument(Looped(builder).Moved(VelocityFallingConcave, Generator.Attenuation, 0));
        int plain = builder.Instrument(Looped(builder));
        builder.Preset(0, 0, ZoneSpec.Of(deaf));
        builder.Preset(0, 1, ZoneSpec.Of(plain));
        builder.Preset(0, 2, ZoneSpec.Of(plain).Moved(VelocityFallingConcave, Generator.Attenuation, -480));
        Assert.Equal(0, Fall(0), 0.05);
        Assert.Equal(40 * Math.Log10(2), Fall(1), 0.05);
        Assert.Equal(20 * Math.Log10(2), Fall(2), 0.05);

        double Fall(int program) => 20 * Math.Log10(Level(builder, 69, 124, program) / Level(builder, 69, 62, program));
    }

    [Theory]
    [InlineData(0x0081, 32, 0.25)] // linear
    [InlineData(0x0181, 32, 0.75)] // falling
    [InlineData(0x0281, 32, -0.5)] // bipolar
    [InlineData(0x0481, 96, 0.25086)] // concave: -5/12 log10(1 - 3/4)
    [InlineData(0x0881, 32, 0.74914)] // convex
    [InlineData(0x0C81, 63, 0.0)] // switch
    [InlineData(0x0C81, 64, 1.0)]
    [InlineData(0x0E81, 10, -1.0)] // bipolar switch
    public void ModulatorCurvesAreThoseOfTheSpecification(int source, int value, double expected)
    {
        FontBuilder builder = new();
        int instrument = builder.Instrument(Looped(builder).Moved(0x0081, Generator.VibratoLfoToPitch, 0).Moved(source, Generator.FineTune, 80));
        builder.Preset(0, 0, ZoneSpec.Of(instrument));
        Assert.Equal(80 * expected, Cents(builder, before: s => s.Play(MidiMessage.Control(0, Controller.Modulation, value))), 0.3);
    }

    [Fact]
    public void AnAmountSourceScalesAndTheAbsoluteTransformDropsTheSign()
    {
        const int Wheel = 0x0081;
        const int BreathBipolar = 0x0282;
        FontBuilder builder = new();
        int scaled = builder.Instrument(Looped(builder).Moved(Wheel, Generator.VibratoLfoToPitch, 0).Moved(Wheel, Generator.FineTune, 80, BreathBipolar));
        int absolute = builder.Instrument(Looped(builder).Moved(Wheel, Generator.VibratoLfoToPitch, 0).Moved(Wheel, Generator.FineTune, 80, BreathBipolar, 2));
        builder.Preset(0, 0, ZoneSpec.Of(scaled));
        builder.Preset(0, 1, ZoneSpec.Of(absolute));
        Assert.Equal(80 * 0.5 * -0.5, Cents(builder, before: Move), 0.3);
        Assert.Equal(80 * 0.5 * 0.5, Cents(builder, program: 1, before: Move), 0.3);

        static void Move(Synthesizer synthesizer)
        {
            synthesizer.Play(MidiMessage.Control(0, 1, 64));
            synthesizer.Play(MidiMessage.Control(0, 2, 32));
        }
    }

    [Fact]
    public void ChannelAndKeyPressureMoveModulatorsOfSoundingNotes()
    {
        FontBuilder builder = new();
        int instrument = builder.Instrument(Looped(builder)
            .Moved(0x000D, Generator.VibratoLfoToPitch, 0)
            .Moved(0x000D, Generator.FineTune, 64)
            .Moved(0x000A, Generator.CoarseTune, 2));
        builder.Preset(0, 0, ZoneSpec.Of(instrument));
        Synthesizer synthesizer = New(builder);
        synthesizer.Play(MidiMessage.NoteOn(0, 69, 100));
        Render(synthesizer, 1000);
        synthesizer.Play(MidiMessage.Of(MidiKind.ChannelPressure, 0, 64, 0));
        synthesizer.Play(MidiMessage.Of(MidiKind.KeyPressure, 0, 69, 64));
        Assert.Equal(32 + 100, CentsOf(Render(synthesizer, 20_000), 100), 0.5);
    }

    [Fact]
    public void FineAndCoarseTuningParametersTuneSoundingNotes()
    {
        FontBuilder builder = new();
        builder.Preset(0, 0, ZoneSpec.Of(builder.Instrument(Looped(builder))));
        Synthesizer synthesizer = New(builder);
        synthesizer.Play(MidiMessage.NoteOn(0, 69, 100));
        foreach ((int controller, int value) in (ReadOnlySpan<(int, int)>)[(101, 0), (100, 1), (6, 96), (38, 0), (100, 2), (6, 61)])
        {
            synthesizer.Play(MidiMessage.Control(0, controller, value));
        }

        Assert.Equal(50 - 300, CentsOf(Render(synthesizer, 20_000), -250), 0.5);
    }

    [Fact]
    public void TwentyFourBitPointsKeepTheirLowBits()
    {
        // A sine below the least bit of 16: with 16 bits it would be silence.
        FontBuilder fine = new() { IsFine = true };
        fine.Preset(0, 0, ZoneSpec.Of(fine.Instrument(ZoneSpec.Of(fine.Sine(amplitude: 100.0 / 8_388_607)).With(Generator.SampleModes, 1))));
        Assert.Equal(0, Cents(fine), 1.0);
        FontBuilder coarse = new() { IsFine = true };
        coarse.Preset(0, 0, ZoneSpec.Of(coarse.Instrument(ZoneSpec.Of(coarse.Sine(amplitude: 0.5)).With(Generator.SampleModes, 1))));
        FontBuilder plain = new();
        plain.Preset(0, 0, ZoneSpec.Of(plain.Instrument(Looped(plain))));
        Assert.Equal(1, Level(coarse, 69) / Level(plain, 69), 0.001);
    }

    [Fact]
    public void TheVolumeEnvelopeRisesHoldsFallsAndSustains()
    {
        FontBuilder builder = new();
        int instrument = builder.Instrument(Looped(builder)
            .With(Generator.VolumeEnvelopeDelay, -3986) // 100 ms
            .With(Generator.VolumeEnvelopeAttack, -2786) // 200 ms
            .With(Generator.VolumeEnvelopeHold, -3986) // 100 ms
            .With(Generator.VolumeEnvelopeDecay, 0) // 1 s for the whole range
            .With(Generator.VolumeEnvelopeSustain, 250));
        builder.Preset(0, 0, ZoneSpec.Of(instrument));
        Synthesizer synthesizer = New(builder);
        synthesizer.Play(MidiMessage.NoteOn(0, 69, 127));
        float[] sound = Render(synthesizer, Rate * 2);
        double peak = LoudnessAt(0.35);
        Assert.Equal(0, LoudnessAt(0.05), 1e-6);
        Assert.Equal(0.5, LoudnessAt(0.2) / peak, 0.02);
        Assert.Equal(-9.6, Decibels(LoudnessAt(0.5) / peak), 0.3);
        Assert.Equal(-24, Decibels(LoudnessAt(1.5) / peak), 0.1);

        double LoudnessAt(double seconds) => Loudness(sound.AsSpan((int)(seconds * Rate) - 200, 400));
        static double Decibels(double ratio) => 20 * Math.Log10(ratio);
    }

    [Fact]
    public void AHeldNoteThatHasFallenToNothingIsOver()
    {
        FontBuilder builder = new();
        int instrument = builder.Instrument(Looped(builder).With(Generator.VolumeEnvelopeDecay, -3986).With(Generator.VolumeEnvelopeSustain, 1000));
        builder.Preset(0, 0, ZoneSpec.Of(instrument));
        Synthesizer synthesizer = New(builder);
        synthesizer.Play(MidiMessage.NoteOn(0, 69, 127));
        Render(synthesizer, Rate / 20);
        Assert.Equal(1, synthesizer.SoundingVoices);
        Render(synthesizer, Rate / 5);
        Assert.Equal(0, synthesizer.SoundingVoices);
    }

    /// <summary>A loop that stands still, as many a recorded tail does, away from zero.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1 << 8)]
    [InlineData(3_000_000)]
    public void AFilterThatHasSettledDoesNotComputeWithSubnormalNumbers(int point)
    {
        FontBuilder builder = new();
        int sample = builder.Sample([.. Enumerable.Repeat(point, 400)], 0, 400);
        SoundFont font = builder.Preset(0, 0, ZoneSpec.Of(builder.Instrument(ZoneSpec.Of(sample).With(Generator.SampleModes, 1)))).Load();
        SynthesizerOptions options = new() { Reverb = 0, Chorus = 0, Limiter = false };
        Mixer mixer = new(options);
        Voice voice = new(options);
        voice.Start(new Channel(isPercussion: false), 0, 69, 100, 1, font, 0, 1);
        float[] left = new float[Voice.ControlFrames];
        float[] right = new float[Voice.ControlFrames];
        for (int block = 0; block < 500; block++)
        {
            voice.Cut();
            voice.Plan(Voice.ControlFrames);
            MixBlock();
            Assert.True(float.IsNormal(voice.Filter.State1), $"block {block}: {voice.Filter.State1}");
            Assert.True(float.IsNormal(voice.Filter.State2), $"block {block}: {voice.Filter.State2}");
        }

        unsafe void MixBlock()
        {
            fixed (float* l = left, r = right)
            {
                mixer.Render(new ReadOnlySpan<Voice>(in voice), l, r, Voice.ControlFrames);
            }
        }
    }

    [Fact]
    public void EnvelopeTimesFollowTheKey()
    {
        FontBuilder builder = new();
        int instrument = builder.Instrument(Looped(builder).With(Generator.VolumeEnvelopeDecay, 0).With(Generator.VolumeEnvelopeSustain, 1000).With(Generator.KeyToVolumeEnvelopeDecay, 100));
        builder.Preset(0, 0, ZoneSpec.Of(instrument));
        Assert.Equal(2, Fall(72) / Fall(60), 0.05);

        double Fall(int key)
        {
            Synthesizer synthesizer = New(builder);
            synthesizer.Play(MidiMessage.NoteOn(0, key, 127));
            float[] sound = Render(synthesizer, Rate);
            return 20 * Math.Log10(Loudness(sound.AsSpan(4410, 882)) / Loudness(sound.AsSpan(8820, 882)));
        }
    }

    [Fact]
    public void TheModulationLfoMovesPitchAndVolume()
    {
        FontBuilder builder = new();
        int instrument = builder.Instrument(Looped(builder)
            .With(Generator.ModulationLfoFrequency, 0) // 8.176 Hz
            .With(Generator.ModulationLfoToPitch, 100)
            .With(Generator.ModulationLfoToVolume, -100));
        builder.Preset(0, 0, ZoneSpec.Of(instrument));
        Synthesizer synthesizer = New(builder);
        synthesizer.Play(MidiMessage.NoteOn(0, 69, 127));
        float[] sound = Render(synthesizer, Rate);
        int quarter = (int)(Rate / 8.176 / 4);
        double high = CentsOf(sound.AsSpan((4 * quarter) + quarter - 300, 600).ToArray(), 90, exact: false);
        double low = CentsOf(sound.AsSpan((4 * quarter) + (3 * quarter) - 300, 600).ToArray(), -90, exact: false);
        Assert.InRange(high - low, 140, 200);
        double loud = Loudness(sound.AsSpan((4 * quarter) + (3 * quarter) - 100, 200));
        double soft = Loudness(sound.AsSpan((4 * quarter) + quarter - 100, 200));
        Assert.InRange(20 * Math.Log10(loud / soft), 8, 12);
    }

    [Fact]
    public void TheFilterTakesTheHighsAndItsResonanceLiftsTheCutoff()
    {
        Assert.Equal(-3.01, Gain(6900, 0) - Gain(13_500, 0), 0.3); // at the cutoff
        Assert.InRange(Gain(5700, 0) - Gain(13_500, 0), -13, -11.5); // an octave below the sound: 12 dB
        Assert.Equal(12 - 6 - 3.01, Gain(6900, 120) - Gain(13_500, 0), 0.4); // 12 dB of peak, half of it taken off the whole

        double Gain(int cutoff, int resonance)
        {
            FontBuilder builder = new();
            builder.Preset(0, 0, ZoneSpec.Of(builder.Instrument(Looped(builder).With(Generator.FilterCutoff, cutoff).With(Generator.FilterResonance, resonance))));
            return 20 * Math.Log10(Level(builder, 69));
        }
    }

    [Fact]
    public void TheSoftPedalSoftensNotesThatBeginUnderIt()
    {
        FontBuilder builder = new();
        builder.Preset(0, 0, ZoneSpec.Of(builder.Instrument(Looped(builder))));
        double plain = Level(builder, 69);
        double soft = Level(builder, 69, before: s => s.Play(MidiMessage.Control(0, Controller.Soft, 127)));
        Assert.InRange(20 * Math.Log10(soft / plain), -4, -2);
    }

    [Fact]
    public void BankSelectAndProgramChangeChooseThePreset()
    {
        FontBuilder builder = new();
        int low = builder.Instrument(Looped(builder));
        int high = builder.Instrument(Looped(builder).With(Generator.CoarseTune, 7));
        builder.Preset(0, 5, ZoneSpec.Of(low)).Preset(8, 5, ZoneSpec.Of(high)).Preset(128, 0, ZoneSpec.Of(high).With(Generator.CoarseTune, 5));
        Assert.Equal(0, Cents(builder, program: 5), 0.5);
        Assert.Equal(700, Cents(builder, before: s =>
        {
            s.Play(MidiMessage.Control(0, Controller.BankSelect, 8));
            s.Play(MidiMessage.Program(0, 5));
        }), 0.5);
        Synthesizer drums = New(builder);
        drums.Play(MidiMessage.NoteOn(9, 69, 100));
        Assert.Equal(1200, CentsOf(Render(drums, 20_000), 1200), 0.5);
    }

    private static ZoneSpec Looped(FontBuilder builder) => ZoneSpec.Of(builder.Sine()).With(Generator.SampleModes, 1);

    private static Synthesizer New(FontBuilder builder, Interpolation interpolation = Interpolation.Cubic) =>
        new(builder.Load(), new SynthesizerOptions { SampleRate = Rate, Gain = 1, Reverb = 0, Chorus = 0, Limiter = false, Interpolation = interpolation });

    private static float[] Render(Synthesizer synthesizer, int frames)
    {
        float[] left = new float[frames];
        synthesizer.Render(left, new float[frames]);
        return left;
    }

    private static double Loudness(ReadOnlySpan<float> sound)
    {
        double sum = 0;
        foreach (float sample in sound)
        {
            sum += sample * (double)sample;
        }

        return Math.Sqrt(sum / sound.Length);
    }

    private static float[] Note(FontBuilder builder, int key, int velocity, int program, Action<Synthesizer>? before)
    {
        Synthesizer synthesizer = New(builder);
        synthesizer.Play(MidiMessage.Program(0, program));
        before?.Invoke(synthesizer);
        synthesizer.Play(MidiMessage.NoteOn(0, key, velocity));
        return Render(synthesizer, 20_000);
    }

    private static double Level(FontBuilder builder, int key, int velocity = 127, int program = 0, Action<Synthesizer>? before = null) =>
        Loudness(Note(builder, key, velocity, program, before).AsSpan(4410, 8820));

    /// <summary>Cents by which a note lies above the built sine at its root key.</summary>
    private static double Cents(FontBuilder builder, int key = 69, int velocity = 100, int program = 0, Action<Synthesizer>? before = null)
    {
        float[] sound = Note(builder, key, velocity, program, before);
        return 1200 * Math.Log2(PitchMeter.Strongest(sound.AsSpan(4096, 8192), Rate) / SineHertz);
    }

    private static double CentsOf(float[] sound, double expected, bool exact = true)
    {
        double hertz = SineHertz * Math.Pow(2, expected / 1200);
        ReadOnlySpan<float> part = exact ? sound.AsSpan(4096, 8192) : sound;
        return expected + PitchMeter.CentsFrom(hertz, part, Rate);
    }

    /// <summary>How much of a sound is not the sine of a frequency, as a share of its amplitude.</summary>
    private static double SineResidue(ReadOnlySpan<float> sound, double hertz)
    {
        double w = 2 * Math.PI * hertz / Rate;
        (double ss, double cc, double sc, double sx, double cx) = (0, 0, 0, 0, 0);
        for (int i = 0; i < sound.Length; i++)
        {
            (double s, double c) = Math.SinCos(w * i);
            ss += s * s;
            cc += c * c;
            sc += s * c;
            sx += s * sound[i];
            cx += c * sound[i];
        }

        double determinant = (ss * cc) - (sc * sc);
        double a = ((sx * cc) - (cx * sc)) / determinant;
        double b = ((cx * ss) - (sx * sc)) / determinant;
        double residue = 0;
        for (int i = 0; i < sound.Length; i++)
        {
            (double s, double c) = Math.SinCos(w * i);
            residue = Math.Max(residue, Math.Abs(sound[i] - (a * s) - (b * c)));
        }

        return residue / Math.Sqrt((a * a) + (b * b));
    }
}
