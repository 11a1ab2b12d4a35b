using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MusicRnn.Model;

/// <summary>Arithmetic on single rows of floats whose length is a multiple of 16.</summary>
internal static unsafe class Rows
{
    /// <summary>target += source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* target, float* source, int count)
    {
        for (int i = 0; i < count; i += 16)
        {
            (Vector512.Load(target + i) + Vector512.Load(source + i)).Store(target + i);
        }
    }

    /// <summary>Negative floats become 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rectify(float* values, int count)
    {
        for (int i = 0; i < count; i += 16)
        {
            Vector512.Max(Vector512.Load(values + i), Vector512<float>.Zero).Store(values + i);
        }
    }

    /// <summary>Gradients become 0 where the rectified value is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RectifyGradient(float* values, float* gradients, int count)
    {
        for (int i = 0; i < count; i += 16)
        {
            Vector512<float> kept = Vector512.GreaterThan(Vector512.Load(values + i), Vector512<float>.Zero);
            (Vector512.Load(gradients + i) & kept).Store(gradients + i);
        }
    }

    /// <summary>Asks for 256 bytes of weights, some way ahead of their use: a product reads each once, in order, and from far away. They come into the second-level cache,
    /// which can wait for three times as many lines at once as the first. Only where <see cref="Sse"/> is supported.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FetchAhead(byte* weights)
    {
        const int Ahead = 8192;
        Sse.Prefetch1(weights + Ahead);
        Sse.Prefetch1(weights + Ahead + 64);
        Sse.Prefetch1(weights + Ahead + 128);
        Sse.Prefetch1(weights + Ahead + 192);
    }

    /// <summary>The largest magnitude among floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Largest(float* values, int count)
    {
        Vector512<float> most = default;
        for (int i = 0; i < count; i += 16)
        {
            most = Vector512.Max(most, Vector512.Abs(Vector512.Load(values + i)));
        }

        float largest = 0;
        for (int i = 0; i < 16; i++)
        {
            largest = Math.Max(largest, most[i]);
        }

        return largest;
    }

    /// <summary>Rounds floats to sixteen bits.</summary>
    /// <param name="values">The floats.</param>
    /// <param name="target">Where the rounded ones go.</param>
    /// <param name="count">How many.</param>
    /// <param name="units">What the largest of them becomes, at most 32767.</param>
    /// <returns>What one unit stands for.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Quantize(float* values, short* target, int count, float units)
    {
        float largest = Largest(values, count);
        if (largest == 0)
        {
            new Span<short>(target, count).Clear();
            return 0;
        }

        Vector512<float> scale = Vector512.Create(units / largest);
        for (int i = 0; i < count; i += 16)
        {
            Vector512<int> rounded = Vector512.ConvertToInt32(Vector512.Round(Vector512.Load(values + i) * scale));
            Vector256.Narrow(rounded.GetLower(), rounded.GetUpper()).Store(target + i);
        }

        return largest / units;
    }

    /// <summary>Rounds floats to bfloat16, the upper halves of their bits: to the nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Halve(float* values, ushort* target, int count)
    {
        for (int i = 0; i < count; i += 16)
        {
            Vector512<uint> upper = RoundUpperHalf(Vector512.Load(values + i).AsUInt32()) >>> 16;
            Vector256.Narrow(upper.GetLower(), upper.GetUpper()).Store(target + i);
        }
    }

    /// <summary>Rounds the upper halves of floats' bits, to the nearest, ties to even; what the lower halves become means nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> RoundUpperHalf(Vector512<uint> bits) => bits + Vector512.Create(0x7FFFu) + ((bits >>> 16) & Vector512<uint>.One);

    /// <summary>Sixteen floats of their upper halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Whole(ushort* halves)
    {
        Vector256<ushort> upper = Vector256.Load(halves);
        Vector512<uint> wide = Avx512F.IsSupported ? Avx512F.ConvertToVector512UInt32(upper) : Vector512.Create(Vector256.WidenLower(upper), Vector256.WidenUpper(upper));
        return (wide << 16).AsSingle();
    }

    /// <summary>target += sums * scales * unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(float* target, int* sums, float* scales, float unit, int count)
    {
        Vector512<float> units = Vector512.Create(unit);
        for (int i = 0; i < count; i += 16)
        {
            Vector512<float> value = Vector512.ConvertToSingle(Vector512.Load(sums + i)) * Vector512.Load(scales + i) * units;
            (Vector512.Load(target + i) + value).Store(target + i);
        }
    }

    /// <summary>
    /// Turns logits into what is proportional to their probabilities: e to the logit less the largest. The row must be readable and
    /// writable up to a multiple of 16 floats; what lies beyond the count becomes 0.
    /// </summary>
    /// <returns>Their sum, and the largest logit.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Sum, float Largest) Exponentiate(float* logits, int count)
    {
        int padded = (count + 15) & ~15;
        for (int i = count; i < padded; i++)
        {
            logits[i] = float.NegativeInfinity;
        }

        Vector512<float> largest = Vector512.Load(logits);
        for (int i = 16; i < padded; i += 16)
        {
            largest = Vector512.Max(largest, Vector512.Load(logits + i));
        }

        float maximum = largest[0];
        for (int i = 1; i < 16; i++)
        {
            maximum = MathF.Max(maximum, largest[i]);
        }

        for (int i = 0; i < padded; i += 16)
        {
            VectorMath.Exp(Vector512.Load(logits + i) - Vector512.Create(maximum)).Store(logits + i);
        }

        for (int i = count; i < padded; i++)
        {
            logits[i] = 0;
        }

        Vector512<float> sum = default;
        for (int i = 0; i < padded; i += 16)
        {
            sum += Vector512.Load(logits + i);
        }

        return (Vector512.Sum(sum), maximum);
    }

    /// <summary>
    /// Turns logits into the gradient of their cross-entropy: scale * (softmax - one-hot). The row is as in <see cref="Exponentiate"/>.
    /// </summary>
    /// <returns>The cross-entropy in nats.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double CrossEntropy(float* logits, int count, int target, float scale)
    {
        float ofTarget = logits[target];
        (float total, float maximum) = Exponentiate(logits, count);
        Vector512<float> factor = Vector512.Create(scale / total);
        for (int i = 0; i < count; i += 16)
        {
            (Vector512.Load(logits + i) * factor).Store(logits + i);
        }

        logits[target] -= scale;
        return Math.Log(total) - (ofTarget - maximum);
    }
}
