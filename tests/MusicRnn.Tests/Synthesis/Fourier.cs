using System.Numerics;

namespace MusicRnn.Tests.Synthesis;

/// <summary>The discrete Fourier transform of a power of two of points, in place (Cooley and Tukey 1965).</summary>
internal static class Fourier
{
    public static void Transform(Span<double> re, Span<double> im)
    {
        int n = re.Length;
        int bits = BitOperations.Log2((uint)n);
        for (int i = 0; i < n; i++)
        {
            int j = 0;
            for (int b = 0; b < bits; b++)
            {
                j |= ((i >> b) & 1) << (bits - 1 - b);
            }

            if (j > i)
            {
                (re[i], re[j]) = (re[j], re[i]);
                (im[i], im[j]) = (im[j], im[i]);
            }
        }

        for (int half = 1; half < n; half *= 2)
        {
            for (int k = 0; k < half; k++)
            {
                (double sin, double cos) = Math.SinCos(-Math.PI * k / half);
                for (int a = k; a < n; a += 2 * half)
                {
                    int b = a + half;
                    double r = (re[b] * cos) - (im[b] * sin);
                    double i = (re[b] * sin) + (im[b] * cos);
                    (re[b], im[b]) = (re[a] - r, im[a] - i);
                    (re[a], im[a]) = (re[a] + r, im[a] + i);
                }
            }
        }
    }
}
