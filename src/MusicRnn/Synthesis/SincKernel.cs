using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MusicRnn.Synthesis;

/// <summary>A sinc over seven points under a Hann window.</summary>
internal readonly unsafe struct SincKernel : IKernel<SincKernel>
{
    private const int Taps = 7;
    private const int Rows = 512; // places between two points

    private static readonly float* Weights = MakeWeights(); // [Rows + 1, 8]: four taps, then the last four with the shared one 0

    public static int Before => 3;

    public static int After => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float At<TPoint>(TPoint* point, float x)
        where TPoint : unmanaged
    {
        float* row = Weights + ((int)((x * Rows) + 0.5f) * 8);
        return Vector128.Sum((IKernel<SincKernel>.Four(point - 3) * Vector128.Load(row)) + (IKernel<SincKernel>.Four(point) * Vector128.Load(row + 4)));
    }

    /// <summary>The weights of each place, which add to 1. They stay for as long as the process.</summary>
    private static float* MakeWeights()
    {
        float* weights = (float*)NativeMemory.AlignedAlloc((Rows + 1) * 8 * sizeof(float), 64);
        Span<double> taps = stackalloc double[Taps];
        for (int r = 0; r <= Rows; r++)
        {
            double sum = 0;
            for (int tap = 0; tap < Taps; tap++)
            {
                double distance = tap - 3 - (r / (double)Rows);
                double window = 0.5 + (0.5 * Math.Cos(Math.PI * distance / 4));
                taps[tap] = window * (Math.Abs(distance) < 1e-9 ? 1 : Math.Sin(Math.PI * distance) / (Math.PI * distance));
                sum += taps[tap];
            }

            for (int tap = 0; tap < 4; tap++)
            {
                weights[(r * 8) + tap] = (float)(taps[tap] / sum);
                weights[(r * 8) + 4 + tap] = tap == 0 ? 0 : (float)(taps[tap + 3] / sum);
            }
        }

        return weights;
    }
}
