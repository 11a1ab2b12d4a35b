using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MusicRnn.Synthesis;

/// <summary>The value between a sample's points.</summary>
internal static class Kernel
{
    private const int SincRows = 512;

    // Catmull-Rom: the weights of four points are cubics in x, here by falling power.
    private static readonly Vector128<float> CubicA = Vector128.Create(-0.5f, 1.5f, -1.5f, 0.5f);
    private static readonly Vector128<float> CubicB = Vector128.Create(1f, -2.5f, 2f, -0.5f);
    private static readonly Vector128<float> CubicC = Vector128.Create(-0.5f, 0f, 0.5f, 0f);
    private static readonly Vector128<float> CubicD = Vector128.Create(0f, 1f, 0f, 0f);

    private static readonly float[] SincWeights = MakeSincWeights(); // [SincRows + 1, 8]; the last column is 0

    /// <summary>Between a and b at x, 0-1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Linear(float a, float b, float x) => a + (x * (b - a));

    /// <summary>Between the second and the third of four points at x, 0-1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Cubic(Vector128<float> points, float x)
    {
        Vector128<float> at = Vector128.Create(x);
        Vector128<float> weights = Vector128.FusedMultiplyAdd(CubicA, at, CubicB);
        weights = Vector128.FusedMultiplyAdd(weights, at, CubicC);
        weights = Vector128.FusedMultiplyAdd(weights, at, CubicD);
        return Vector128.Sum(weights * points);
    }

    /// <summary>At x, 0-1, past the fourth of seven points: the first four and the last four of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sinc(Vector128<float> first, Vector128<float> last, float x)
    {
        int row = (int)((x * SincRows) + 0.5f) * 8;
        ref float weights = ref SincWeights[row];
        return Vector128.Sum((first * Vector128.LoadUnsafe(ref weights)) + (last * Vector128.LoadUnsafe(ref weights, 4)));
    }

    /// <summary>Seven points under a Hann-windowed sinc, whose weights at each place add to 1.</summary>
    private static float[] MakeSincWeights()
    {
        float[] weights = new float[(SincRows + 1) * 8];
        Span<double> row = stackalloc double[7];
        for (int r = 0; r <= SincRows; r++)
        {
            double sum = 0;
            for (int tap = 0; tap < 7; tap++)
            {
                double distance = tap - 3 - (r / (double)SincRows);
                double window = Math.Abs(distance) >= 4 ? 0 : 0.5 + (0.5 * Math.Cos(Math.PI * distance / 4));
                row[tap] = window * (Math.Abs(distance) < 1e-9 ? 1 : Math.Sin(Math.PI * distance) / (Math.PI * distance));
                sum += row[tap];
            }

            // The fourth point is the last of the first four and the first of the last four: it counts once.
            for (int tap = 0; tap < 4; tap++)
            {
                weights[(r * 8) + tap] = (float)(row[tap] / sum);
                weights[(r * 8) + 4 + tap] = tap == 0 ? 0 : (float)(row[tap + 3] / sum);
            }
        }

        return weights;
    }
}
