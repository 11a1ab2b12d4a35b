using System.Diagnostics;
using System.Globalization;
using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Benchmarks;

/// <summary>Forward, backward and Adam of a 3x512 LSTM at batch 64, against the machine's peak and PyTorch, all in one run.</summary>
internal static unsafe class TrainingProbe
{
    private const string Python = "/usr/bin/python3"; // Debian's, which is the one that sees Debian's PyTorch
    private const int Streams = 64;
    private const int Threads = 2;
    private const int Tries = 4;

    public static void Run()
    {
        double peak = FusedPeak.Measure(Threads);
        foreach (int steps in (int[])[32, 128])
        {
            double ours = Ours(steps);

            // Forward two operations a weight, backward twice that: 3 layers of 2048 gates from 512 inputs and 512 outputs.
            double operations = 6.0 * 3 * 2048 * 1024;
            Console.WriteLine($"{steps} steps, {Threads} threads: {ours:F0} notes/s, {ours * operations / 1e9 / peak:P0} of the peak of {peak:F0} GFLOP/s");
            if (Theirs(steps) is { } theirs)
            {
                Console.WriteLine($"  PyTorch, OpenBLAS told to use AVX-512: {theirs:F0} notes/s; here {ours / theirs:F2} times that");
            }
            else
            {
                Console.WriteLine("  PyTorch is not here to be compared with: apt-get install python3-torch libopenblas0-openmp");
            }
        }
    }

    private static double Ours(int steps)
    {
        var shape = new NetworkShape(3, 512, 512, 16); // heads as good as none
        using Network network = Network.CreateRandom(shape, 1);
        using var team = new ThreadTeam(Threads);
        using var runner = new TrainingNetwork(network.Layout, steps, Streams, team, training: true);
        using var gradients = new NativeFloats(network.Weights.Length);
        using var adam = new Adam(network.Weights.Length, team);
        var window = new NoteWindow(steps, Streams);
        for (int note = 0; note < window.Step.Length; note++)
        {
            window.Step[note] = (byte)(note % Grid.Bins);
            window.Pitch[note] = (byte)(note * 7 % NoteEncoding.Pitches);
            window.Neighbours[note] = Neighbours.None;
            window.Repeat[note] = Repeat.None;
            window.RowCount[note] = 12;
            window.PedalClass[note] = -1;
        }

        double best = 0;
        for (int i = 0; i <= Tries; i++)
        {
            long started = Stopwatch.GetTimestamp();
            runner.Forward(network.Weights.Pointer, window, 0, 0);
            runner.Backward(network.Weights.Pointer, gradients.Pointer, window, 0, 0);
            adam.Update(network.Weights.Pointer, gradients.Pointer, 1e-3f, 1, 0.99f);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            best = i == 0 ? 0 : Math.Max(best, steps * Streams / seconds);
        }

        return best;
    }

    private static double? Theirs(int steps)
    {
        if (!File.Exists(Python))
        {
            return null;
        }

        var start = new ProcessStartInfo(Python) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "pytorch_training.py"));
        start.ArgumentList.Add(steps.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add(Threads.ToString(CultureInfo.InvariantCulture));
        start.Environment["OPENBLAS_CORETYPE"] = "SkylakeX"; // without it Debian's OpenBLAS may not use AVX-512 here
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? double.Parse(output, CultureInfo.InvariantCulture) : null;
    }
}
