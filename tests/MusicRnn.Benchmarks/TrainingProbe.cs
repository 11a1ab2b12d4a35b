using MusicRnn.Training;

namespace MusicRnn.Benchmarks;

/// <summary>Forward, backward and Adam of a 3x512 LSTM at batch 64, against the machine's peak and PyTorch, all in one run.</summary>
internal static class TrainingProbe
{
    private const int Threads = 2;
    private const int Tries = 15;

    public static void Run()
    {
        foreach (Precision precision in (Precision[])(MatrixUnit.IsThere ? [Precision.Float32, Precision.Fastest] : [Precision.Float32]))
        {
            foreach (int steps in (int[])[32, 128])
            {
                Run(steps, precision);
            }
        }
    }

    private static void Run(int steps, Precision precision)
    {
        // One update of each in turn, so that whatever else goes on is the same for both.
        using var trunk = new TrunkUpdate(steps, Threads, precision);
        using PyTorchTraining? peer = PyTorchTraining.Start(steps, TrunkUpdate.Streams, Threads);
        PeakShare share = new(() => FusedPeak.Measure(Threads), trunk.Operations);
        List<double> ratios = [], theirs = [];
        double ofNote = trunk.Operations / (steps * TrunkUpdate.Streams) / 1e9;
        trunk.Run();
        peer?.Update();
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            double ours = share.Try(trunk.Run) / ofNote;
            if (peer is not null)
            {
                double rate = peer.Update();
                theirs.Add(rate);
                ratios.Add(ours / rate);
            }
        }

        Console.WriteLine($"{steps} steps, {Threads} threads, {(Gemm.Rounds(precision) ? "bfloat16" : "32 bits")}: {share.Speed / ofNote:F0} notes/s, {share.Speed:F0} GFLOP/s, {share.Share:P0} of the registers' peak of its moment; at best {share.BestSpeed / ofNote:F0} notes/s, {share.BestShare:P0} of the best peak");
        Console.WriteLine(peer is null
            ? $"  {PyTorch.Missing}"
            : $"  PyTorch, OpenBLAS told to use AVX-512: {FusedPeak.Median([.. theirs]):F0} notes/s, at best {theirs.Max():F0}; here {FusedPeak.Median([.. ratios]):F2} times that, best by best {share.BestSpeed / ofNote / theirs.Max():F2}");
        Goal.AtLeast(80, 100 * share.Share, "%", "of the registers' peak");
        if (peer is not null)
        {
            Goal.AtLeast(1.8, FusedPeak.Median([.. ratios]), "times", "PyTorch's notes a second");
        }
    }
}
