using System.Diagnostics;
using System.Runtime.InteropServices;
using MusicRnn.Midi;
using MusicRnn.Tests.Synthesis;

namespace MusicRnn.Benchmarks;

/// <summary>Times the two programs as a user starts them: a MIDI file in, a WAV file of 16 bits out, their start and the font's loading included.</summary>
internal sealed unsafe partial class WholeProcess : IDisposable
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
        (double Clock, double Work) ours = (double.MaxValue, double.MaxValue);
        (double Clock, double Work) theirs = ours;
        for (int round = 0; round < Rounds; round++)
        {
            ours = Least(ours, Time("dotnet", [Path.Combine(AppContext.BaseDirectory, "MusicRnn.Host.dll"), "render", _midi, "-o", File("ours.wav"), "--rate", $"{Rate}", "--soundfont", _font, .. dry]));
            theirs = Least(theirs, Time("fluidsynth", ["-ni", "-q", "-F", File("theirs.wav"), "-O", "s16", "-r", $"{Rate}", "-g", "0.5", "-R", switched, "-C", switched, _font, _midi]));
        }

        Console.WriteLine(
            $"whole process, effects {(effects ? "on" : "off")}: {_duration:F0} s of music: here {ours.Clock:F2} s by the clock, {ours.Work:F2} s of work, {_duration / ours.Work:F0} times real time; fluidsynth -ni -F {theirs.Clock:F2} s, {theirs.Work:F2} s of work, {_duration / theirs.Work:F0} times: ratio {theirs.Clock / ours.Clock:F2} by the clock, {theirs.Work / ours.Work:F2} of work");
    }

    private static (double Clock, double Work) Least((double Clock, double Work) a, (double Clock, double Work) b) => (Math.Min(a.Clock, b.Clock), Math.Min(a.Work, b.Work));

    private string File(string name) => Path.Combine(_folder.FullName, name);

    private static (double Clock, double Work) Time(string program, string[] arguments)
    {
        double worked = ChildrenTime();
        long started = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{program} does not start.");
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? (Stopwatch.GetElapsedTime(started).TotalSeconds, ChildrenTime() - worked)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error.Result}");
    }

    /// <summary>Seconds that ended children have worked, on all their threads: other programs' share of the processor is not part of it.</summary>
    private static double ChildrenTime()
    {
        const int Children = -1;
        long* usage = stackalloc long[18]; // the user's seconds and microseconds, the system's, and what else struct rusage holds
        GetResourceUsage(Children, usage);
        return usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6);
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetResourceUsage(int who, long* usage);
}
