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
            Assert.Equal(1 / (1 + Math.Exp(-exact)), VectorMath.Sigmoid(vector)[5], 1e-6);
            Assert.Equal(Math.Tanh(exact), VectorMath.Tanh(vector)[15], 1e-6);
        }

        Assert.True(float.IsFinite(VectorMath.Exp(Vector512.Create(1e9f))[0]));
        Assert.Equal(0, VectorMath.Exp(Vector512.Create(float.NegativeInfinity))[0], 1e-30);
    }
}
