using MusicRnn.Midi;
using MusicRnn.Synthesis;

namespace MusicRnn.Tests.Synthesis;

public class ChannelStripTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(-6, -6)]
    [InlineData(-20, -20)]
    [InlineData(4, 4)]
    public void TheLevelIsHeardInDecibels(double decibels, double heard)
    {
        (double left, double right) = Render(new ChannelStrip(16, 0, decibels));
        (double usualLeft, double usualRight) = Render(new ChannelStrip(16, 0, 0));
        Assert.Equal(heard, 20 * Math.Log10(left / usualLeft), 0.4); // CC7 has whole steps
        Assert.Equal(heard, 20 * Math.Log10(right / usualRight), 0.4);
    }

    [Fact]
    public void PanReachesBothSidesAndTheMiddleIsTheMiddle()
    {
        Assert.Equal(0, Render(new ChannelStrip(16, -100, 0)).Right, 1e-6);
        Assert.Equal(0, Render(new ChannelStrip(16, 100, 0)).Left, 1e-6);
        (double left, double right) = Render(new ChannelStrip(16, 0, 0));
        Assert.Equal(left, right, 1e-6);
    }

    [Fact]
    public void TwoChannelsHaveInstrumentsOfTheirOwn()
    {
        float[] both = Sound(ShippedFont.Font, synthesizer =>
        {
            new ChannelStrip(0, -100, 0).Tell(synthesizer, 0);
            new ChannelStrip(73, 100, 0).Tell(synthesizer, 1);
            synthesizer.Play(MidiMessage.NoteOn(1, 81, 100));
        });
        float[] flute = Sound(ShippedFont.Font, synthesizer =>
        {
            new ChannelStrip(73, 100, 0).Tell(synthesizer, 0);
            synthesizer.Play(MidiMessage.NoteOn(0, 81, 100));
        });
        Assert.Equal(flute, both);
    }

    /// <summary>How loud both sides are of a font whose one sample is in the middle.</summary>
    private static (double Left, double Right) Render(ChannelStrip strip)
    {
        FontBuilder builder = new();
        SoundFont font = builder.Preset(0, 16, ZoneSpec.Of(builder.Instrument(ZoneSpec.Of(builder.Sine()).With(Generator.SampleModes, 1)))).Load();
        float[] sound = Sound(font, synthesizer =>
        {
            strip.Tell(synthesizer, 0);
            synthesizer.Play(MidiMessage.NoteOn(0, 69, 100));
        });
        return (Root(sound.AsSpan(0, sound.Length / 2)), Root(sound.AsSpan(sound.Length / 2)));
    }

    private static float[] Sound(SoundFont font, Action<Synthesizer> play)
    {
        Synthesizer synthesizer = new(font, new SynthesizerOptions { Reverb = 0, Chorus = 0, Limiter = false });
        play(synthesizer);
        return Score.Render(synthesizer, [], 20_000, 512);
    }

    private static double Root(ReadOnlySpan<float> sound)
    {
        double sum = 0;
        foreach (float sample in sound)
        {
            sum += sample * (double)sample;
        }

        return Math.Sqrt(sum / sound.Length);
    }
}
