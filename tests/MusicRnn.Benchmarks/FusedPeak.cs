using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MusicRnn.Benchmarks;

/// <summary>What this machine can do: multiply-adds of independent registers, and its clock.</summary>
internal static class FusedPeak
{
    private const int Rounds = 10_000_000;
    private const int Registers = 12;

    /// <summary>Floating-point operations a second, in thousands of millions, of so many threads at once.</summary>
    public static double Measure(int threads)
    {
        int lanes = Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

        return Abreast(threads, 2.0 * lanes * Registers * Rounds, () => Sink += Vector512.IsHardwareAccelerated ? Run512(Rounds) : Vector256.IsHardwareAccelerated ? Run256(Rounds) : Run128(Rounds));
    }

    /// <summary>The speed of some work, in thousands of millions of operations a second, on so many threads at once.</summary>
    /// <param name="threads">The threads.</param>
    /// <param name="operations">The operations of each.</param>
    /// <param name="work">What each does.</param>
    public static double Abreast(int threads, double operations, Action work)
    {
        // Each thread reads the clock itself: one that waits for them would be woken only when a core is free again.
        using var ready = new Barrier(threads);
        long[] begun = new long[threads], ended = new long[threads];
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(thread => new Thread(() =>
        {
            ready.SignalAndWait();
            begun[thread] = Stopwatch.GetTimestamp();
            work();
            ended[thread] = Stopwatch.GetTimestamp();
        }))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        return operations * threads / Stopwatch.GetElapsedTime(begun.Min(), ended.Max()).TotalSeconds / 1e9;
    }

    /// <summary>The middle one of some values.</summary>
    public static double Median(double[] values)
    {
        double[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }

    /// <summary>The clock in GHz, from a chain of 64-bit multiplications: each waits three cycles for the one before, on every x86 core since 2008.</summary>
    public static double Clock()
    {
        double best = 0;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            long started = Stopwatch.GetTimestamp();
            Sink += Chain(20_000_000);
            best = Math.Max(best, 3 * 20_000_000 / Stopwatch.GetElapsedTime(started).TotalSeconds / 1e9);
        }

        return best;
    }

    /// <summary>Where results go, so that no work is left out.</summary>
    public static double Sink { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chain(int count)
    {
        ulong factor = (ulong)count | 1, value = factor; // no constant, or the compiler would multiply factors beforehand
        for (int i = 0; i < count; i += 4)
        {
            value *= factor;
            value *= factor;
            value *= factor;
            value *= factor;
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run512(int rounds)
    {
        Vector512<float> a = Vector512.Create(0.999f), b = Vector512.Create(0.001f);
        Vector512<float> c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b;
        for (int i = 0; i < rounds; i++)
        {
            c0 = Vector512.FusedMultiplyAdd(a, c0, b);
            c1 = Vector512.FusedMultiplyAdd(a, c1, b);
            c2 = Vector512.FusedMultiplyAdd(a, c2, b);
            c3 = Vector512.FusedMultiplyAdd(a, c3, b);
            c4 = Vector512.FusedMultiplyAdd(a, c4, b);
            c5 = Vector512.FusedMultiplyAdd(a, c5, b);
            c6 = Vector512.FusedMultiplyAdd(a, c6, b);
            c7 = Vector512.FusedMultiplyAdd(a, c7, b);
            c8 = Vector512.FusedMultiplyAdd(a, c8, b);
            c9 = Vector512.FusedMultiplyAdd(a, c9, b);
            c10 = Vector512.FusedMultiplyAdd(a, c10, b);
            c11 = Vector512.FusedMultiplyAdd(a, c11, b);
        }

        return Vector512.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run256(int rounds)
    {
        Vector256<float> a = Vector256.Create(0.999f), b = Vector256.Create(0.001f);
        Vector256<float> c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b;
        for (int i = 0; i < rounds; i++)
        {
            c0 = Vector256.FusedMultiplyAdd(a, c0, b);
            c1 = Vector256.FusedMultiplyAdd(a, c1, b);
            c2 = Vector256.FusedMultiplyAdd(a, c2, b);
            c3 = Vector256.FusedMultiplyAdd(a, c3, b);
            c4 = Vector256.FusedMultiplyAdd(a, c4, b);
            c5 = Vector256.FusedMultiplyAdd(a, c5, b);
            c6 = Vector256.FusedMultiplyAdd(a, c6, b);
            c7 = Vector256.FusedMultiplyAdd(a, c7, b);
            c8 = Vector256.FusedMultiplyAdd(a, c8, b);
            c9 = Vector256.FusedMultiplyAdd(a, c9, b);
            c10 = Vector256.FusedMultiplyAdd(a, c10, b);
            c11 = Vector256.FusedMultiplyAdd(a, c11, b);
        }

        return Vector256.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run128(int rounds)
    {
        Vector128<float> a = Vector128.Create(0.999f), b = Vector128.Create(0.001f);
        Vector128<float> c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b;
        for (int i = 0; i < rounds; i++)
        {
            c0 = Vector128.FusedMultiplyAdd(a, c0, b);
            c1 = Vector128.FusedMultiplyAdd(a, c1, b);
            c2 = Vector128.FusedMultiplyAdd(a, c2, b);
            c3 = Vector128.FusedMultiplyAdd(a, c3, b);
            c4 = Vector128.FusedMultiplyAdd(a, c4, b);
            c5 = Vector128.FusedMultiplyAdd(a, c5, b);
            c6 = Vector128.FusedMultiplyAdd(a, c6, b);
            c7 = Vector128.FusedMultiplyAdd(a, c7, b);
            c8 = Vector128.FusedMultiplyAdd(a, c8, b);
            c9 = Vector128.FusedMultiplyAdd(a, c9, b);
            c10 = Vector128.FusedMultiplyAdd(a, c10, b);
            c11 = Vector128.FusedMultiplyAdd(a, c11, b);
        }

        return Vector128.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }
}
