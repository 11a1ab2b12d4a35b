using System.Diagnostics;
using MusicRnn.Model;

namespace MusicRnn.Benchmarks;

/// <summary>What a note costs: the trunk, every head and the sampling, as the improviser does it.</summary>
internal static class NoteProbe
{
    private const int Warm = 300;
    private const int BackToBack = 5000;
    private const int Paced = 200;

    public static void Run()
    {
        foreach (NetworkShape shape in (NetworkShape[])[new(2, 512, 384, 256), new(3, 512, 384, 256)])
        {
            using Network network = Network.CreateRandom(shape, 1);
            using var predictor = new Predictor(network);
            using var state = new NetworkState(shape);
            var player = new Player(predictor, state);
            player.Play(new double[Warm]);
            double[] near = new double[BackToBack];
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            player.Play(near);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            double[] far = new double[Paced];
            double[] one = new double[1];
            for (int i = 0; i < Paced; i++)
            {
                Thread.Sleep(50); // other programs, and our own, take the caches meanwhile
                player.Play(one);
                far[i] = one[0];
            }

            Console.WriteLine($"{shape.Layers}x{shape.Hidden} back to back: {new Durations(near)}; {(double)allocated / BackToBack} bytes a note");
            Console.WriteLine($"{shape.Layers}x{shape.Hidden} one per 50 ms: {new Durations(far)}");
        }

        PyTorchStep.Compare();
    }

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
