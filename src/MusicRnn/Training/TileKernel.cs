using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MusicRnn.Training;

/// <summary>
/// The innermost loop of a matrix product: a tile of C that stays in registers while a panel of A and one of B stream
/// by. Three registers wide, so that three multiply-adds share each broadcast. Makes no calls, for those would spill it.
/// </summary>
/// <typeparam name="TLanes">What the registers can do.</typeparam>
/// <typeparam name="TVector">The register.</typeparam>
internal static unsafe class TileKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    // Rows of B's panel to fetch ahead of use: it streams from the second-level cache.
    private const int Ahead = 8;

    private static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(TVector) / sizeof(float);
    }

    /// <summary>C[8, 3w] (+)= A[8, depth] B[depth, 3w], for thirty-two registers. A is packed [depth, 8], B [depth, 3w].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile8(float* a, float* b, float* c, long stride, int depth, bool accumulate)
    {
        TVector c00 = default, c01 = default, c02 = default;
        TVector c10 = default, c11 = default, c12 = default;
        TVector c20 = default, c21 = default, c22 = default;
        TVector c30 = default, c31 = default, c32 = default;
        TVector c40 = default, c41 = default, c42 = default;
        TVector c50 = default, c51 = default, c52 = default;
        TVector c60 = default, c61 = default, c62 = default;
        TVector c70 = default, c71 = default, c72 = default;
        float* row = c;
        do
        {
            TVector b0 = TLanes.Load(b), b1 = TLanes.Load(b + Width), b2 = TLanes.Load(b + (2 * Width));
            Prefetch(b + (Ahead * 3 * Width));
            TVector s = TLanes.Broadcast(a[0]);
            c00 = TLanes.MultiplyAdd(s, b0, c00);
            c01 = TLanes.MultiplyAdd(s, b1, c01);
            c02 = TLanes.MultiplyAdd(s, b2, c02);
            s = TLanes.Broadcast(a[1]);
            c10 = TLanes.MultiplyAdd(s, b0, c10);
            c11 = TLanes.MultiplyAdd(s, b1, c11);
            c12 = TLanes.MultiplyAdd(s, b2, c12);
            s = TLanes.Broadcast(a[2]);
            c20 = TLanes.MultiplyAdd(s, b0, c20);
            c21 = TLanes.MultiplyAdd(s, b1, c21);
            c22 = TLanes.MultiplyAdd(s, b2, c22);
            s = TLanes.Broadcast(a[3]);
            c30 = TLanes.MultiplyAdd(s, b0, c30);
            c31 = TLanes.MultiplyAdd(s, b1, c31);
            c32 = TLanes.MultiplyAdd(s, b2, c32);
            s = TLanes.Broadcast(a[4]);
            c40 = TLanes.MultiplyAdd(s, b0, c40);
            c41 = TLanes.MultiplyAdd(s, b1, c41);
            c42 = TLanes.MultiplyAdd(s, b2, c42);
            s = TLanes.Broadcast(a[5]);
            c50 = TLanes.MultiplyAdd(s, b0, c50);
            c51 = TLanes.MultiplyAdd(s, b1, c51);
            c52 = TLanes.MultiplyAdd(s, b2, c52);
            s = TLanes.Broadcast(a[6]);
            c60 = TLanes.MultiplyAdd(s, b0, c60);
            c61 = TLanes.MultiplyAdd(s, b1, c61);
            c62 = TLanes.MultiplyAdd(s, b2, c62);
            s = TLanes.Broadcast(a[7]);
            c70 = TLanes.MultiplyAdd(s, b0, c70);
            c71 = TLanes.MultiplyAdd(s, b1, c71);
            c72 = TLanes.MultiplyAdd(s, b2, c72);
            a += 8;
            b += 3 * Width;
        }
        while (--depth != 0);
        StoreRow(row, c00, c01, c02, accumulate);
        row += stride;
        StoreRow(row, c10, c11, c12, accumulate);
        row += stride;
        StoreRow(row, c20, c21, c22, accumulate);
        row += stride;
        StoreRow(row, c30, c31, c32, accumulate);
        row += stride;
        StoreRow(row, c40, c41, c42, accumulate);
        row += stride;
        StoreRow(row, c50, c51, c52, accumulate);
        row += stride;
        StoreRow(row, c60, c61, c62, accumulate);
        row += stride;
        StoreRow(row, c70, c71, c72, accumulate);
    }

    /// <summary>C[8, 2w] (+)= A[8, depth] B[depth, 2w], the first two thirds of a tile. A is packed [depth, 8], B [depth, 3w].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile8Narrow(float* a, float* b, float* c, long stride, int depth, bool accumulate)
    {
        TVector c00 = default, c01 = default;
        TVector c10 = default, c11 = default;
        TVector c20 = default, c21 = default;
        TVector c30 = default, c31 = default;
        TVector c40 = default, c41 = default;
        TVector c50 = default, c51 = default;
        TVector c60 = default, c61 = default;
        TVector c70 = default, c71 = default;
        float* row = c;
        do
        {
            TVector b0 = TLanes.Load(b), b1 = TLanes.Load(b + Width);
            Prefetch(b + (Ahead * 3 * Width));
            TVector s = TLanes.Broadcast(a[0]);
            c00 = TLanes.MultiplyAdd(s, b0, c00);
            c01 = TLanes.MultiplyAdd(s, b1, c01);
            s = TLanes.Broadcast(a[1]);
            c10 = TLanes.MultiplyAdd(s, b0, c10);
            c11 = TLanes.MultiplyAdd(s, b1, c11);
            s = TLanes.Broadcast(a[2]);
            c20 = TLanes.MultiplyAdd(s, b0, c20);
            c21 = TLanes.MultiplyAdd(s, b1, c21);
            s = TLanes.Broadcast(a[3]);
            c30 = TLanes.MultiplyAdd(s, b0, c30);
            c31 = TLanes.MultiplyAdd(s, b1, c31);
            s = TLanes.Broadcast(a[4]);
            c40 = TLanes.MultiplyAdd(s, b0, c40);
            c41 = TLanes.MultiplyAdd(s, b1, c41);
            s = TLanes.Broadcast(a[5]);
            c50 = TLanes.MultiplyAdd(s, b0, c50);
            c51 = TLanes.MultiplyAdd(s, b1, c51);
            s = TLanes.Broadcast(a[6]);
            c60 = TLanes.MultiplyAdd(s, b0, c60);
            c61 = TLanes.MultiplyAdd(s, b1, c61);
            s = TLanes.Broadcast(a[7]);
            c70 = TLanes.MultiplyAdd(s, b0, c70);
            c71 = TLanes.MultiplyAdd(s, b1, c71);
            a += 8;
            b += 3 * Width;
        }
        while (--depth != 0);
        StoreRow(row, c00, c01, accumulate);
        row += stride;
        StoreRow(row, c10, c11, accumulate);
        row += stride;
        StoreRow(row, c20, c21, accumulate);
        row += stride;
        StoreRow(row, c30, c31, accumulate);
        row += stride;
        StoreRow(row, c40, c41, accumulate);
        row += stride;
        StoreRow(row, c50, c51, accumulate);
        row += stride;
        StoreRow(row, c60, c61, accumulate);
        row += stride;
        StoreRow(row, c70, c71, accumulate);
    }

    /// <summary>C[4, 3w] (+)= A[4, depth] B[depth, 3w], for sixteen registers. A is packed [depth, 4], B [depth, 3w].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile4(float* a, float* b, float* c, long stride, int depth, bool accumulate)
    {
        TVector c00 = default, c01 = default, c02 = default;
        TVector c10 = default, c11 = default, c12 = default;
        TVector c20 = default, c21 = default, c22 = default;
        TVector c30 = default, c31 = default, c32 = default;
        float* row = c;
        do
        {
            TVector b0 = TLanes.Load(b), b1 = TLanes.Load(b + Width), b2 = TLanes.Load(b + (2 * Width));
            Prefetch(b + (Ahead * 3 * Width));
            TVector s = TLanes.Broadcast(a[0]);
            c00 = TLanes.MultiplyAdd(s, b0, c00);
            c01 = TLanes.MultiplyAdd(s, b1, c01);
            c02 = TLanes.MultiplyAdd(s, b2, c02);
            s = TLanes.Broadcast(a[1]);
            c10 = TLanes.MultiplyAdd(s, b0, c10);
            c11 = TLanes.MultiplyAdd(s, b1, c11);
            c12 = TLanes.MultiplyAdd(s, b2, c12);
            s = TLanes.Broadcast(a[2]);
            c20 = TLanes.MultiplyAdd(s, b0, c20);
            c21 = TLanes.MultiplyAdd(s, b1, c21);
            c22 = TLanes.MultiplyAdd(s, b2, c22);
            s = TLanes.Broadcast(a[3]);
            c30 = TLanes.MultiplyAdd(s, b0, c30);
            c31 = TLanes.MultiplyAdd(s, b1, c31);
            c32 = TLanes.MultiplyAdd(s, b2, c32);
            a += 4;
            b += 3 * Width;
        }
        while (--depth != 0);
        StoreRow(row, c00, c01, c02, accumulate);
        row += stride;
        StoreRow(row, c10, c11, c12, accumulate);
        row += stride;
        StoreRow(row, c20, c21, c22, accumulate);
        row += stride;
        StoreRow(row, c30, c31, c32, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow(float* row, TVector c0, TVector c1, TVector c2, bool accumulate)
    {
        if (accumulate)
        {
            c0 = TLanes.Add(c0, TLanes.Load(row));
            c1 = TLanes.Add(c1, TLanes.Load(row + Width));
            c2 = TLanes.Add(c2, TLanes.Load(row + (2 * Width)));
        }

        TLanes.Store(c0, row);
        TLanes.Store(c1, row + Width);
        TLanes.Store(c2, row + (2 * Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow(float* row, TVector c0, TVector c1, bool accumulate)
    {
        if (accumulate)
        {
            c0 = TLanes.Add(c0, TLanes.Load(row));
            c1 = TLanes.Add(c1, TLanes.Load(row + Width));
        }

        TLanes.Store(c0, row);
        TLanes.Store(c1, row + Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
            if (Width > 4)
            {
                Sse.Prefetch0(address + 16);
            }

            if (Width > 8)
            {
                Sse.Prefetch0(address + 32);
            }
        }
    }
}
