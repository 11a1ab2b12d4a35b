using MusicRnn.Model;

namespace MusicRnn.Tests.Model;

public sealed unsafe class Int4MatrixTests
{
    [Theory]
    [InlineData(16, 16)]
    [InlineData(64, 48)]
    [InlineData(128, 512)]
    [InlineData(320, 80)]
    public void AProductIsThatOfTheFloatsToWithinItsBits(int rows, int columns)
    {
        var random = new Random(rows);
        using NativeFloats weights = Random(rows * columns, random), x = Random(columns, random);
        float[] y = Multiply(weights, rows, columns, x);
        for (int row = 0; row < rows; row++)
        {
            double exact = 1;
            for (int column = 0; column < columns; column++)
            {
                exact += (double)weights.Pointer[(row * columns) + column] * x.Pointer[column];
            }

            // Each product is off by at most half a step of the weight, 1/16; errors add like a random walk.
            Assert.Equal(exact, y[row], 6 * Math.Sqrt(columns) / 16 / 3);
        }
    }

    [Theory]
    [InlineData(32, 16, false)]
    [InlineData(176, 176, false)]
    [InlineData(256, 512, false)]
    [InlineData(256, 512, true)]
    [InlineData(144, 4096, true)]
    public void WeightsThatFourBitsHoldLoseNothing(int rows, int columns, bool extreme)
    {
        var random = new Random(columns);
        using NativeFloats weights = new(rows * columns), x = new(columns);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                // Of every 32 weights the first is -8, and with it the others are whole; of a row's 32s the first have the largest multiplier.
                int multiplier = extreme || column < 32 ? 127 : ((row + (column / 32 * 7)) % 127) + 1;
                int value = column % 32 == 0 || (extreme && row % 2 == 0) ? -8 : extreme ? 7 : random.Next(-8, 8);
                weights.Pointer[(row * columns) + column] = value * multiplier;
            }
        }

        for (int column = 0; column < columns; column++)
        {
            x.Pointer[column] = column == 0 || extreme ? 127 : random.Next(-127, 128);
        }

        float[] y = Multiply(weights, rows, columns, x);
        for (int row = 0; row < rows; row++)
        {
            long exact = 1;
            for (int column = 0; column < columns; column++)
            {
                exact += (long)weights.Pointer[(row * columns) + column] * (long)x.Pointer[column];
            }

            Assert.Equal(exact, y[row], Math.Abs(exact) * 1e-6);
        }
    }

    [Fact]
    public void AVectorOrAMatrixOfNothingGivesNothing()
    {
        using NativeFloats weights = Random(32 * 16, new Random(1)), nothing = new(32 * 16);
        Assert.All(Multiply(weights, 32, 16, nothing), value => Assert.Equal(1, value));
        Assert.All(Multiply(nothing, 32, 16, weights), value => Assert.Equal(1, value));
    }

    [Fact]
    public void ATinyWeightBesideALargeOneStaysTiny()
    {
        using NativeFloats weights = new(32 * 64), x = new(64);
        for (int row = 0; row < 32; row++)
        {
            weights.Pointer[row * 64] = 100; // of the first 32
            weights.Pointer[(row * 64) + 32] = 1e-20f; // of the others
        }

        x.Pointer[32] = 1;
        Assert.All(Multiply(weights, 32, 64, x), value => Assert.Equal(1, value, 0.11)); // half of the row's scale, 100 / 8 / 127
    }

    /// <summary>1 and the product.</summary>
    private static float[] Multiply(NativeFloats weights, int rows, int columns, NativeFloats x)
    {
        using NativeFloats memory = new(Int4Matrix.BytesFor(rows, columns) / sizeof(float)), y = new(rows);
        y.Span.Fill(1);
        sbyte* quantized = stackalloc sbyte[Int4Matrix.PaddedColumns(columns)];
        var matrix = new Int4Matrix(weights.Pointer, rows, columns, (byte*)memory.Pointer);
        matrix.MultiplyAdd(quantized, Int4Matrix.Quantize(x.Pointer, quantized, columns), y.Pointer);
        return y.Span.ToArray();
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
