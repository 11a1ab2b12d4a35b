using System.Runtime.Intrinsics;
using MusicRnn.Model;

namespace MusicRnn.Tests.Model;

public sealed class VectorMathTests
{
    [Fact]
    public void ExponentialSigmoidAndTangentAreThoseOfTheLibrary()
    {
        for (double x = -86; x < 86; x += 0.0371)
        {
            var vector = Vector512.Create((float)x);
            double exact = (float)x;
            Assert.Equal(1, VectorMath.Exp(vector)[3] / Math.Exp(exact), 1e-6);
            VectorMath.Sigmoids(vector, -vector, out Vector512<float> sigmoid, out Vector512<float> ofNegative);
            Assert.Equal(1 / (1 + Math.Exp(-exact)), sigmoid[5], 1e-6);
            Assert.Equal(1 / (1 + Math.Exp(exact)), ofNegative[6], 1e-6);
            if (Math.Abs(x) < 40)
            {
                Assert.Equal(1, sigmoid[5] * (1 + Math.Exp(-exact)), 1e-6);
                Assert.Equal(1, ofNegative[6] * (1 + Math.Exp(exact)), 1e-6);
            }

            Assert.Equal(Math.Tanh(exact), VectorMath.Tanh(vector)[15], 1e-6);
        }

        Assert.True(float.IsFinite(VectorMath.Exp(Vector512.Create(1e9f))[0]));
        foreach (float limit in (float[])[-1e9f, 1e9f, float.NegativeInfinity, float.PositiveInfinity])
        {
            VectorMath.Sigmoids(Vector512.Create(limit), Vector512.Create(0.5f), out Vector512<float> sigmoid, out Vector512<float> other);
            Assert.Equal(limit > 0 ? 1 : 0, sigmoid[0], 1e-18);
            Assert.Equal(1 / (1 + Math.Exp(-0.5)), other[0], 1e-6);
            Assert.Equal(Math.Sign(limit), VectorMath.Tanh(Vector512.Create(limit))[0]);
        }

        Assert.True(float.IsNaN(VectorMath.Exp(Vector512.Create(float.NaN))[0]));
        Assert.Equal(0, VectorMath.Exp(Vector512.Create(float.NegativeInfinity))[0], 1e-30);
    }
}
