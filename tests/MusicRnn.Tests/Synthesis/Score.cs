using MusicRnn.Midi;
using MusicRnn.Synthesis;

namespace MusicRnn.Tests.Synthesis;

/// <summary>Messages at frames, for a synthesiser.</summary>
internal static class Score
{
    private static readonly int[] Controllers = [0, 1, 6, 7, 10, 11, 38, 64, 66, 67, 91, 93, 100, 101, 120, 121, 123];

    /// <summary>Messages of every kind at random frames, in order.</summary>
    public static (long Frame, MidiMessage Message)[] Random(int count, int frames, int seed)
    {
        Random random = new(seed);
        (long Frame, MidiMessage Message)[] score = new (long, MidiMessage)[count];
        for (int i = 0; i < count; i++)
        {
            int channel = random.Next(3);
            MidiMessage message = random.Next(10) switch
            {
                < 5 => MidiMessage.NoteOn(channel, random.Next(30, 100), random.Next(1, 128)),
                < 7 => MidiMessage.NoteOff(channel, random.Next(30, 100)),
                7 => MidiMessage.Control(channel, Controllers[random.Next(Controllers.Length)], random.Next(128)),
                8 => MidiMessage.Program(channel, new[] { 0, 4, 11, 16, 40, 73, 89 }[random.Next(7)]),
                _ => MidiMessage.Of(MidiKind.PitchBend, channel, random.Next(128), random.Next(128)),
            };
            score[i] = (random.Next(frames), message);
        }

        return [.. score.OrderBy(item => item.Frame)];
    }

    /// <summary>Takes frames as they are asked for.</summary>
    public delegate void Renderer(Span<float> left, Span<float> right);

    /// <summary>Renders a score, asking for at most so many frames at once; left and right after each other.</summary>
    public static float[] Render(Synthesizer synthesizer, (long Frame, MidiMessage Message)[] score, int frames, int piece)
    {
        float[] sound = new float[2 * frames];
        Render(synthesizer.Play, synthesizer.Render, score, sound.AsSpan(0, frames), sound.AsSpan(frames), piece);
        return sound;
    }

    /// <summary>Renders a score by any synthesiser.</summary>
    public static StereoSound Render(Action<MidiMessage> play, Renderer render, (long Frame, MidiMessage Message)[] score, int frames, int sampleRate)
    {
        float[] left = new float[frames];
        float[] right = new float[frames];
        Render(play, render, score, left, right, frames);
        return new StereoSound(left, right, sampleRate);
    }

    private static void Render(Action<MidiMessage> play, Renderer render, (long Frame, MidiMessage Message)[] score, Span<float> left, Span<float> right, int piece)
    {
        int next = 0;
        for (int at = 0; at < left.Length;)
        {
            for (; next < score.Length && score[next].Frame == at; next++)
            {
                play(score[next].Message);
            }

            long until = next < score.Length ? Math.Min(score[next].Frame, left.Length) : left.Length;
            int count = (int)Math.Min(piece, until - at);
            render(left.Slice(at, count), right.Slice(at, count));
            at += count;
        }
    }
}
