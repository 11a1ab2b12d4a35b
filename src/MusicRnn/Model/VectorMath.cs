using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MusicRnn.Model;

/// <summary>
/// The functions of an LSTM cell, sixteen floats at a time. The exponential is Cephes' polynomial (Moshier, expf) after
/// reduction by powers of two: within 2 ulp over [-87, 87], and clamped outside.
/// </summary>
internal static class VectorMath
{
    // Beyond it a sigmoid differs from 0 or 1 by less than 3e-19; the product of two denominators stays a float.
    private const float SigmoidLimit = 43f;

    /// <summary>e to the x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x) => Exp(x, 87f);

    /// <summary>1 / (1 + e to the -x), of two vectors with one division, which takes as long as a dozen multiplications.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sigmoids(Vector512<float> x, Vector512<float> y, out Vector512<float> ofX, out Vector512<float> ofY)
    {
        Vector512<float> a = Denominator(x), b = Denominator(y), inverse = Vector512<float>.One / (a * b);
        ofX = inverse * b;
        ofY = inverse * a;
    }

    /// <summary>The hyperbolic tangent, as 2 sigmoid(2x) - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x) => TanhOfSigmoid(Vector512<float>.One / Denominator(x + x));

    /// <summary>tanh(x), from sigmoid(2x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> TanhOfSigmoid(Vector512<float> sigmoid) =>
        Vector512.MultiplyAddEstimate(Vector512.Create(2f), sigmoid, Vector512.Create(-1f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Denominator(Vector512<float> x) => Vector512<float>.One + Exp(-x, SigmoidLimit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Exp(Vector512<float> x, float limit)
    {
        // The value comes second, so that what is not a number stays so.
        x = Vector512.MinNative(Vector512.Create(limit), Vector512.MaxNative(Vector512.Create(-limit), x));

        // Added to a number whose last bit is worth 1, the power of two is rounded, and stands in the last bits.
        Vector512<float> whole = Vector512.Create(12582912f);
        Vector512<float> power = Vector512.MultiplyAddEstimate(x, Vector512.Create(1.44269504f), whole);
        Vector512<float> n = power - whole;
        Vector512<float> r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-0.693359375f), x);
        r = Vector512.MultiplyAddEstimate(n, Vector512.Create(2.12194440e-4f), r);
        Vector512<float> p = Vector512.Create(1.9875691500e-4f);
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(1.3981999507e-3f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(8.3334519073e-3f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(4.1665795894e-2f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(1.6666665459e-1f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(5.0000001201e-1f));
        Vector512<float> y = Vector512.MultiplyAddEstimate(p, r * r, r) + Vector512<float>.One;
        return (y.AsInt32() + (power.AsInt32() << 23)).AsSingle();
    }
}
