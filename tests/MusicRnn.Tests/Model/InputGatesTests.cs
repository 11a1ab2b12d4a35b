using MusicRnn.Model;

namespace MusicRnn.Tests.Model;

public sealed unsafe class InputGatesTests
{
    [Theory]
    [InlineData(1, 16, 64)]
    [InlineData(70, 48, 128)]
    public void RowsAddTheirProductsWithTheWeights(int rows, int width, int gates)
    {
        var random = new Random(3);
        using NativeFloats tables = Random(rows * width), weights = Random(gates * width), sums = Random(gates);
        tables.Span[..width].Clear(); // nothing has no scale
        ushort[] some = [0, .. Enumerable.Range(0, 9).Select(_ => (ushort)random.Next(rows))];
        double[] expected = [.. sums.Span.ToArray().Select(sum => (double)sum)];
        foreach (ushort row in some)
        {
            for (int gate = 0; gate < gates; gate++)
            {
                for (int i = 0; i < width; i++)
                {
                    expected[gate] += (double)tables.Span[(row * width) + i] * weights.Span[(gate * width) + i];
                }
            }
        }

        using var input = new InputGates(tables.Pointer, rows, width, weights.Pointer, gates);
        input.Add(some, sums.Pointer);
        for (int gate = 0; gate < gates; gate++)
        {
            Assert.Equal(expected[gate], sums.Span[gate], 1e-3);
        }

        NativeFloats Random(int length)
        {
            var floats = new NativeFloats(length);
            foreach (ref float value in floats.Span)
            {
                value = (float)random.NextDouble() - 0.5f;
            }

            return floats;
        }
    }
}
