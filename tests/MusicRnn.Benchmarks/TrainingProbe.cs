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
    private const int Rounds = 3;

    // Forward two operations a weight, backward twice that: 3 layers of 2048 gates from 512 inputs and 512 outputs.
    private const double OperationsOfNote = 6.0 * 3 * 2048 * 1024;

    public static void Run()
    {
        foreach (int steps in (int[])[32, 128])
        {
            // In turn, so that a machine that grows slower is so for both.
            var shares = new double[Rounds];
            var ours = new double[Rounds];
            var theirs = new double?[Rounds];
            for (int round = 0; round < Rounds; round++)
            {
                (shares[round], ours[round]) = Ours(steps);
                theirs[round] = Theirs(steps);
            }

            double speed = FusedPeak.Median(ours);
            Console.WriteLine($"{steps} steps, {Threads} threads: {speed * 1e9 / OperationsOfNote:F0} notes/s, {speed:F0} GFLOP/s, {FusedPeak.Median(shares):P0} of the peak of its moment");
            if (theirs.All(rate => rate is not null))
            {
                double[] rates = [.. theirs.Select(rate => rate!.Value)];
                double[] ratios = [.. rates.Zip(ours, (rate, mine) => mine * 1e9 / OperationsOfNote / rate)];
                Console.WriteLine($"  PyTorch, OpenBLAS told to use AVX-512: {FusedPeak.Median(rates):F0} notes/s; here {FusedPeak.Median(ratios):F2} times that ({ratios.Min():F2}-{ratios.Max():F2})");
            }
            else
            {
                Console.WriteLine("  PyTorch is not here to be compared with: apt-get install python3-torch libopenblas0-openmp");
            }
        }
    }

    private static (double Share, double GigaflopsPerSecond) Ours(int steps)
    {
        const int Layers = 3, Hidden = 512;
        using Network network = Network.CreateRandom(new NetworkShape(Layers, Hidden, Hidden, 16), 1);
        NetworkLayout layout = network.Layout;
        using var team = new ThreadTeam(Threads);
        using var gemm = new Gemm(team);
        LstmLayer[] layers = [.. layout.Layers.Select(tensors => new LstmLayer(tensors, steps, Streams, team, gemm, training: true))];
        long first = layout.Layers[0].Input.Offset, length = layout.Step.Weight.Offset - first;
        using var gradients = new NativeFloats(layout.Length);
        using var adam = new Adam(length, team);
        using NativeFloats input = new(steps * Streams * Hidden), above = new(input.Length), below = new(input.Length);
        var random = new NoteRandom(1, 2);
        for (int i = 0; i < input.Length; i++)
        {
            input.Span[i] = (float)random.Uniform(i) - 0.5f;
        }

        bool[] start = new bool[(steps + 1) * Streams];
        (double, double) result = FusedPeak.ShareOf(Threads, OperationsOfNote * steps * Streams, () =>
        {
            for (int layer = 0; layer < Layers; layer++)
            {
                layers[layer].Forward(network.Weights.Pointer, layer == 0 ? input.Pointer : layers[layer - 1].Output, start);
            }

            // The loss is half the square of what comes out, so that its gradient is what comes out.
            new Span<float>(layers[^1].Output, (int)above.Length).CopyTo(above.Span);
            (NativeFloats from, NativeFloats to) = (above, below);
            for (int layer = Layers - 1; layer >= 0; layer--, (from, to) = (to, from))
            {
                layers[layer].Backward(network.Weights.Pointer, gradients.Pointer, layer == 0 ? input.Pointer : layers[layer - 1].Output, start, from.Pointer, to.Pointer);
            }

            adam.Update(network.Weights.Pointer + first, gradients.Pointer + first, 1e-3f, 1, 0.99f);
        });
        foreach (LstmLayer layer in layers)
        {
            layer.Dispose();
        }

        return result;
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
