using System.Diagnostics;
using System.Globalization;
using MusicRnn.Model;

namespace MusicRnn.Benchmarks;

/// <summary>The same 3x512 LSTM step in PyTorch, timed in the same run.</summary>
internal static class PyTorchStep
{
    public static void Compare()
    {
        using Process? process = PyTorch.Start("pytorch_step.py");
        string output = process?.StandardOutput.ReadToEnd() ?? "";
        process?.WaitForExit();
        if (process is null || process.ExitCode != 0)
        {
            Console.WriteLine(PyTorch.Missing);
            return;
        }

        double theirs = double.Parse(output, CultureInfo.InvariantCulture);
        double ours = OurStep();
        Console.WriteLine($"LSTM step, 3x512 from 512, batch 1, one thread: here {ours:F1} us (weights of four bits, attention included), PyTorch {theirs:F1} us (fp32): {theirs / ours:F1} times");
    }

    private static double OurStep()
    {
        var shape = new NetworkShape(3, 512, 512, 16); // heads as good as none
        using Network network = Network.CreateRandom(shape, 1);
        using var predictor = new Predictor(network);
        using var state = new NetworkState(shape);
        double[] microseconds = new double[3000];
        for (int i = 0; i < microseconds.Length; i++)
        {
            long started = Stopwatch.GetTimestamp();
            predictor.Feed(state, new NoteInput(10, 60 + (i % 12), 64, false), i);
            microseconds[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        return new Durations(microseconds).Median;
    }
}
