using MusicRnn.Midi;
using MusicRnn.Synthesis;

namespace MusicRnn.Tests.Synthesis;

public class VoicePoolTests
{
    private const int Rate = 44_100;
    private const int A = 69;
    private const int B = 76;
    private const int C = 62;

    [Fact]
    public void TheQuietGivesWayToANewNote()
    {
        float[] sound = PlayThree(velocityA: 127, velocityB: 40, releaseA: false);
        Assert.True(PowerOf(A, sound) > 100 * PowerOf(B, sound));
        Assert.True(PowerOf(C, sound) > 100 * PowerOf(B, sound));
    }

    [Fact]
    public void AReleasedNoteGivesWayBeforeAQuieterHeldOne()
    {
        float[] sound = PlayThree(velocityA: 127, velocityB: 70, releaseA: true);
        Assert.True(PowerOf(B, sound) > 100 * PowerOf(A, sound));
        Assert.True(PowerOf(C, sound) > 100 * PowerOf(A, sound));
    }

    [Fact]
    public void AStolenVoiceDoesNotClick()
    {
        Synthesizer synthesizer = New(1);
        synthesizer.Play(MidiMessage.NoteOn(0, A, 127));
        float[] steady = Render(synthesizer, 4410);
        synthesizer.Play(MidiMessage.NoteOn(0, A + 1, 1)); // so soft that what is heard is the end of the first
        float[] stolen = Render(synthesizer, 4410);
        Assert.InRange(Bend(stolen), 0, 3 * Bend(steady)); // a line down within 4 ms bends it a little; cut off it would be a hundred times that
        Assert.InRange(stolen.AsSpan(500).ToArray().Max(Math.Abs), 0, 0.01f * steady.Max(Math.Abs)); // 4 ms and a control point later it is gone

        static double Bend(float[] sound) => Enumerable.Range(1, sound.Length - 2).Max(i => Math.Abs(sound[i + 1] - (2 * sound[i]) + sound[i - 1]));
    }

    [Fact]
    public void AllSoundOffSilencesAChannelWithinMilliseconds()
    {
        Synthesizer synthesizer = New(8);
        synthesizer.Play(MidiMessage.NoteOn(0, A, 127));
        synthesizer.Play(MidiMessage.NoteOn(1, B, 127));
        Render(synthesizer, 4410);
        synthesizer.Play(MidiMessage.Control(0, Controller.AllSoundOff, 0));
        Render(synthesizer, 441);
        Assert.Equal(1, synthesizer.SoundingVoices);
        float[] sound = Render(synthesizer, 8192);
        Assert.True(PowerOf(B, sound) > 1e6 * PowerOf(A, sound));
    }

    /// <summary>Plays two notes and a third, with room for two.</summary>
    private static float[] PlayThree(int velocityA, int velocityB, bool releaseA)
    {
        Synthesizer synthesizer = New(2);
        synthesizer.Play(MidiMessage.NoteOn(0, A, velocityA));
        synthesizer.Play(MidiMessage.NoteOn(0, B, velocityB));
        Render(synthesizer, 4410);
        if (releaseA)
        {
            synthesizer.Play(MidiMessage.NoteOff(0, A));
            Render(synthesizer, 441);
        }

        synthesizer.Play(MidiMessage.NoteOn(0, C, 100));
        Render(synthesizer, 4410);
        return Render(synthesizer, 8192);
    }

    private static Synthesizer New(int polyphony)
    {
        FontBuilder builder = new();
        int instrument = builder.Instrument(ZoneSpec.Of(builder.Sine()).With(Generator.SampleModes, 1).With(Generator.VolumeEnvelopeRelease, 3600));
        return new Synthesizer(
            builder.Preset(0, 0, ZoneSpec.Of(instrument)).Load(),
            new SynthesizerOptions { SampleRate = Rate, Polyphony = polyphony, Reverb = 0, Chorus = 0, Limiter = false });
    }

    private static float[] Render(Synthesizer synthesizer, int frames)
    {
        float[] left = new float[frames];
        synthesizer.Render(left, new float[frames]);
        return left;
    }

    /// <summary>The power at a key's pitch; the built sine sounds at 441 Hz on key 69.</summary>
    private static double PowerOf(int key, float[] sound) => PitchMeter.Power(sound, Rate, 441 * Math.Pow(2, (key - 69) / 12.0));
}
