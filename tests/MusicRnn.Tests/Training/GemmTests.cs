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
    public void AProductIsThatOfTheThreeLoops(int rows, int columns, int depth) => CheckEveryWay(rows, columns, depth, Precision.Float32);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(32, 32, 32)]
    [InlineData(9, 49, 513)]
    [InlineData(130, 88, 600)]
    [InlineData(64, 96, 1024)]
    [InlineData(48, 80, 80)]
    [InlineData(33, 65, 2100)]
    public void OfBfloat16ItIsThatOfTheRoundedFactors(int rows, int columns, int depth)
    {
        Assert.SkipUnless(MatrixUnit.IsThere, "This processor has no unit for matrices of bfloat16.");
        CheckEveryWay(rows, columns, depth, Precision.Fastest);
    }

    [Fact]
    public void WhatIsNotFiniteIsNotHiddenByRounding()
    {
        Assert.SkipUnless(MatrixUnit.IsThere, "This processor has no unit for matrices of bfloat16.");
        using var team = new ThreadTeam(1);
        using Gemm gemm = Gemm.Create(team, Precision.Fastest);
        using NativeFloats a = Random(32 * 32, 1), b = Random(32 * 32, 2), c = new(32 * 32);
        foreach (float bad in (float[])[float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            a.Span[0] = bad;
            gemm.Multiply(32, 32, 32, MatrixView.RowMajor(a.Pointer, 32), MatrixView.RowMajor(b.Pointer, 32), c.Pointer, 32, false);
            for (int i = 0; i < 32 * 32; i++)
            {
                Assert.Equal(i >= 32, float.IsFinite(c.Span[i]));
            }
        }
    }

    private static void CheckEveryWay(int rows, int columns, int depth, Precision precision)
    {
        foreach (int threads in (int[])[1, 2])
        {
            foreach (bool transposedA in (bool[])[false, true])
            {
                foreach (bool transposedB in (bool[])[false, true])
                {
                    foreach (bool accumulate in (bool[])[false, true])
                    {
                        Check(rows, columns, depth, threads, transposedA, transposedB, accumulate, precision);
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
    public void WithColumnsPackedBeforeItIsTheSame(int rows, int columns, int depth, int groups) => CheckPacked(rows, columns, depth, groups, Precision.Float32);

    [Theory]
    [InlineData(3, 40, 520, 2)]
    [InlineData(33, 16, 1030, 4)]
    [InlineData(64, 64, 1024, 4)]
    public void WithColumnsOfBfloat16PackedBeforeItIsTheSame(int rows, int columns, int depth, int groups)
    {
        Assert.SkipUnless(MatrixUnit.IsThere, "This processor has no unit for matrices of bfloat16.");
        CheckPacked(rows, columns, depth, groups, Precision.Fastest);
    }

    private static void CheckPacked(int rows, int columns, int depth, int groups, Precision precision)
    {
        const int Apart = 100;
        int wide = Apart * groups;
        using NativeFloats a = Random(rows * depth, 1), b = Random(depth * wide, 2), c = Random(rows * wide, 3);
        float[] before = c.Span.ToArray();
        using var team = new ThreadTeam(1);
        using Gemm gemm = Gemm.Create(team, precision);
        using NativeFloats packedColumns = new(groups * gemm.PackedLength(depth, columns));
        for (int group = 0; group < groups; group++)
        {
            gemm.PackColumns(MatrixView.RowMajor(b.Pointer, wide).From(0, group * Apart), depth, columns, packedColumns.Pointer + (group * gemm.PackedLength(depth, columns)));
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
                    expected += Taken(a.Span[(i / wide * depth) + k], precision) * Taken(b.Span[(k * wide) + (i % wide)], precision);
                }

                Assert.Equal(expected, c.Span[i], 1e-3);
            }
        }
    }

    private static void Check(int rows, int columns, int depth, int threads, bool transposedA, bool transposedB, bool accumulate, Precision precision)
    {
        using NativeFloats a = Random(rows * depth, 1), b = Random(depth * columns, 2), c = Random(rows * columns, 3);
        float[] before = c.Span.ToArray();
        MatrixView viewA = transposedA ? MatrixView.RowMajor(a.Pointer, rows).Transposed : MatrixView.RowMajor(a.Pointer, depth);
        MatrixView viewB = transposedB ? MatrixView.RowMajor(b.Pointer, depth).Transposed : MatrixView.RowMajor(b.Pointer, columns);
        using var team = new ThreadTeam(threads);
        using Gemm gemm = Gemm.Create(team, precision);
        gemm.Multiply(rows, columns, depth, viewA, viewB, c.Pointer, columns, accumulate);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double expected = accumulate ? before[(i * columns) + j] : 0;
                for (int k = 0; k < depth; k++)
                {
                    expected += Taken(viewA.Pointer[(i * viewA.RowStride) + (k * viewA.ColumnStride)], precision)
                        * Taken(viewB.Pointer[(k * viewB.RowStride) + (j * viewB.ColumnStride)], precision);
                }

                Assert.Equal(expected, c.Span[(i * columns) + j], 1e-3);
            }
        }
    }

    /// <summary>A factor as a product takes it: of bfloat16, to eight binary digits.</summary>
    private static double Taken(double value, Precision precision)
    {
        if (precision == Precision.Float32 || value == 0)
        {
            return value;
        }

        double unit = Math.ScaleB(1, Math.ILogB(value) - 7);
        return Math.Round(value / unit, MidpointRounding.ToEven) * unit;
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
