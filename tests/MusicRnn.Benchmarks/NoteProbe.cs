using System.Diagnostics;
using MusicRnn.Model;

namespace MusicRnn.Benchmarks;

/// <summary>What a note costs: the trunk, every head and the sampling, as the improviser does it.</summary>
internal static class NoteProbe
{
    private const int Warm = 300;
    private const int Rounds = 5; // what else the machine does only adds, so the best round counts
    private const int BackToBack = 1500;
    private const int Paced = 60;

    public static void Run()
    {
        using (Network network = PlayedNetwork.Open())
        {
            (double near, double far, double bytes) = Measure(network);
            Goal.AtMost(150, near, "us", "back to back");
            Goal.AtMost(400, far, "us", "one per 50 ms");
            Goal.AtMost(0, bytes, "bytes", "allocated a note");
        }

        PyTorchStep.Compare();
    }

    private static (double Near, double Far, double Bytes) Measure(Network network)
    {
        string weights = PlayedNetwork.IsShipped ? "the shipped weights" : "random weights";
        using var predictor = new Predictor(network);
        using var state = new NetworkState(network.Shape);
        var player = new Player(predictor, state);
        player.Play(new double[Warm]);
        Durations? near = null, far = null;
        double[] quick = new double[BackToBack], one = new double[1], paced = new double[Paced];
        long allocated = 0;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            player.Play(quick);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            near = Best(near, new Durations(quick));
            for (int i = 0; i < Paced; i++)
            {
                Thread.Sleep(50); // other programs, and our own, take the caches meanwhile
                player.Play(one);
                paced[i] = one[0];
            }

            far = Best(far, new Durations(paced));
        }

        double bytes = (double)allocated / Rounds / BackToBack;
        Console.WriteLine($"{network.Shape.Layers}x{network.Shape.Hidden}, {weights}, back to back: {near}; {bytes:0.##} bytes a note");
        Console.WriteLine($"{network.Shape.Layers}x{network.Shape.Hidden}, {weights}, one per 50 ms: {far}");
        return (near!.Median, far!.Median, bytes);
    }

    private static Durations Best(Durations? one, Durations other) => one is null || other.Median < one.Median ? other : one;

    private sealed class Player(Predictor predictor, NetworkState state)
    {
        private long _frame;
        private ulong _note;

        public void Play(double[] microseconds)
        {
            for (int i = 0; i < microseconds.Length; i++)
            {
                long started = Stopwatch.GetTimestamp();
                SampledNote note = predictor.Sample(state, new SamplingOptions(1, 0.95, 0, 5_000_000_000), new NoteRandom(1, _note++), true);
                int frames = (int)Grid.FrameOf(note.Step);
                _frame += frames;
                predictor.Feed(state, new NoteInput(frames, note.Pitch, note.Velocity, true), _frame);
                microseconds[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
                for (UInt128 down = state.Context.Down; _note % 6 == 0 && down != 0; down &= down - 1)
                {
                    state.Context.Release((int)UInt128.TrailingZeroCount(down), _frame + 10);
                }
            }
        }
    }
}
