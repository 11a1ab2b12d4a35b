using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

public sealed unsafe class GemmTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(8, 48, 7)]
    [InlineData(9, 49, 513)]
    [InlineData(130, 88, 600)]
    [InlineData(41, 80, 603)]
    [InlineData(33, 200, 1025)]
    public void AProductIsThatOfTheThreeLoops(int rows, int columns, int depth)
    {
        foreach (int threads in (int[])[1, 2])
        {
            foreach (bool transposedA in (bool[])[false, true])
            {
                foreach (bool transposedB in (bool[])[false, true])
                {
                    foreach (bool accumulate in (bool[])[false, true])
                    {
                        Check(rows, columns, depth, threads, transposedA, transposedB, accumulate);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(13)]
    [InlineData(21)]
    [InlineData(32)]
    public void WithColumnsPackedBeforeItIsTheSameForAnyShareOfRows(int rows)
    {
        const int Columns = 72, Depth = 1030;
        using NativeFloats a = Random(rows * Depth, 1), b = Random(Depth * Columns, 2), c = new(rows * Columns), packed = new(Gemm.PackedLength(Depth, Columns));
        using var team = new ThreadTeam(1);
        using var gemm = new Gemm(team);
        gemm.Pack(MatrixView.RowMajor(b.Pointer, Columns), Depth, Columns, packed.Pointer);
        gemm.MultiplyPacked(0, rows, Columns, Depth, MatrixView.RowMajor(a.Pointer, Depth), packed.Pointer, c.Pointer, Columns, false);
        for (int i = 0; i < rows * Columns; i++)
        {
            double expected = 0;
            for (int k = 0; k < Depth; k++)
            {
                expected += (double)a.Span[(i / Columns * Depth) + k] * b.Span[(k * Columns) + (i % Columns)];
            }

            Assert.Equal(expected, c.Span[i], 1e-3);
        }
    }

    private static void Check(int rows, int columns, int depth, int threads, bool transposedA, bool transposedB, bool accumulate)
    {
        using NativeFloats a = Random(rows * depth, 1), b = Random(depth * columns, 2), c = Random(rows * columns, 3);
        float[] before = c.Span.ToArray();
        MatrixView viewA = transposedA ? MatrixView.RowMajor(a.Pointer, rows).Transposed : MatrixView.RowMajor(a.Pointer, depth);
        MatrixView viewB = transposedB ? MatrixView.RowMajor(b.Pointer, depth).Transposed : MatrixView.RowMajor(b.Pointer, columns);
        using var team = new ThreadTeam(threads);
        using var gemm = new Gemm(team);
        gemm.Multiply(rows, columns, depth, viewA, viewB, c.Pointer, columns, accumulate);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double expected = accumulate ? before[(i * columns) + j] : 0;
                for (int k = 0; k < depth; k++)
                {
                    expected += (double)viewA.Pointer[(i * viewA.RowStride) + (k * viewA.ColumnStride)] * viewB.Pointer[(k * viewB.RowStride) + (j * viewB.ColumnStride)];
                }

                Assert.Equal(expected, c.Span[(i * columns) + j], 1e-3);
            }
        }
    }

    private static NativeFloats Random(int length, int seed)
    {
        var random = new Random(seed);
        var floats = new NativeFloats(length);
        foreach (ref float value in floats.Span)
        {
            value = ((float)random.NextDouble() * 2) - 1;
        }

        return floats;
    }
}
