using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MusicRnn.Model;

/// <summary>
/// A matrix of weights in four bits and its product with a vector in eight: half the memory traffic of <see cref="Int8Matrix"/>, and half the arithmetic. Every 32 weights of a
/// row share a multiplier of eight bits, and every row a scale. Sums are exact, so that every path through this file gives the same bits.
/// </summary>
internal sealed unsafe class Int4Matrix
{
    private const int PanelRows = 128;
    private const int BlockRows = 32;
    private const int GroupColumns = 32;
    private const int PairColumns = 2 * GroupColumns;
    private const int BytesOfPair = (PairColumns / 2) + 2; // of a row: weights and multipliers
    private const int Zero = 8; // stands for 0 among the sixteen values, -8 to 7
    private const int Largest = 127; // multiplier, and float of a vector

    // Panel by panel, in the order in which a product reads it: for each pair of groups the weights of one and then of the other, [columns / 4][rows of the panel][2], the low half
    // of a byte being of columns 4 k and 4 k + 1, the high half of 4 k + 2 and 4 k + 3, and the multipliers, [rows of the panel][2]; then the scales,
    // [rows of the panel]. Among the weights every 32 rows stand as LaneOf says.
    private readonly byte* _memory;
    private readonly int _rows;
    private readonly int _columns;

    /// <summary>Quantises a matrix.</summary>
    /// <param name="source">[rows, columns], row after row.</param>
    /// <param name="rows">The number of rows, a multiple of 16.</param>
    /// <param name="columns">The number of columns, a multiple of 16.</param>
    /// <param name="memory">Where it is kept: <see cref="BytesFor"/> bytes of zeros, on a 64-byte line, which the caller owns.</param>
    public Int4Matrix(float* source, int rows, int columns, byte* memory)
    {
        _rows = rows;
        _columns = columns;
        _memory = memory;
        Span<float> units = stackalloc float[PaddedColumns(columns) / GroupColumns];
        for (int panel = 0; panel < rows; panel += PanelRows)
        {
            int panelRows = Math.Min(PanelRows, Pad(rows) - panel);
            byte* kept = memory + ((long)panel * BytesOfRow(columns));
            for (int row = 0; row < Math.Min(PanelRows, rows - panel); row++)
            {
                float* line = source + ((long)(panel + row) * columns);
                float most = 0;
                for (int group = 0; group < units.Length; group++)
                {
                    units[group] = UnitOf(line + (group * GroupColumns), Math.Min(GroupColumns, columns - (group * GroupColumns)));
                    most = Math.Max(most, Math.Abs(units[group]));
                }

                float scale = most / Largest;
                ((float*)(kept + (panelRows * (BytesOfRow(columns) - sizeof(float)))))[row] = scale;
                for (int group = 0; group < units.Length; group++)
                {
                    // What is next to nothing beside the row's other groups still has a unit: its weights round to 0 with it, or nearly.
                    int multiplier = most > 0 && (int)MathF.Round(units[group] / scale) is var rounded && rounded != 0 ? rounded : 1;
                    float inverse = most > 0 ? 1 / (multiplier * scale) : 0;
                    byte* pair = kept + ((long)(group / 2) * panelRows * BytesOfPair);
                    byte* weights = pair + (group % 2 * panelRows * GroupColumns / 2) + (((row / BlockRows * BlockRows) + LaneOf(row % BlockRows)) * 2);
                    for (int i = 0; i < GroupColumns; i++)
                    {
                        int column = (group * GroupColumns) + i;
                        int value = column < columns ? Math.Clamp((int)MathF.Round(line[column] * inverse), -Zero, Zero - 1) + Zero : Zero;
                        weights[(i / 4 * panelRows * 2) + (i % 2)] |= (byte)(value << (i % 4 / 2 * 4));
                    }

                    ((sbyte*)pair)[((PairColumns / 2) * panelRows) + (row * 2) + (group % 2)] = (sbyte)multiplier;
                }
            }
        }
    }

    /// <summary>The bytes that such a matrix takes, whole lines.</summary>
    public static long BytesFor(int rows, int columns) => (((long)Pad(rows) * BytesOfRow(columns)) + 63) & ~63L;

    /// <summary>The columns, rounded up to whole pairs of groups: what <see cref="Quantize"/> writes.</summary>
    public static int PaddedColumns(int columns) => (columns + PairColumns - 1) / PairColumns * PairColumns;

