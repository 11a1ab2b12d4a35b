using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MusicRnn.Model;

/// <summary>
/// A matrix of weights in eight bits, a scale to each row, and its product with a vector in sixteen: a quarter of the
/// memory traffic of floats, which is what a step costs when the weights have gone cold between two notes. Sums are
/// exact in 32 bits, so that every path through this file gives the same bits.
/// </summary>
internal sealed unsafe class Int8Matrix
{
    // Rows whose sums are kept in registers at once: eight of sixteen lanes.
    private const int PanelRows = 128;
    private const int LaneRows = 16;

    // Panel by panel, in the order in which a product reads it: the weights, [columns / 2][rows of the panel][2], then the scales, [rows of the panel].
    private readonly byte* _memory;
    private readonly int _paddedRows;
    private readonly int _columns;

    /// <summary>Quantises a matrix.</summary>
    /// <param name="source">[rows, columns], row after row.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns, a multiple of 16.</param>
    /// <param name="memory">Where it is kept: <see cref="BytesFor"/> bytes of zeros, on a 64-byte line, which the caller owns.</param>
    public Int8Matrix(float* source, int rows, int columns, byte* memory)
    {
        _columns = columns;
        _paddedRows = Pad(rows);
        _memory = memory;
        for (int row = 0; row < rows; row++)
        {
            float* line = source + ((long)row * columns);
            float largest = Rows.Largest(line, columns);
            int panel = row / PanelRows * PanelRows, panelRows = Math.Min(PanelRows, _paddedRows - panel);
            byte* kept = memory + ((long)panel * BytesOfRow(columns));
            ((float*)(kept + ((long)panelRows * columns)))[row - panel] = largest / 127f;
            float inverse = largest > 0 ? 127f / largest : 0;
            sbyte* target = (sbyte*)kept + ((row - panel) * 2);
            for (int column = 0; column < columns; column++)
            {
                target[(column / 2 * panelRows * 2) + (column % 2)] = (sbyte)MathF.Round(line[column] * inverse);
            }
        }
    }

    /// <summary>The bytes that such a matrix takes, whole lines.</summary>
    public static long BytesFor(int rows, int columns) => (((long)Pad(rows) * BytesOfRow(columns)) + 63) & ~63L;

    /// <summary>Sixteen bits for a vector of floats, as finely as the sums' 32 bits allow. [improviser-thread] allocates nothing.</summary>
    /// <returns>What one unit stands for.</returns>
    public static float Quantize(float* vector, short* target, int length) => Rows.Quantize(vector, target, length, Math.Min(8191, int.MaxValue / (127 * length)));

    /// <summary>y[rows] += W[rows, columns] x[columns]. [improviser-thread] allocates nothing.</summary>
    /// <param name="x">The vector, from <see cref="Quantize"/>.</param>
    /// <param name="unit">What one unit of it stands for.</param>
    /// <param name="y">The sums; room for whole sixteens.</param>
    public void MultiplyAdd(short* x, float unit, float* y)
    {
        int* sums = stackalloc int[PanelRows];
        for (int row = 0; row < _paddedRows; row += PanelRows)
        {
            int rows = Math.Min(PanelRows, _paddedRows - row);
            byte* kept = _memory + ((long)row * BytesOfRow(_columns));
            sbyte* weights = (sbyte*)kept;
            int pairs = _columns / 2;
            if (Avx512BW.IsSupported && rows == PanelRows)
            {
                Sum512(weights, x, pairs, sums);
            }
            else
            {
                for (int lane = 0; lane < rows; lane += LaneRows)
                {
                    if (Avx2.IsSupported)
                    {
                        Sum256(weights + (lane * 2), rows * 2, x, pairs, sums + lane);
                    }
                    else
                    {
                        SumPortable(weights + (lane * 2), rows * 2, x, pairs, sums + lane);
                    }
                }
            }

            Rows.AddScaled(y + row, sums, (float*)(kept + ((long)rows * _columns)), unit, rows);
        }
    }

    private static int Pad(int rows) => (rows + LaneRows - 1) / LaneRows * LaneRows;

    private static int BytesOfRow(int columns) => columns + sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum512(sbyte* weights, short* x, int pairs, int* sums)
    {
        Vector512<int> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        int* pair = (int*)x;
        for (int k = 0; k < pairs; k++, weights += PanelRows * 2)
        {
            Vector512<short> both = Vector512.Create(*pair++).AsInt16();
            Rows.FetchAhead((byte*)weights);
            s0 += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(weights)), both);
            s1 += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(weights + 32)), both);
            s2 += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(weights + 64)), both);
            s3 += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(weights + 96)), both);
            s4 += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(weights + 128)), both);
            s5 += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(weights + 160)), both);
            s6 += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(weights + 192)), both);
            s7 += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(weights + 224)), both);
        }

        s0.Store(sums);
        s1.Store(sums + 16);
        s2.Store(sums + 32);
        s3.Store(sums + 48);
        s4.Store(sums + 64);
        s5.Store(sums + 80);
        s6.Store(sums + 96);
        s7.Store(sums + 112);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum256(sbyte* weights, int stride, short* x, int pairs, int* sums)
    {
        // Even and odd pairs apart: four sums to hide the latency.
        Vector256<int> low = default, high = default, lowOdd = default, highOdd = default;
        int* pair = (int*)x;
        int k = 0;
        for (; k + 2 <= pairs; k += 2, pair += 2, weights += 2 * stride)
        {
            Vector256<short> even = Vector256.Create(pair[0]).AsInt16(), odd = Vector256.Create(pair[1]).AsInt16();
            low += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.Load(weights)), even);
            high += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.Load(weights + 16)), even);
            lowOdd += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.Load(weights + stride)), odd);
            highOdd += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.Load(weights + stride + 16)), odd);
        }

        if (k < pairs)
        {
            Vector256<short> last = Vector256.Create(pair[0]).AsInt16();
            low += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.Load(weights)), last);
            high += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.Load(weights + 16)), last);
        }

        (low + lowOdd).Store(sums);
        (high + highOdd).Store(sums + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumPortable(sbyte* weights, int stride, short* x, int pairs, int* sums)
    {
        Vector128<int> s0 = default, s1 = default, s2 = default, s3 = default;
        for (int k = 0; k < pairs; k++, x += 2, weights += stride)
        {
            Vector128<int> even = Vector128.Create((int)x[0]), odd = Vector128.Create((int)x[1]);
            (Vector128<short> first, Vector128<short> second) = Vector128.Widen(Vector128.Load(weights));
            (Vector128<short> third, Vector128<short> fourth) = Vector128.Widen(Vector128.Load(weights + 16));
            s0 += Both(first, even, odd);
            s1 += Both(second, even, odd);
            s2 += Both(third, even, odd);
            s3 += Both(fourth, even, odd);
        }

        s0.Store(sums);
        s1.Store(sums + 4);
        s2.Store(sums + 8);
        s3.Store(sums + 12);
    }

    /// <summary>The weights of four rows for two columns lie as pairs of 16 bits: the low one for the even column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Both(Vector128<short> weights, Vector128<int> even, Vector128<int> odd)
    {
        Vector128<int> pairs = weights.AsInt32();
        return (((pairs << 16) >> 16) * even) + ((pairs >> 16) * odd);
    }
}
