using System.Diagnostics;
using System.Runtime.InteropServices;
using MusicRnn.Devices.Alsa;
using MusicRnn.Host;
using MusicRnn.Midi;
using MusicRnn.Synthesis;
using MusicRnn.Tests.Synthesis;

namespace MusicRnn.Benchmarks;

/// <summary>The synthesiser beside FluidSynth: one piece, one font, 48 kHz, 256 voices, interpolation over four points.</summary>
internal static unsafe partial class SynthProbe
{
    private const int Rate = 48_000;
    private const int Measures = 32;
    private const int Rounds = 5;
    private const int BlockFrames = 128;
    private const int BlockVoices = 128;
    private const int Blocks = 20_000;
    private const int Priority = 50; // of the thread that blocks are timed on, as of an audio thread

    private static readonly string FontPath = new Installation(AppContext.BaseDirectory).Resolve("soundfonts/FluidR3-Selection.sf2");

    private delegate void Renderer(Span<float> left, Span<float> right);

    public static void Run()
    {
        SoundFont font = SoundFont.Load(FontPath);
        var thread = new Thread(() => TimeBlocks(font, RealTimePriority.TryRaise(Priority)));
        thread.Start();
        thread.Join();
        if (!FluidSynth.IsHere)
        {
            Console.WriteLine(FluidSynth.Missing);
            return;
        }

        foreach (bool effects in (ReadOnlySpan<bool>)[false, true])
        {
            CompareInProcess(font, effects);
        }

        using WholeProcess processes = new(FontPath);
        foreach (bool effects in (ReadOnlySpan<bool>)[false, true])
        {
            processes.Compare(effects);
        }
    }

    /// <summary>Renders the piece by both in turn, several times, in the thread's own working time; the fastest round of each counts.</summary>
    private static void CompareInProcess(SoundFont font, bool effects)
    {
        (long Frame, MidiMessage Message)[] score = Prelude.Messages(Rate, Measures, FluidSynth.BlockFrames);
        double duration = score[^1].Frame / (double)Rate;
        (double ours, double theirs) = (double.MaxValue, double.MaxValue);
        int most = 0;
        for (int round = 0; round < Rounds; round++)
        {
            Synthesizer synthesizer = new(font, Options(effects));
            ours = Math.Min(ours, Render(score, synthesizer.Play, synthesizer.Render, () => most = Math.Max(most, synthesizer.SoundingVoices)));
            using FluidSynth fluidSynth = new(FontPath, Rate, 0.5, effects);
            theirs = Math.Min(theirs, Render(score, fluidSynth.Play, fluidSynth.Render, () => { }));
        }

        Console.WriteLine(
            $"in process, effects {(effects ? "on" : "off")}: {duration:F0} s of music, up to {most} voices: here {duration / ours:F0} times real time, FluidSynth {duration / theirs:F0}: ratio {theirs / ours:F2}");
    }

    private static SynthesizerOptions Options(bool effects) =>
        new() { SampleRate = Rate, Reverb = effects ? 1 : 0, Chorus = effects ? 1 : 0, Limiter = effects };

    private static double Render((long Frame, MidiMessage Message)[] score, Action<MidiMessage> play, Renderer render, Action look)
    {
        float[] left = new float[FluidSynth.BlockFrames];
        float[] right = new float[FluidSynth.BlockFrames];
        int next = 0;
        long started = ThreadTime();
        for (long frame = 0; frame < score[^1].Frame; frame += FluidSynth.BlockFrames)
        {
            for (; score[next].Frame == frame; next++)
            {
                play(score[next].Message);
            }

            render(left, right);
            look();
        }

        return (ThreadTime() - started) / 1e9;
    }

    /// <summary>Times blocks of 128 frames with 128 voices: pads, whose filters and LFOs move, and piano notes struck anew.</summary>
    private static void TimeBlocks(SoundFont font, bool isRealTime)
    {
        Console.WriteLine(isRealTime ? "blocks are timed at real-time priority, as on an audio thread" : "no real-time priority here (rtprio): by the clock, blocks wait for other programs");
        foreach (bool effects in (ReadOnlySpan<bool>)[false, true])
        {
            Synthesizer synthesizer = new(font, Options(effects) with { Polyphony = BlockVoices });
            synthesizer.Play(MidiMessage.Program(0, 89));
            for (int key = 24; synthesizer.SoundingVoices < BlockVoices - 16; key++)
            {
                synthesizer.Play(MidiMessage.NoteOn(0, key, 100));
            }

            synthesizer.Play(MidiMessage.Program(1, 0));
            float[] left = new float[BlockFrames];
            float[] right = new float[BlockFrames];
            double[] wall = new double[Blocks];
            double[] processor = new double[Blocks];
            long fewest = long.MaxValue;
            for (int i = -Blocks / 4; i < Blocks; i++)
            {
                if (i % 20 == 0)
                {
                    synthesizer.Play(MidiMessage.NoteOn(1, 36 + (Math.Abs(i) / 20 % 48), 90)); // steals what is softest
                }

                long started = Stopwatch.GetTimestamp();
                long worked = ThreadTime();
                synthesizer.Render(left, right);
                if (i >= 0)
                {
                    processor[i] = (ThreadTime() - worked) / 1000.0;
                    wall[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
                    fewest = Math.Min(fewest, synthesizer.SoundingVoices);
                }
            }

            const double Block = BlockFrames * 1e6 / Rate;
            Durations clock = new(wall);
            Durations work = new(processor);
            Console.WriteLine(
                $"{BlockFrames} frames, {fewest} voices and more, effects {(effects ? "on" : "off")}: p99.9 {work.At(0.999):F0} us of work ({100 * work.At(0.999) / Block:F1} % of the block), {clock.At(0.999):F0} us by the clock ({100 * clock.At(0.999) / Block:F1} %); {clock}");
        }
    }

    /// <summary>Nanoseconds that this thread has worked: other programs' share of the processor is not part of it.</summary>
    private static long ThreadTime()
    {
        const int ThreadProcessorTime = 3;
        long* time = stackalloc long[2]; // seconds, nanoseconds
        ClockGetTime(ThreadProcessorTime, time);
        return (time[0] * 1_000_000_000) + time[1];
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, long* time);
}
