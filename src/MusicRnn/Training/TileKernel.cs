using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MusicRnn.Training;

/// <summary>
/// The innermost loop of a matrix product: a tile of C that stays in registers while a panel of A and one of B stream
/// by. Makes no calls, for those would spill it: all that it calls is inlined.
/// </summary>
/// <typeparam name="TLanes">What the registers can do.</typeparam>
/// <typeparam name="TVector">The register.</typeparam>
internal static unsafe class TileKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    // Rows of B's panel to fetch ahead of use: the first tile of a row of tiles reads it from the third-level cache.
    private const int Ahead = 32;

    private static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(TVector) / sizeof(float);
    }

    /// <summary>C[12, 2w] (+)= A[12, depth] B[depth, 2w], for thirty-two registers. A lies in any strides, B is packed [depth, 2w].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile12(MatrixView a, float* b, float* c, long stride, int depth, bool accumulate)
    {
        PrefetchResult(c, stride, 12, 2 * Width);
        TVector c0x = default, c0y = default;
        TVector c1x = default, c1y = default;
        TVector c2x = default, c2y = default;
        TVector c3x = default, c3y = default;
        TVector c4x = default, c4y = default;
        TVector c5x = default, c5y = default;
        TVector c6x = default, c6y = default;
        TVector c7x = default, c7y = default;
        TVector c8x = default, c8y = default;
        TVector c9x = default, c9y = default;
        TVector c10x = default, c10y = default;
        TVector c11x = default, c11y = default;
        long row = a.RowStride, twoRows = 2 * row, step = a.ColumnStride;
        float* a0 = a.Pointer, a3 = a0 + twoRows + row, a6 = a3 + twoRows + row, a9 = a6 + twoRows + row;
        do
        {
            TVector bx = TLanes.Load(b), by = TLanes.Load(b + Width);
            Prefetch(b + (Ahead * 2 * Width), 2 * Width);
            MultiplyAdd(a0[0], bx, by, ref c0x, ref c0y);
            MultiplyAdd(a0[row], bx, by, ref c1x, ref c1y);
            MultiplyAdd(a0[twoRows], bx, by, ref c2x, ref c2y);
            MultiplyAdd(a3[0], bx, by, ref c3x, ref c3y);
            MultiplyAdd(a3[row], bx, by, ref c4x, ref c4y);
            MultiplyAdd(a3[twoRows], bx, by, ref c5x, ref c5y);
            MultiplyAdd(a6[0], bx, by, ref c6x, ref c6y);
            MultiplyAdd(a6[row], bx, by, ref c7x, ref c7y);
            MultiplyAdd(a6[twoRows], bx, by, ref c8x, ref c8y);
            MultiplyAdd(a9[0], bx, by, ref c9x, ref c9y);
            MultiplyAdd(a9[row], bx, by, ref c10x, ref c10y);
            MultiplyAdd(a9[twoRows], bx, by, ref c11x, ref c11y);
            a0 += step;
            a3 += step;
            a6 += step;
            a9 += step;
            b += 2 * Width;
        }
        while (--depth != 0);

        Store(c, c0x, c0y, accumulate);
        Store(c + stride, c1x, c1y, accumulate);
        Store(c + (2 * stride), c2x, c2y, accumulate);
        Store(c + (3 * stride), c3x, c3y, accumulate);
        Store(c + (4 * stride), c4x, c4y, accumulate);
        Store(c + (5 * stride), c5x, c5y, accumulate);
        Store(c + (6 * stride), c6x, c6y, accumulate);
        Store(c + (7 * stride), c7x, c7y, accumulate);
        Store(c + (8 * stride), c8x, c8y, accumulate);
        Store(c + (9 * stride), c9x, c9y, accumulate);
        Store(c + (10 * stride), c10x, c10y, accumulate);
        Store(c + (11 * stride), c11x, c11y, accumulate);
    }

    /// <summary>C[8, 2w] (+)= A[8, depth] B[depth, 2w], for thirty-two registers. A lies in any strides, B is packed [depth, 2w].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile8(MatrixView a, float* b, float* c, long stride, int depth, bool accumulate)
    {
        PrefetchResult(c, stride, 8, 2 * Width);
        TVector c0x = default, c0y = default;
        TVector c1x = default, c1y = default;
        TVector c2x = default, c2y = default;
        TVector c3x = default, c3y = default;
        TVector c4x = default, c4y = default;
        TVector c5x = default, c5y = default;
        TVector c6x = default, c6y = default;
        TVector c7x = default, c7y = default;
        long row = a.RowStride, twoRows = 2 * row, step = a.ColumnStride;
        float* a0 = a.Pointer, a3 = a0 + twoRows + row, a6 = a3 + twoRows + row;
        do
        {
            TVector bx = TLanes.Load(b), by = TLanes.Load(b + Width);
            Prefetch(b + (Ahead * 2 * Width), 2 * Width);
            MultiplyAdd(a0[0], bx, by, ref c0x, ref c0y);
            MultiplyAdd(a0[row], bx, by, ref c1x, ref c1y);
            MultiplyAdd(a0[twoRows], bx, by, ref c2x, ref c2y);
            MultiplyAdd(a3[0], bx, by, ref c3x, ref c3y);
            MultiplyAdd(a3[row], bx, by, ref c4x, ref c4y);
            MultiplyAdd(a3[twoRows], bx, by, ref c5x, ref c5y);
            MultiplyAdd(a6[0], bx, by, ref c6x, ref c6y);
            MultiplyAdd(a6[row], bx, by, ref c7x, ref c7y);
            a0 += step;
            a3 += step;
            a6 += step;
            b += 2 * Width;
        }
        while (--depth != 0);

        Store(c, c0x, c0y, accumulate);
        Store(c + stride, c1x, c1y, accumulate);
        Store(c + (2 * stride), c2x, c2y, accumulate);
        Store(c + (3 * stride), c3x, c3y, accumulate);
        Store(c + (4 * stride), c4x, c4y, accumulate);
        Store(c + (5 * stride), c5x, c5y, accumulate);
        Store(c + (6 * stride), c6x, c6y, accumulate);
        Store(c + (7 * stride), c7x, c7y, accumulate);
    }

    /// <summary>C[4, 3w] (+)= A[4, depth] B[depth, 3w], for sixteen registers. A lies in any strides, B is packed [depth, 3w].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile4(MatrixView a, float* b, float* c, long stride, int depth, bool accumulate)
    {
        PrefetchResult(c, stride, 4, 3 * Width);
        TVector c0x = default, c0y = default, c0z = default;
        TVector c1x = default, c1y = default, c1z = default;
        TVector c2x = default, c2y = default, c2z = default;
        TVector c3x = default, c3y = default, c3z = default;
        long row = a.RowStride, twoRows = 2 * row, step = a.ColumnStride;
        float* a0 = a.Pointer, a3 = a0 + twoRows + row;
        do
        {
            TVector bx = TLanes.Load(b), by = TLanes.Load(b + Width), bz = TLanes.Load(b + (2 * Width));
            Prefetch(b + (Ahead * 3 * Width), 3 * Width);
            MultiplyAdd(a0[0], bx, by, bz, ref c0x, ref c0y, ref c0z);
            MultiplyAdd(a0[row], bx, by, bz, ref c1x, ref c1y, ref c1z);
            MultiplyAdd(a0[twoRows], bx, by, bz, ref c2x, ref c2y, ref c2z);
            MultiplyAdd(a3[0], bx, by, bz, ref c3x, ref c3y, ref c3z);
            a0 += step;
            a3 += step;
            b += 3 * Width;
        }
        while (--depth != 0);

        Store(c, c0x, c0y, c0z, accumulate);
        Store(c + stride, c1x, c1y, c1z, accumulate);
        Store(c + (2 * stride), c2x, c2y, c2z, accumulate);
        Store(c + (3 * stride), c3x, c3y, c3z, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd(float a, TVector bx, TVector by, ref TVector cx, ref TVector cy)
    {
        TVector all = TLanes.Broadcast(a);
        cx = TLanes.MultiplyAdd(all, bx, cx);
        cy = TLanes.MultiplyAdd(all, by, cy);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* row, TVector cx, TVector cy, bool accumulate)
    {
        if (accumulate)
        {
            cx = TLanes.Add(cx, TLanes.Load(row));
            cy = TLanes.Add(cy, TLanes.Load(row + Width));
        }

        TLanes.Store(cx, row);
        TLanes.Store(cy, row + Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd(float a, TVector bx, TVector by, TVector bz, ref TVector cx, ref TVector cy, ref TVector cz)
    {
        TVector all = TLanes.Broadcast(a);
        cx = TLanes.MultiplyAdd(all, bx, cx);
        cy = TLanes.MultiplyAdd(all, by, cy);
        cz = TLanes.MultiplyAdd(all, bz, cz);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* row, TVector cx, TVector cy, TVector cz, bool accumulate)
    {
        if (accumulate)
        {
            cx = TLanes.Add(cx, TLanes.Load(row));
            cy = TLanes.Add(cy, TLanes.Load(row + Width));
            cz = TLanes.Add(cz, TLanes.Load(row + (2 * Width)));
        }

        TLanes.Store(cx, row);
        TLanes.Store(cy, row + Width);
        TLanes.Store(cz, row + (2 * Width));
    }

    /// <summary>Where the sums will go is fetched while they are summed, into the second-level cache: rows far apart would meet in one set of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchResult(float* row, long stride, int rows, int floats)
    {
        if (Sse.IsSupported)
        {
            for (float* end = row + (rows * stride); row < end; row += stride)
            {
                for (int column = 0; column < floats; column += 16)
                {
                    Sse.Prefetch1(row + column);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* address, int floats)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
            if (floats > 16)
            {
                Sse.Prefetch0(address + 16);
            }
        }
    }
}
