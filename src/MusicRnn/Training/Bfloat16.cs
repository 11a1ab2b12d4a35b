using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>Floats rounded to bfloat16 (the upper half of a float's bits; to the nearest, ties to even), in the order in which <see cref="MatrixUnit"/> reads its tiles.</summary>
internal static unsafe class Bfloat16
{
    /// <summary>Lines of a tile: rows of A, columns of B.</summary>
    public const int Lines = 16;

    private static readonly Vector512<ushort> UpperHalves = Vector512.Create(
        (ushort)1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33, 35, 37, 39, 41, 43, 45, 47, 49, 51, 53, 55, 57, 59, 61, 63);

    /// <summary>Makes a tile of some lines, with zeros for what is not there.</summary>
    /// <param name="lines">The lines: a row of the view is a line.</param>
    /// <param name="count">How many there are, at most 16.</param>
    /// <param name="depth">How long they are, at most 32.</param>
    /// <param name="across">Whether pairs of a line stand below each other, as a tile of B has them, instead of side by side.</param>
    /// <param name="tile">1024 bytes, aligned to 64.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(MatrixView lines, int count, int depth, bool across, byte* tile)
    {
        if (count == Lines && depth == MatrixUnit.Step && lines.ColumnStride == 1)
        {
            PackLines(lines.Pointer, lines.RowStride, across, tile);
        }
        else if (count == Lines && depth == MatrixUnit.Step && lines.RowStride == 1)
        {
            PackPairs(lines.Pointer, lines.ColumnStride, across, tile);
        }
        else
        {
            float* whole = stackalloc float[Lines * MatrixUnit.Step];
            new Span<float>(whole, Lines * MatrixUnit.Step).Clear();
            for (int line = 0; line < count; line++)
            {
                float* source = lines.Pointer + (line * lines.RowStride);
                for (int k = 0; k < depth; k++)
                {
                    whole[(line * MatrixUnit.Step) + k] = source[k * lines.ColumnStride];
                }
            }

            PackLines(whole, MatrixUnit.Step, across, tile);
        }
    }

    /// <summary>Each line's floats lie one after another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackLines(float* lines, long stride, bool across, byte* tile)
    {
        Vector512<uint>* vectors = stackalloc Vector512<uint>[Lines];
        Vector512<uint>* target = across ? vectors : (Vector512<uint>*)tile;
        for (int line = 0; line < Lines; line++, lines += stride)
        {
            target[line] = Avx512BW.PermuteVar32x16x2(Round(lines).AsUInt16(), UpperHalves, Round(lines + 16).AsUInt16()).AsUInt32();
        }

        if (across)
        {
            Transpose(vectors, (Vector512<uint>*)tile);
        }
    }

    /// <summary>The lines' floats lie side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackPairs(float* floats, long stride, bool across, byte* tile)
    {
        Vector512<uint>* vectors = stackalloc Vector512<uint>[Lines];
        Vector512<uint>* target = across ? (Vector512<uint>*)tile : vectors;
        for (int pair = 0; pair < MatrixUnit.Step / 2; pair++, floats += 2 * stride)
        {
            target[pair] = (Round(floats) >> 16) | (Round(floats + stride) & Vector512.Create(0xFFFF0000u));
        }

        if (!across)
        {
            Transpose(vectors, (Vector512<uint>*)tile);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Round(float* source) => Rows.RoundUpperHalf(Vector512.Load((uint*)source));

    /// <summary>Sixteen lines of sixteen become columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(Vector512<uint>* lines, Vector512<uint>* target)
    {
        for (int four = 0; four < Lines; four += 4)
        {
            Vector512<ulong> low01 = Avx512F.UnpackLow(lines[four], lines[four + 1]).AsUInt64(), high01 = Avx512F.UnpackHigh(lines[four], lines[four + 1]).AsUInt64();
            Vector512<ulong> low23 = Avx512F.UnpackLow(lines[four + 2], lines[four + 3]).AsUInt64(), high23 = Avx512F.UnpackHigh(lines[four + 2], lines[four + 3]).AsUInt64();
            lines[four] = Avx512F.UnpackLow(low01, low23).AsUInt32();
            lines[four + 1] = Avx512F.UnpackHigh(low01, low23).AsUInt32();
            lines[four + 2] = Avx512F.UnpackLow(high01, high23).AsUInt32();
            lines[four + 3] = Avx512F.UnpackHigh(high01, high23).AsUInt32();
        }

        // Now a quarter of a vector holds a column of four lines.
        for (int column = 0; column < 4; column++)
        {
            Vector512<uint> first = lines[column], second = lines[4 + column], third = lines[8 + column], fourth = lines[12 + column];
            Vector512<uint> even12 = Avx512F.Shuffle4x128(first, second, 0x88), odd12 = Avx512F.Shuffle4x128(first, second, 0xDD);
            Vector512<uint> even34 = Avx512F.Shuffle4x128(third, fourth, 0x88), odd34 = Avx512F.Shuffle4x128(third, fourth, 0xDD);
            target[column] = Avx512F.Shuffle4x128(even12, even34, 0x88);
            target[4 + column] = Avx512F.Shuffle4x128(odd12, odd34, 0x88);
            target[8 + column] = Avx512F.Shuffle4x128(even12, even34, 0xDD);
            target[12 + column] = Avx512F.Shuffle4x128(odd12, odd34, 0xDD);
        }
    }
}
