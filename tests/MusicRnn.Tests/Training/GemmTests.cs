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
    [InlineData(15, 40, 1024)]
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
    [InlineData(3, 40, 520, 2)]
    [InlineData(13, 72, 1030, 1)]
    [InlineData(21, 16, 1030, 4)]
    [InlineData(32, 40, 2048, 3)]
    [InlineData(64, 64, 1040, 2)]
    public void WithColumnsPackedBeforeItIsTheSame(int rows, int columns, int depth, int groups)
    {
        const int Apart = 100;
        int wide = Apart * groups;
        using NativeFloats a = Random(rows * depth, 1), b = Random(depth * wide, 2), c = Random(rows * wide, 3);
        using NativeFloats packedColumns = new(groups * Gemm.PackedLength(depth, columns));
        float[] before = c.Span.ToArray();
        using var team = new ThreadTeam(1);
        using var gemm = new Gemm(team);
        for (int group = 0; group < groups; group++)
        {
            Gemm.PackColumns(MatrixView.RowMajor(b.Pointer, wide).From(0, group * Apart), depth, columns, packedColumns.Pointer + (group * Gemm.PackedLength(depth, columns)));
        }

        for (int time = 0; time < 2; time++) // there, and back again
        {
            before.CopyTo(c.Span);
            gemm.MultiplyPanels(0, gemm.Take(0, MatrixView.RowMajor(a.Pointer, depth), rows, depth), columns, depth, packedColumns.Pointer, c.Pointer, wide, true, groups, Apart);
            for (int i = 0; i < rows * wide; i++)
            {
                double expected = before[i];
                for (int k = 0; k < depth && i % Apart < columns; k++)
                {
                    expected += (double)a.Span[(i / wide * depth) + k] * b.Span[(k * wide) + (i % wide)];
                }

                Assert.Equal(expected, c.Span[i], 1e-3);
            }
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