    /// <summary>Eight bits for a vector of floats. [improviser-thread] allocates nothing.</summary>
    /// <param name="vector">[<paramref name="length"/>].</param>
    /// <param name="target">Room for <see cref="PaddedColumns"/>.</param>
    /// <param name="length">A multiple of 16.</param>
    /// <returns>What one unit stands for.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Quantize(float* vector, sbyte* target, int length)
    {
        new Span<sbyte>(target, PaddedColumns(length)).Clear();
        float largest = Rows.Largest(vector, length);
        if (largest == 0)
        {
            return 0;
        }

        Vector512<float> scale = Vector512.Create(Largest / largest);
        for (int i = 0; i < length; i += 16)
        {
            Vector512<int> rounded = Vector512.ConvertToInt32(Vector512.Round(Vector512.Load(vector + i) * scale));
            Vector256<short> narrow = Vector256.Narrow(rounded.GetLower(), rounded.GetUpper());
            Vector128.Narrow(narrow.GetLower(), narrow.GetUpper()).Store(target + i);
        }

        return largest / Largest;
    }

    /// <summary>y[rows] += W[rows, columns] x[columns]. [improviser-thread] allocates nothing.</summary>
    /// <param name="x">The vector, from <see cref="Quantize"/>.</param>
    /// <param name="unit">What one unit of it stands for.</param>
    /// <param name="y">The sums.</param>
    public void MultiplyAdd(sbyte* x, float unit, float* y)
    {
        int groups = PaddedColumns(_columns) / GroupColumns;
        short* zeros = stackalloc short[groups]; // what a group's sum begins with, for its weights are all too large by 8
        for (int group = 0; group < groups; group++)
        {
            int sum = 0;
            for (int i = 0; i < GroupColumns; i++)
            {
                sum += x[(group * GroupColumns) + i];
            }

            zeros[group] = (short)(-Zero * sum);
        }

        int* sums = stackalloc int[PanelRows];
        for (int row = 0; row < _rows; row += PanelRows)
        {
            int rows = Math.Min(PanelRows, Pad(_rows) - row);
            byte* kept = _memory + ((long)row * BytesOfRow(_columns));
            if (Avx512BW.IsSupported && rows == PanelRows)
            {
                Sum512(kept, x, zeros, groups, sums);
            }
            else
            {
                for (int block = 0; block < rows; block += BlockRows)
                {
                    if (Avx2.IsSupported)
                    {
                        Sum256(kept, block, rows, x, zeros, groups, sums + block);
                    }
                    else
                    {
                        SumPortable(kept, block, rows, x, zeros, groups, sums + block);
                    }
                }
            }

            Rows.AddScaled(y + row, sums, (float*)(kept + (rows * (BytesOfRow(_columns) - sizeof(float)))), unit, Math.Min(rows, _rows - row));
        }
    }

    private static int Pad(int rows) => (rows + BlockRows - 1) / BlockRows * BlockRows;

    private static int BytesOfRow(int columns) => (PaddedColumns(columns) / PairColumns * BytesOfPair) + sizeof(float);

    /// <summary>Where a row stands among 32, so that interleaving (vpunpcklwd, vpunpckhwd), which does so within every 128 bits, leaves them in order.</summary>
    private static int LaneOf(int row) => (row % 16 / 4 * 8) + (row / 16 * 4) + (row % 4);

    /// <summary>The unit that loses least of some weights. The largest of them is about -8 of it: there are more values below 0 than above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float UnitOf(float* weights, int count)
    {
        float largest = 0;
        for (int i = 0; i < count; i++)
        {
            largest = Math.Abs(weights[i]) > Math.Abs(largest) ? weights[i] : largest;
        }

        float best = 0, least = float.PositiveInfinity;
        for (int fortieths = 48; fortieths >= 24 && largest != 0; fortieths--)
        {
            // A smaller unit cuts off the largest weight, and is finer for all others; a larger one may fall upon more of them.
            float unit = -largest * fortieths / (40 * Zero);
            Vector512<float> units = Vector512.Create(unit), inverse = Vector512.Create(1 / unit), lost = default;
            for (int i = 0; i < count; i += 16)
            {
                Vector512<float> weight = Vector512.Load(weights + i);
                Vector512<float> rounded = Vector512.Max(Vector512.Min(Vector512.Round(weight * inverse), Vector512.Create(Zero - 1f)), Vector512.Create(-(float)Zero));
                Vector512<float> error = (rounded * units) - weight;
                lost += error * error;
            }

            if (Vector512.Sum(lost) is var sum && sum < least)
            {
                (best, least) = (unit, sum);
            }
        }

        return best;
    }

