using MusicRnn.Midi;
using MusicRnn.Synthesis;

namespace MusicRnn.Tests.Synthesis;

public class EffectsTests
{
    private static readonly SynthesizerOptions Dry = new() { Reverb = 0, Chorus = 0, Limiter = false };

    [Fact]
    public void WhileNothingIsTooLoudTheLimiterOnlyDelays()
    {
        (long Frame, MidiMessage Message)[] score = Score.Random(60, 30_000, 11);
        const int Frames = 40_000;
        const int Lookahead = 48; // a millisecond
        Synthesizer limited = new(ShippedFont.Font, Dry with { Limiter = true, Gain = 0.2 });
        float[] expected = Score.Render(new Synthesizer(ShippedFont.Font, Dry with { Gain = 0.2 }), score, Frames, 512);
        float[] sound = Score.Render(limited, score, Frames, 512);
        Assert.InRange(expected.Max(Math.Abs), 0.01f, 0.97f);
        Assert.True(expected.AsSpan(0, Frames - Lookahead).SequenceEqual(sound.AsSpan(Lookahead, Frames - Lookahead)));
    }

    [Theory]
    [InlineData(Controller.Reverb)]
    [InlineData(Controller.Chorus)]
    public void TheSendsFollowTheirControllers(int controller)
    {
        float[] dry = Tail(Dry, controller, 127);
        float[] none = Tail(Dry with { Reverb = 1, Chorus = 1 }, controller, 0);
        float[] little = Tail(Dry with { Reverb = 1, Chorus = 1 }, controller, 30);
        float[] much = Tail(Dry with { Reverb = 1, Chorus = 1 }, controller, 127);
        Assert.Equal(dry, none);
        Assert.InRange(Difference(much, dry) / Difference(little, dry), 2.5, 6); // 127 of 30 is four times as much

        static double Difference(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum());
    }

    [Fact]
    public void AReverbDiesAwayToSilenceWithoutDenormals()
    {
        Synthesizer synthesizer = new(ShippedFont.Font, new SynthesizerOptions());
        for (int key = 40; key < 60; key++)
        {
            synthesizer.Play(MidiMessage.NoteOn(0, key, 100));
        }

        float[] left = new float[480_000];
        float[] right = new float[480_000];
        synthesizer.Render(left.AsSpan(0, 24_000), right.AsSpan(0, 24_000));
        for (int key = 40; key < 60; key++)
        {
            synthesizer.Play(MidiMessage.NoteOff(0, key));
        }

        synthesizer.Render(left.AsSpan(24_000), right.AsSpan(24_000));
        Assert.DoesNotContain(left.Concat(right), sample => float.IsSubnormal(sample) || !float.IsFinite(sample));
        Assert.True(left.AsSpan(0, 48_000).ContainsAnyExceptInRange(-0.01f, 0.01f));
        Assert.False(left.AsSpan(432_000).ContainsAnyExcept(0));
    }

    /// <summary>A sine that sends nothing by itself, under a controller.</summary>
    private static float[] Tail(SynthesizerOptions options, int controller, int value)
    {
        FontBuilder builder = new();
        SoundFont font = builder.Preset(0, 0, ZoneSpec.Of(builder.Instrument(ZoneSpec.Of(builder.Sine()).With(Generator.SampleModes, 1)))).Load();
        Synthesizer synthesizer = new(font, options);
        synthesizer.Play(MidiMessage.Control(0, Controller.Reverb, 0));
        synthesizer.Play(MidiMessage.Control(0, Controller.Chorus, 0));
        synthesizer.Play(MidiMessage.Control(0, controller, value));
        synthesizer.Play(MidiMessage.NoteOn(0, 60, 100));
        return Score.Render(synthesizer, [], 20_000, 512);
    }
}
