using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MusicRnn.Training;

/// <summary>The sum of a matrix's rows: the gradient of a bias. The order of summation does not depend on the threads.</summary>
internal static unsafe class ColumnSum
{
    private const int ColumnsAtOnce = 64;

    /// <summary>target[columns] = the sum over the rows of source[rows, stride].</summary>
    public static void Compute(ThreadTeam team, float* source, long stride, int rows, int columns, float* target) =>
        team.Run((columns + ColumnsAtOnce - 1) / ColumnsAtOnce, (piece, _) =>
            Sum(source, stride, rows, piece * ColumnsAtOnce, Math.Min(columns, (piece + 1) * ColumnsAtOnce), target));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(float* source, long stride, int rows, int first, int end, float* target)
    {
        int column = first;
        for (; column + 64 <= end; column += 64)
        {
            // Rows lie far apart, so each is visited once, for as many columns as there are.
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
            float* value = source + column;
            for (int row = 0; row < rows; row++, value += stride)
            {
                s0 += Vector512.Load(value);
                s1 += Vector512.Load(value + 16);
                s2 += Vector512.Load(value + 32);
                s3 += Vector512.Load(value + 48);
            }

            s0.Store(target + column);
            s1.Store(target + column + 16);
            s2.Store(target + column + 32);
            s3.Store(target + column + 48);
        }

        for (; column + 16 <= end; column += 16)
        {
            Vector512<float> sum = default;
            float* value = source + column;
            for (int row = 0; row < rows; row++, value += stride)
            {
                sum += Vector512.Load(value);
            }

            sum.Store(target + column);
        }

        for (; column < end; column++)
        {
            float sum = 0;
            for (int row = 0; row < rows; row++)
            {
                sum += source[(row * stride) + column];
            }

            target[column] = sum;
        }
    }
}
