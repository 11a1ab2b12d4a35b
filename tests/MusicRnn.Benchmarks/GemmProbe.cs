using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Benchmarks;

/// <summary>Matrix products at the shapes of an LSTM in training, against what the machine's registers can do in the same run.</summary>
internal static unsafe class GemmProbe
{
    public static void Run()
    {
        double clock = FusedPeak.Clock();
        foreach (int threads in (int[])[1, 2])
        {
            double registers = Best(() => FusedPeak.Measure(threads));
            Console.WriteLine($"{threads} threads, 32 bits: peak {registers:F0} GFLOP/s by register multiply-adds, {registers / threads / clock:F0} operations a cycle of {clock:F2} GHz");
            Products(threads, Precision.Float32, registers, () => FusedPeak.Measure(threads));
            if (MatrixUnit.IsThere)
            {
                double tiles = Best(() => TilePeak.Measure(threads));
                Console.WriteLine($"{threads} threads, bfloat16: peak {tiles:F0} GFLOP/s by tiles in the matrix unit, {tiles / registers:F1} times that of registers");
                Products(threads, Precision.Fastest, registers, () => TilePeak.Measure(threads));
            }
        }

        static double Best(Func<double> peak) => Enumerable.Range(0, 5).Max(_ => peak());
    }

    private static void Products(int threads, Precision precision, double registers, Func<double> peak)
    {
        using var team = new ThreadTeam(threads);
        using Gemm gemm = Gemm.Create(team, precision);
        Product(gemm, "gates of a window, X W'", 8192, 2048, 512, transposedA: false, transposedB: true, registers, peak);
        Product(gemm, "gates of a short window, X W'", 2048, 2048, 512, transposedA: false, transposedB: true, registers, peak);
        Product(gemm, "input gradient, G W", 2048, 512, 2048, transposedA: false, transposedB: false, registers, peak);
        Product(gemm, "weight gradient, G' X", 2048, 512, 2048, transposedA: true, transposedB: false, registers, peak);
        Recurrent(team, gemm, registers, peak);
    }

    private static void Product(Gemm gemm, string name, int rows, int columns, int depth, bool transposedA, bool transposedB, double registers, Func<double> peak)
    {
        using NativeFloats a = Random((long)rows * depth), b = Random((long)depth * columns), c = new((long)rows * columns);
        MatrixView viewA = transposedA ? MatrixView.RowMajor(a.Pointer, rows).Transposed : MatrixView.RowMajor(a.Pointer, depth);
        MatrixView viewB = transposedB ? MatrixView.RowMajor(b.Pointer, depth).Transposed : MatrixView.RowMajor(b.Pointer, columns);
        Report($"{name}, {rows}x{columns}x{depth}", 2.0 * rows * columns * depth, registers, peak, () => gemm.Multiply(rows, columns, depth, viewA, viewB, c.Pointer, columns, false));
    }

    private static void Recurrent(ThreadTeam team, Gemm gemm, double registers, Func<double> peak)
    {
        const int Streams = 64, Gates = 2048, Hidden = 512, Steps = 32;
        LayerTensors layer = new NetworkLayout(new NetworkShape(1, Hidden, Hidden, 16)).Layers[0];
        using NativeFloats state = Random(Streams * Hidden), weights = Random(Gates * Hidden), gates = new(Streams * (Gates + 16));
        LstmShare[] shares = [.. Enumerable.Range(0, team.Size).Select(member => new LstmShare(layer, Streams, member, team.Size, gemm, training: false))];
        Array.ForEach(shares, share => share.Pack(weights.Pointer, weights.Pointer));
        Report($"{Steps} steps of the recurrence, {Streams}x{Gates}x{Hidden}", 2.0 * Streams * Gates * Hidden * Steps, registers, peak, () => team.RunAbreast(member =>
        {
            for (int step = 0; step < Steps; step++)
            {
                team.Meet();
                shares[member].ForwardRecurrent(state.Pointer, gates.Pointer, Gates + 16);
            }
        }));
        Array.ForEach(shares, share => share.Dispose());
    }

    private static void Report(string name, double operations, double registers, Func<double> peak, Action work)
    {
        const int Tries = 15;
        PeakShare share = new(peak, operations);
        work();
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            share.Try(work);
        }

        Console.WriteLine($"  {name}: {share.Speed:F0} GFLOP/s, {share.Share:P0} of the peak of its moment; at best {share.BestSpeed:F0}, {share.BestShare:P0} of the best peak");
        Goal.AtLeast(90, 100 * share.Speed / registers, "%", "of the registers' peak");
    }

    private static NativeFloats Random(long length)
    {
        var floats = new NativeFloats(length);
        var random = new NoteRandom(1, (ulong)length);
        for (int i = 0; i < floats.Span.Length; i++)
        {
            floats.Span[i] = (float)random.Uniform(i) - 0.5f;
        }

        return floats;
    }
}
