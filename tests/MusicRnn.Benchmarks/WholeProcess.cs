using System.Diagnostics;
using MusicRnn.Midi;
using MusicRnn.Tests.Synthesis;

namespace MusicRnn.Benchmarks;

/// <summary>Times the two programs as a user starts them: a MIDI file in, a WAV file of 16 bits out, their start and the font's loading included.</summary>
internal sealed class WholeProcess : IDisposable
{
    private const int Rate = 48_000;
    private const int Measures = 32;
    private const int Repeats = 8;
    private const int Rounds = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("musicrnn-synth-");
    private readonly string _font;
    private readonly string _midi;
    private readonly double _duration;

    public WholeProcess(string font)
    {
        _font = font;
        _midi = Path.Combine(_folder.FullName, "prelude.mid");
        MidiFileWriter writer = new();
        MidiTrackWriter track = writer.AddTrack();
        (long Frame, MidiMessage Message)[] score = Prelude.Messages(Rate, Measures, FluidSynth.BlockFrames);
        long length = score[^1].Frame + Rate;
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            foreach ((long frame, MidiMessage message) in score)
            {
                track.Add((frame + (repeat * length)) * 1_000_000_000 / Rate, message);
            }
        }

        writer.Write(_midi);
        _duration = Repeats * length / (double)Rate;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Runs both in turn, several times; the fastest round of each counts.</summary>
    public void Compare(bool effects)
    {
        string[] dry = effects ? [] : ["--set", "Sound:Reverb=0", "--set", "Sound:Chorus=0"];
        string switched = effects ? "1" : "0";
        (double ours, double theirs) = (double.MaxValue, double.MaxValue);
        for (int round = 0; round < Rounds; round++)
        {
            ours = Math.Min(ours, Time("dotnet", [Path.Combine(AppContext.BaseDirectory, "MusicRnn.Host.dll"), "render", _midi, "-o", File("ours.wav"), "--rate", $"{Rate}", "--soundfont", _font, .. dry]));
            theirs = Math.Min(theirs, Time("fluidsynth", ["-ni", "-q", "-F", File("theirs.wav"), "-O", "s16", "-r", $"{Rate}", "-g", "0.5", "-R", switched, "-C", switched, _font, _midi]));
        }

        Console.WriteLine(
            $"whole process, effects {(effects ? "on" : "off")}: {_duration:F0} s of music: here {ours:F2} s, {_duration / ours:F0} times real time; fluidsynth -ni -F {theirs:F2} s, {_duration / theirs:F0} times: ratio {theirs / ours:F2}");
    }

    private string File(string name) => Path.Combine(_folder.FullName, name);

    private static double Time(string program, string[] arguments)
    {
        long started = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{program} does not start.");
        _ = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? Stopwatch.GetElapsedTime(started).TotalSeconds
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