    // A product of two is at most 15 * 127 * 2, so that nothing saturates. A sum may wrap on its way: it ends within 8 * 127 * 32 of 0, and 16 bits hold that.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum512(byte* kept, sbyte* x, short* zeros, int groups, int* sums)
    {
        Vector512<int> t0 = default, t1 = default, t2 = default, t3 = default, t4 = default, t5 = default, t6 = default, t7 = default;
        Vector512<byte> half = Vector512.Create((byte)15);
        for (int group = 0; group < groups; group += 2)
        {
            Vector512<short> a0 = Vector512.Create(zeros[group]), a1 = a0, a2 = a0, a3 = a0;
            for (int i = 0; i < GroupColumns; i += 4, x += 4, kept += PanelRows * 2)
            {
                Vector512<sbyte> low = Vector512.Create(*(short*)x).AsSByte(), high = Vector512.Create(*(short*)(x + 2)).AsSByte();
                Rows.FetchAhead(kept);
                a0 += Product(kept, half, low, high);
                a1 += Product(kept + 64, half, low, high);
                a2 += Product(kept + 128, half, low, high);
                a3 += Product(kept + 192, half, low, high);
            }

            Vector512<short> b0 = Vector512.Create(zeros[group + 1]), b1 = b0, b2 = b0, b3 = b0;
            for (int i = 0; i < GroupColumns; i += 4, x += 4, kept += PanelRows * 2)
            {
                Vector512<sbyte> low = Vector512.Create(*(short*)x).AsSByte(), high = Vector512.Create(*(short*)(x + 2)).AsSByte();
                Rows.FetchAhead(kept);
                b0 += Product(kept, half, low, high);
                b1 += Product(kept + 64, half, low, high);
                b2 += Product(kept + 128, half, low, high);
                b3 += Product(kept + 192, half, low, high);
            }

            Rows.FetchAhead(kept);
            t0 += Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackLow(a0, b0), Multipliers(kept));
            t1 += Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackHigh(a0, b0), Multipliers(kept + 32));
            t2 += Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackLow(a1, b1), Multipliers(kept + 64));
            t3 += Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackHigh(a1, b1), Multipliers(kept + 96));
            t4 += Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackLow(a2, b2), Multipliers(kept + 128));
            t5 += Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackHigh(a2, b2), Multipliers(kept + 160));
            t6 += Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackLow(a3, b3), Multipliers(kept + 192));
            t7 += Avx512BW.MultiplyAddAdjacent(Avx512BW.UnpackHigh(a3, b3), Multipliers(kept + 224));
            kept += PanelRows * 2;
        }

        t0.Store(sums);
        t1.Store(sums + 16);
        t2.Store(sums + 32);
        t3.Store(sums + 48);
        t4.Store(sums + 64);
        t5.Store(sums + 80);
        t6.Store(sums + 96);
        t7.Store(sums + 112);
    }

    /// <summary>Of 32 rows, what four columns add.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Product(byte* weights, Vector512<byte> half, Vector512<sbyte> low, Vector512<sbyte> high)
    {
        Vector512<byte> both = Vector512.Load(weights);
        return Avx512BW.MultiplyAddAdjacent(both & half, low) + Avx512BW.MultiplyAddAdjacent((both.AsUInt16() >>> 4).AsByte() & half, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Multipliers(byte* kept) => Avx512BW.ConvertToVector512Int16(Vector256.Load((sbyte*)kept));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum256(byte* kept, int block, int panelRows, sbyte* x, short* zeros, int groups, int* sums)
    {
        Vector256<int> t0 = default, t1 = default, t2 = default, t3 = default;
        for (int group = 0; group < groups; group += 2, x += PairColumns)
        {
            (Vector256<short> a0, Vector256<short> a1) = Sum256(kept + (block * 2), panelRows * 2, x, zeros[group]);
            kept += panelRows * GroupColumns / 2;
            (Vector256<short> b0, Vector256<short> b1) = Sum256(kept + (block * 2), panelRows * 2, x + GroupColumns, zeros[group + 1]);
            kept += panelRows * GroupColumns / 2;
            sbyte* multipliers = (sbyte*)kept + (block * 2);
            t0 += Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(a0, b0), Avx2.ConvertToVector256Int16(multipliers));
            t1 += Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(a1, b1), Avx2.ConvertToVector256Int16(multipliers + 16));
            t2 += Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(a0, b0), Avx2.ConvertToVector256Int16(multipliers + 32));
            t3 += Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(a1, b1), Avx2.ConvertToVector256Int16(multipliers + 48));
            kept += panelRows * 2;
        }

        t0.Store(sums);
        t1.Store(sums + 8);
        t2.Store(sums + 16);
        t3.Store(sums + 24);
    }

    /// <summary>Of 32 rows, what a group's columns add.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<short> First, Vector256<short> Second) Sum256(byte* weights, int stride, sbyte* x, short zero)
    {
        Vector256<short> s0 = Vector256.Create(zero), s1 = s0, s2 = default, s3 = default;
        Vector256<byte> half = Vector256.Create((byte)15);
        for (int i = 0; i < GroupColumns; i += 4, weights += stride)
        {
            Vector256<sbyte> low = Vector256.Create(*(short*)(x + i)).AsSByte(), high = Vector256.Create(*(short*)(x + i + 2)).AsSByte();
            Vector256<byte> first = Vector256.Load(weights), second = Vector256.Load(weights + 32);
            s0 += Avx2.MultiplyAddAdjacent(first & half, low);
            s1 += Avx2.MultiplyAddAdjacent(second & half, low);
            s2 += Avx2.MultiplyAddAdjacent((first.AsUInt16() >>> 4).AsByte() & half, high);
            s3 += Avx2.MultiplyAddAdjacent((second.AsUInt16() >>> 4).AsByte() & half, high);
        }

        return (s0 + s2, s1 + s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumPortable(byte* kept, int block, int panelRows, sbyte* x, short* zeros, int groups, int* sums)
    {
        new Span<int>(sums, BlockRows).Clear();
        for (int group = 0; group < groups; group += 2, x += PairColumns)
        {
            byte* first = kept + (block * 2), second = first + (panelRows * GroupColumns / 2);
            kept += panelRows * GroupColumns;
            for (int lane = 0; lane < 4; lane++)
            {
                Vector128<short> a = SumPortable(first + (lane * 16), panelRows * 2, x, zeros[group]);
                Vector128<short> b = SumPortable(second + (lane * 16), panelRows * 2, x + GroupColumns, zeros[group + 1]);
                AddPortable(sums + (lane * 4), Vector128.WidenLower(a), Vector128.WidenLower(b), (sbyte*)kept + ((block + (lane * 4)) * 2));
                AddPortable(sums + (lane * 4) + 16, Vector128.WidenUpper(a), Vector128.WidenUpper(b), (sbyte*)kept + ((block + (lane * 4) + 16) * 2));
            }

            kept += panelRows * 2;
        }
    }

    /// <summary>Of eight rows, what a group's columns add: sixteen bits hold four weights of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> SumPortable(byte* weights, int stride, sbyte* x, short zero)
    {
        Vector128<short> sum = Vector128.Create(zero), half = Vector128.Create((short)15);
        for (int i = 0; i < GroupColumns; i += 4, x += 4, weights += stride)
        {
            Vector128<short> four = Vector128.Load((short*)weights);
            sum += ((four & half) * Vector128.Create((short)x[0])) + (((four >>> 8) & half) * Vector128.Create((short)x[1]))
                + (((four >>> 4) & half) * Vector128.Create((short)x[2])) + ((four >>> 12) * Vector128.Create((short)x[3]));
        }

        return sum;
    }

    /// <summary>Adds two groups' sums of four rows, each times its multiplier.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPortable(int* sums, Vector128<int> first, Vector128<int> second, sbyte* multipliers)
    {
        Vector128<int> pairs = Vector128.WidenLower(Vector128.CreateScalar(*(long*)multipliers).AsSByte()).AsInt32();
        (Vector128.Load(sums) + (first * ((pairs << 16) >> 16)) + (second * (pairs >> 16))).Store(sums);
    }
}
