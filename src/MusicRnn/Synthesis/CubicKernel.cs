using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MusicRnn.Synthesis;

/// <summary>A cubic through four points whose slopes are its neighbours' (Catmull-Rom).</summary>
internal readonly unsafe struct CubicKernel : IKernel<CubicKernel>
{
    public static int Before => 1;

    public static int After => 2;

    /// <inheritdoc/>
    /// <remarks>The weights of the four points are cubics in x, here side by side and by falling power.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float At<TPoint>(TPoint* point, float x)
        where TPoint : unmanaged
    {
        Vector128<float> at = Vector128.Create(x);
        Vector128<float> weights = Vector128.FusedMultiplyAdd(Vector128.Create(-0.5f, 1.5f, -1.5f, 0.5f), at, Vector128.Create(1f, -2.5f, 2f, -0.5f));
        weights = Vector128.FusedMultiplyAdd(weights, at, Vector128.Create(-0.5f, 0f, 0.5f, 0f));
        weights = Vector128.FusedMultiplyAdd(weights, at, Vector128.Create(0f, 1f, 0f, 0f));
        return Vector128.Sum(weights * IKernel<CubicKernel>.Four(point - 1));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Run(short* points, ulong place, ulong step, float* output, int frames)
    {
        if (!Avx2.IsSupported || !Fma.IsSupported)
        {
            return Portable(points, place, step, output, frames);
        }

        const int Lanes = 8;
        int done = 0;
        for (; done + Lanes <= frames; done += Lanes)
        {
            Eight(points, place, step).Store(output + done);
            place += Lanes * step;
        }

        for (; done < frames; done++)
        {
            output[done] = Eight(points, place, 0).ToScalar(); // the same arithmetic: no frame knows its lane
            place += step;
        }

        return place;
    }

    /// <summary>Eight frames at once: the four points of each are one load, then turned so that every vector holds one point of all eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Eight(short* points, ulong place, ulong step)
    {
        Vector256<float> x = Oscillator.FractionOf(Vector256.Create((uint)place) + (Vector256<uint>.Indices * (uint)step));
        Vector128<short> a = Two(points, place, step);
        Vector128<short> b = Two(points, place + (2 * step), step);
        Vector128<short> c = Two(points, place + (4 * step), step);
        Vector128<short> d = Two(points, place + (6 * step), step);
        (Vector128<short> even, Vector128<short> odd) = (Sse2.UnpackLow(a, b), Sse2.UnpackHigh(a, b));
        (Vector128<long> near1, Vector128<long> far1) = (Sse2.UnpackLow(even, odd).AsInt64(), Sse2.UnpackHigh(even, odd).AsInt64());
        (even, odd) = (Sse2.UnpackLow(c, d), Sse2.UnpackHigh(c, d));
        (Vector128<long> near2, Vector128<long> far2) = (Sse2.UnpackLow(even, odd).AsInt64(), Sse2.UnpackHigh(even, odd).AsInt64());
        Vector256<float> before = Floats(Sse2.UnpackLow(near1, near2));
        Vector256<float> here = Floats(Sse2.UnpackHigh(near1, near2));
        Vector256<float> next = Floats(Sse2.UnpackLow(far1, far2));
        Vector256<float> after = Floats(Sse2.UnpackHigh(far1, far2));

        Vector256<float> half = Vector256.Create(0.5f);
        Vector256<float> slope = (next - before) * half;
        Vector256<float> fall = here - next;
        Vector256<float> sum = slope + fall;
        Vector256<float> cubic = Vector256.FusedMultiplyAdd(after - here, half, sum + fall);
        Vector256<float> square = sum + cubic;
        return Vector256.FusedMultiplyAdd(Vector256.FusedMultiplyAdd(Vector256.FusedMultiplyAdd(cubic, x, -square), x, slope), x, here);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Two(short* points, ulong place, ulong step) => Vector128.Create(
        *(long*)(points + Oscillator.WholeOf(place) - 1),
        *(long*)(points + Oscillator.WholeOf(place + step) - 1)).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Floats(Vector128<long> eight) =>
        Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(eight.AsInt16()));

    private static ulong Portable(short* points, ulong place, ulong step, float* output, int frames)
    {
        for (int i = 0; i < frames; i++)
        {
            output[i] = At(points + Oscillator.WholeOf(place), Oscillator.FractionOf(place));
            place += step;
        }

        return place;
    }
}
