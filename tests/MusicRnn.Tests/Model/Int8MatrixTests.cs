using MusicRnn.Model;

namespace MusicRnn.Tests.Model;

public sealed unsafe class Int8MatrixTests
{
    [Theory]
    [InlineData(16, 16)]
    [InlineData(27, 48)]
    [InlineData(128, 512)]
    [InlineData(300, 80)]
    public void AProductIsThatOfTheFloatsToWithinItsBits(int rows, int columns)
    {
        var random = new Random(rows);
        using NativeFloats weights = Random(rows * columns, random), x = Random(columns, random), y = new(rows + 16);
        y.Span.Fill(1);
        short* quantized = stackalloc short[columns];
        using NativeFloats memory = new(Int8Matrix.BytesFor(rows, columns) / sizeof(float));
        var matrix = new Int8Matrix(weights.Pointer, rows, columns, (byte*)memory.Pointer);
        float unit = Int8Matrix.Quantize(x.Pointer, quantized, columns);
        matrix.MultiplyAdd(quantized, unit, y.Pointer);
        for (int row = 0; row < rows; row++)
        {
            double exact = 1;
            for (int column = 0; column < columns; column++)
            {
                exact += (double)weights.Pointer[(row * columns) + column] * x.Pointer[column];
            }

            // Each product is off by at most half a step of the weight, 1/254; errors add like a random walk.
            Assert.Equal(exact, y.Pointer[row], 6 * Math.Sqrt(columns) / 254 / Math.Sqrt(3));
        }
    }

    [Fact]
    public void AVectorOfNothingGivesNothing()
    {
        using NativeFloats weights = Random(16 * 16, new Random(1)), x = new(16), y = new(16);
        short* quantized = stackalloc short[16];
        using NativeFloats memory = new(Int8Matrix.BytesFor(16, 16) / sizeof(float));
        var matrix = new Int8Matrix(weights.Pointer, 16, 16, (byte*)memory.Pointer);
        matrix.MultiplyAdd(quantized, Int8Matrix.Quantize(x.Pointer, quantized, 16), y.Pointer);
        Assert.All(y.Span.ToArray(), value => Assert.Equal(0, value));
    }

    private static NativeFloats Random(int length, Random random)
    {
        var floats = new NativeFloats(length);
        foreach (ref float value in floats.Span)
        {
            value = ((float)random.NextDouble() * 2) - 1;
        }

        return floats;
    }
}
