using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MusicRnn.Synthesis;

/// <summary>How a value between a sample's points is found.</summary>
internal unsafe interface IKernel<TSelf>
    where TSelf : IKernel<TSelf>
{
    /// <summary>How many points before the place it reads.</summary>
    static abstract int Before { get; }

    /// <summary>How many points after the place it reads.</summary>
    static abstract int After { get; }

    /// <summary>The value a fraction x, 0-1, past a point.</summary>
    static abstract float At<TPoint>(TPoint* point, float x)
        where TPoint : unmanaged;

    /// <summary>Renders frames whose points all lie in memory side by side. A frame's bits depend on its place alone, not on its neighbours.</summary>
    /// <returns>The place after the last frame.</returns>
    static virtual ulong Run(short* points, ulong place, ulong step, float* output, int frames) =>
        OneByOne(points, place, step, output, frames);

    /// <summary>The same of 24-bit points.</summary>
    static virtual ulong Run(float* points, ulong place, ulong step, float* output, int frames) =>
        OneByOne(points, place, step, output, frames);

    /// <summary>Four points as floats; of 16-bit ones a single load takes all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static Vector128<float> Four<TPoint>(TPoint* first)
        where TPoint : unmanaged => typeof(TPoint) == typeof(short)
        ? Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)first).AsInt16()))
        : Vector128.Load((float*)first);

    /// <summary>One point as a float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static float One<TPoint>(TPoint* point)
        where TPoint : unmanaged => typeof(TPoint) == typeof(short) ? *(short*)point : *(float*)point;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong OneByOne<TPoint>(TPoint* points, ulong place, ulong step, float* output, int frames)
        where TPoint : unmanaged
    {
        for (int i = 0; i < frames; i++)
        {
            output[i] = TSelf.At(points + Oscillator.WholeOf(place), Oscillator.FractionOf(place));
            place += step;
        }

        return place;
    }
}
