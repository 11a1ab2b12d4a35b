using MusicRnn.Midi;
using MusicRnn.Synthesis;

namespace MusicRnn.Tests.Synthesis;

public class SynthesizerTests
{
    private static readonly SynthesizerOptions Dry = new() { SampleRate = 44_100, Reverb = 0, Chorus = 0, Limiter = false };

    [Theory]
    [InlineData(0, 57)]
    [InlineData(0, 69)]
    [InlineData(40, 69)]
    [InlineData(16, 60)]
    [InlineData(73, 81)]
    public void ANoteSoundsAtItsPitch(int program, int key)
    {
        Synthesizer synthesizer = new(ShippedFont.Font, Dry);
        synthesizer.Play(MidiMessage.Program(0, program));
        synthesizer.Play(MidiMessage.NoteOn(0, key, 90));
        float[] left = Render(synthesizer, 44_100, out _);
        double expected = 440 * Math.Pow(2, (key - 69) / 12.0);
        Assert.InRange(PitchMeter.CentsFrom(expected, left.AsSpan(12_000, 16_384), 44_100), -9, 9); // what the samples themselves deviate by
    }

    [Fact]
    public void SilenceBeforeTheFirstNoteIsExactlyZero()
    {
        Synthesizer synthesizer = new(ShippedFont.Font, new SynthesizerOptions());
        Assert.All(Render(synthesizer, 1000, out _), sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void RenderingInPiecesGivesTheSameBitsAsAtOnce()
    {
        SynthesizerOptions options = new() { SampleRate = 48_000, Polyphony = 20, Gain = 3 };
        (long Frame, MidiMessage Message)[] score = Score.Random(200, 60_000, 7);
        float[] whole = Score.Render(new Synthesizer(ShippedFont.Font, options), score, 80_000, int.MaxValue);
        foreach (int piece in (int[])[1, 7, 64, 100, 1024])
        {
            float[] pieces = Score.Render(new Synthesizer(ShippedFont.Font, options), score, 80_000, piece);
            Assert.True(whole.AsSpan().SequenceEqual(pieces), $"pieces of {piece} frames differ");
        }
    }

    [Fact]
    public void PlayingAndRenderingDoNotAllocate()
    {
        Synthesizer synthesizer = new(ShippedFont.Font, new SynthesizerOptions { Polyphony = 32 });
        (long Frame, MidiMessage Message)[] score = Score.Random(400, 40_000, 3);
        float[] left = new float[128];
        float[] right = new float[128];
        long allocated = 0;
        for (int pass = 0; pass < 2; pass++) // the first pass compiles
        {
            int next = 0;
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (long frame = 0; frame < 60_000; frame += 128)
            {
                for (; next < score.Length && score[next].Frame < frame + 128; next++)
                {
                    synthesizer.Play(score[next].Message);
                }

                synthesizer.Render(left, right);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void ANoteSoundsFromTheFrameOfItsEvent()
    {
        float[] reference = After(0);
        foreach (int start in (int[])[1, 37, 63, 64, 1000])
        {
            float[] sound = After(start);
            for (int i = 128; i < 512; i++) // past the attack, whose slope depends on where the control points fall; a frame late is 5 % off
            {
                Assert.Equal(reference[i], sound[i], 0.03 * reference.Max(Math.Abs));
            }
        }

        static float[] After(int start)
        {
            Synthesizer synthesizer = new(ShippedFont.Font, Dry);
            Render(synthesizer, start, out _);
            synthesizer.Play(MidiMessage.NoteOn(0, 60, 127));
            return Render(synthesizer, 512, out _);
        }
    }

    [Fact]
    public void AReleasedNoteEndsAndItsVoicesAreFree()
    {
        Synthesizer synthesizer = new(ShippedFont.Font, Dry);
        synthesizer.Play(MidiMessage.NoteOn(0, 60, 100));
        Render(synthesizer, 20_000, out _);
        Assert.Equal(2, synthesizer.SoundingVoices); // stereo
        synthesizer.Play(MidiMessage.NoteOff(0, 60));
        Render(synthesizer, 44_100 * 3, out _);
        Assert.Equal(0, synthesizer.SoundingVoices);
    }

    [Fact]
    public void TheSustainPedalHoldsNotesAndLiftingItReleasesThem()
    {
        Synthesizer synthesizer = new(ShippedFont.Font, Dry);
        synthesizer.Play(MidiMessage.Program(0, 16));
        synthesizer.Play(MidiMessage.Control(0, Controller.Sustain, 127));
        synthesizer.Play(MidiMessage.NoteOn(0, 60, 100));
        synthesizer.Play(MidiMessage.NoteOff(0, 60));
        Render(synthesizer, 44_100, out _);
        Assert.True(synthesizer.SoundingVoices > 0);
        synthesizer.Play(MidiMessage.Control(0, Controller.Sustain, 0));
        Render(synthesizer, 44_100, out _);
        Assert.Equal(0, synthesizer.SoundingVoices);
    }

    [Fact]
    public void SostenutoHoldsOnlyTheKeysThatWereDown()
    {
        Synthesizer synthesizer = new(ShippedFont.Font, Dry);
        synthesizer.Play(MidiMessage.Program(0, 16));
        synthesizer.Play(MidiMessage.NoteOn(0, 60, 100));
        Render(synthesizer, 100, out _);
        int ofOneNote = synthesizer.SoundingVoices;
        synthesizer.Play(MidiMessage.Control(0, Controller.Sostenuto, 127));
        synthesizer.Play(MidiMessage.NoteOn(0, 64, 100));
        synthesizer.Play(MidiMessage.NoteOff(0, 60));
        synthesizer.Play(MidiMessage.NoteOff(0, 64));
        Render(synthesizer, 44_100, out _);
        Assert.Equal(ofOneNote, synthesizer.SoundingVoices);
        synthesizer.Play(MidiMessage.Control(0, Controller.Sostenuto, 0));
        Render(synthesizer, 44_100, out _);
        Assert.Equal(0, synthesizer.SoundingVoices);
    }

    [Fact]
    public void ChangingTheInstrumentLeavesSoundingNotesAlone()
    {
        float[] steady = HeldNote(changes: false);
        float[] changed = HeldNote(changes: true);
        Assert.Equal(steady, changed);

        static float[] HeldNote(bool changes)
        {
            Synthesizer synthesizer = new(ShippedFont.Font, Dry);
            synthesizer.Play(MidiMessage.NoteOn(0, 60, 100));
            Render(synthesizer, 1000, out _);
            if (changes)
            {
                synthesizer.Play(MidiMessage.Program(0, 40));
            }

            return Render(synthesizer, 1000, out _);
        }
    }

    [Fact]
    public void PitchBendFollowsItsRange()
    {
        Synthesizer synthesizer = new(ShippedFont.Font, Dry);
        synthesizer.Play(MidiMessage.Program(0, 16));
        foreach ((int controller, int value) in (ReadOnlySpan<(int, int)>)[(101, 0), (100, 0), (6, 12), (38, 0)])
        {
            synthesizer.Play(MidiMessage.Control(0, controller, value));
        }

        synthesizer.Play(MidiMessage.NoteOn(0, 60, 100));
        Render(synthesizer, 8000, out _);
        synthesizer.Play(MidiMessage.Of(MidiKind.PitchBend, 0, 0, 0));
        float[] left = Render(synthesizer, 40_000, out _);
        Assert.InRange(PitchMeter.CentsFrom(440 * Math.Pow(2, -21 / 12.0), left.AsSpan(16_000, 16_384), 44_100), -9, 9);
    }

    [Fact]
    public void MorePlayedThanThePolyphonyStaysWithinIt()
    {
        Synthesizer synthesizer = new(ShippedFont.Font, Dry with { Polyphony = 16 });
        for (int key = 30; key < 90; key++)
        {
            synthesizer.Play(MidiMessage.NoteOn(0, key, 100));
            Render(synthesizer, 441, out _);
        }

        Render(synthesizer, 4410, out _); // what was stolen has faded
        Assert.Equal(16, synthesizer.SoundingVoices);
    }

    [Fact]
    public void TheLimiterKeepsTheSumBelowFullScale()
    {
        Synthesizer synthesizer = new(ShippedFont.Font, new SynthesizerOptions { Gain = 10 });
        for (int key = 40; key < 80; key++)
        {
            synthesizer.Play(MidiMessage.NoteOn(0, key, 127));
        }

        float[] left = Render(synthesizer, 48_000, out float[] right);
        Assert.InRange(left.Concat(right).Max(Math.Abs), 0.5f, 1f);
    }

    private static float[] Render(Synthesizer synthesizer, int frames, out float[] right)
    {
        float[] left = new float[frames];
        right = new float[frames];
        synthesizer.Render(left, right);
        return left;
    }
}
