using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MusicRnn.Training;

/// <summary>
/// Products in 32 bits, in vector registers. Rows of the first operand are read where they lie, if the cache can hold those of a tile side by side.
/// </summary>
public sealed unsafe class FloatGemm : Gemm
{
    // A panel of A (12 x 512 floats) fits the first-level cache, a chunk of rows (48 x 512) a small part of the second. Rows of a chunk are
    // whole lines of the cache where A is a transpose, and tall tiles alone.
    private const int MostDepth = 512;
    private const int MostRows = 48;

    // Rows that lie a multiple of this many floats apart meet in one set of the first-level cache, which has eight places or twelve.
    private const int SetsApart = 1024;

    // Rows to fetch ahead of their packing.
    private const int PackAhead = 16;

    // Panels of A that are packed together: four of twelve rows take three whole lines of the cache.
    private const int PanelsAtOnce = 4;

    // Eight registers are too few to hide their latency; what does not fill a tall tile goes to short ones.
    private static readonly bool Wide = Vector512.IsHardwareAccelerated;

    private readonly bool[] _backwards; // a thread: whether it takes B's panels from the last to the first, the next time

    /// <summary>Prepares products on a team of threads.</summary>
    public FloatGemm(ThreadTeam team)
        : base(team, TallRows * TileColumns) => _backwards = new bool[team.Size];

    /// <inheritdoc/>
    public override int PanelColumns => TileColumns;

    private protected override int RowBlock => MostRows;

    private protected override int RowUnit => ShortRows;

    private protected override int DepthBlock => MostDepth;

    // Columns of a tile: two of thirty-two registers, or three of sixteen.
    private static int TileColumns => Wide ? 32 : Vector256.IsHardwareAccelerated ? 24 : 12;

    // Rows of a tile: what the registers of this machine hold, and what takes the rest.
    private static int TallRows => Wide ? 12 : 4;

    private static int ShortRows => Wide ? 8 : 4;

    /// <inheritdoc/>
    public override long PackedLength(int depth, int columns) => (long)depth * RoundUp(columns, TileColumns);

    /// <inheritdoc/>
    public override void PackColumns(MatrixView b, int depth, int columns, float* packed)
    {
        for (int column = 0; column < columns; column += TileColumns)
        {
            PackPanels(b.From(0, column).Transposed, Math.Min(TileColumns, columns - column), 1, TileColumns, depth, packed + ((long)column * depth), 0);
        }
    }

    /// <inheritdoc/>
    public override GemmRows Take(int member, MatrixView a, int count, int depth)
    {
        bool packs = a.ColumnStride != 1 || (a.RowStride % SetsApart == 0 && count > 1);
        float* panels = PackedRows(member, packs ? (long)(count + ShortRows) * depth : (long)ShortRows * Math.Min(depth, MostDepth));
        if (packs)
        {
            PackRows(a, count, depth, panels);
        }

        return new GemmRows(a, count, packs);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void MultiplyPanels(
        int member, GemmRows a, int columns, int depth, float* packedColumns, float* c, long stride, bool accumulate, int groups = 1, long apart = 0)
    {
        float* edge = Edge(member), packedRows = PackedRows(member);
        int tileColumns = TileColumns, inGroup = RoundUp(columns, tileColumns) / tileColumns, panels = inGroup * groups;

        // There and back again: the panels read last are in the second-level cache still.
        bool backwards = _backwards[member];
        _backwards[member] = !backwards;
        for (int i = 0; i < panels; i++)
        {
            int index = backwards ? panels - 1 - i : i, group = index / inGroup, column = (index - (group * inGroup)) * tileColumns;
            int width = Math.Min(tileColumns, columns - column);
            float* first = c + (group * apart) + column;
            for (int start = 0; start < depth; start += MostDepth)
            {
                int block = Math.Min(MostDepth, depth - start);
                float* panel = packedColumns + ((((long)index * depth) + start) * tileColumns);
                bool add = accumulate || start > 0;
                int height;
                for (int row = 0; row < a.Count; row += height)
                {
                    height = TileRows(a.Count - row);
                    int there = Math.Min(height, a.Count - row);
                    float* target = first + (row * stride);
                    MatrixView rows = a.ArePacked ? new MatrixView(packedRows + ((long)row * depth) + ((long)start * height), 1, height) : a.View.From(row, start);
                    if (there < height && !a.ArePacked)
                    {
                        // The tile must not read what lies behind the last row.
                        PackPanels(rows, there, 1, height, block, packedRows, 0);
                        rows = new MatrixView(packedRows, 1, height);
                    }

                    if (there == height && width == tileColumns)
                    {
                        Tile(height, rows, panel, target, stride, block, add);
                    }
                    else
                    {
                        Tile(height, rows, panel, edge, tileColumns, block, false);
                        CopyEdge(edge, tileColumns, there, width, target, stride, add);
                    }
                }
            }
        }
    }

    /// <summary>The height of the next tile, when so many rows are left: tall ones, and short ones so that they come out even.</summary>
    private static int TileRows(int left) => left >= TallRows && left != 2 * ShortRows ? TallRows : ShortRows;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile(int height, MatrixView a, float* b, float* c, long stride, int depth, bool accumulate)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            if (height == 12)
            {
                TileKernel<Lanes512, Vector512<float>>.Tile12(a, b, c, stride, depth, accumulate);
            }
            else
            {
                TileKernel<Lanes512, Vector512<float>>.Tile8(a, b, c, stride, depth, accumulate);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            TileKernel<Lanes256, Vector256<float>>.Tile4(a, b, c, stride, depth, accumulate);
        }
        else
        {
            TileKernel<Lanes128, Vector128<float>>.Tile4(a, b, c, stride, depth, accumulate);
        }
    }

    /// <summary>Rows of A into panels [depth, tile rows], the last filled up with zeros.</summary>
    private static void PackRows(MatrixView a, int rows, int depth, float* packed)
    {
        int height;
        for (int row = 0; row < rows; row += height)
        {
            height = TileRows(rows - row);
            int panels = 1;
            while (panels < PanelsAtOnce && TileRows(rows - row - (panels * height)) == height && rows - row >= (panels + 1) * height)
            {
                panels++;
            }

            PackPanels(a.From(row, 0), Math.Min(rows - row, panels * height), panels, height, depth, packed + ((long)row * depth), (long)height * depth);
            row += (panels - 1) * height;
        }
    }

    /// <summary>Some rows of a matrix into panels [depth, height], one after another, the last filled up with zeros.</summary>
    /// <param name="rows">The matrix, from the first row on.</param>
    /// <param name="count">How many rows there are; all the panels but the last have their height of them.</param>
    /// <param name="panels">How many panels.</param>
    /// <param name="height">The panel's height, a multiple of 4.</param>
    /// <param name="depth">How many columns of the matrix.</param>
    /// <param name="target">The panels.</param>
    /// <param name="length">Floats from one panel to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackPanels(MatrixView rows, int count, int panels, int height, int depth, float* target, long length)
    {
        int last = count - ((panels - 1) * height), whole = last / 4 * 4, k = 0;
        if (rows.RowStride == 1)
        {
            // Panels side by side, so that a line of the cache is read whole.
            for (; k < depth; k++)
            {
                float* source = rows.Pointer + (k * rows.ColumnStride), to = target + ((long)k * height);
                if (Sse.IsSupported)
                {
                    // No prefetcher follows strides of whole pages.
                    for (float* ahead = source + (PackAhead * rows.ColumnStride), end = ahead + count; ahead < end; ahead += 16)
                    {
                        Sse.Prefetch0(ahead);
                    }
                }

                for (int panel = 0; panel < panels; panel++, source += height, to += length)
                {
                    int end = panel == panels - 1 ? whole : height;
                    for (int row = 0; row < end; row += 4)
                    {
                        Vector128.Load(source + row).Store(to + row);
                    }
                }
            }
        }
        else if (rows.ColumnStride == 1 && Avx.IsSupported)
        {
            k = depth / 16 * 16;
            for (int panel = 0; panel < panels; panel++)
            {
                MatrixView source = rows.From(panel * height, 0);
                int end = panel == panels - 1 ? whole : height;
                for (int column = 0; column < k; column += 16)
                {
                    for (int row = 0; row < end; row += 4)
                    {
                        float* from = source.Pointer + (row * source.RowStride) + column, to = target + (panel * length) + ((long)column * height) + row;
                        PrefetchRows(from + (height * source.RowStride), source.RowStride);
                        Turn(from, source.RowStride, to, height);
                        Turn(from + 8, source.RowStride, to + (8L * height), height);
                    }
                }
            }
        }

        for (int panel = 0; panel < panels; panel++)
        {
            float* to = target + (panel * length);
            MatrixView source = rows.From(panel * height, 0);
            int there = panel == panels - 1 ? last : height, done = there / 4 * 4;
            PackSingly(source, 0, done, k, height, depth, to);
            PackSingly(source, done, there, 0, height, depth, to);
            for (int column = 0; column < depth && there < height; column++)
            {
                new Span<float>(to + ((long)column * height) + there, height - there).Clear();
            }
        }
    }

    private static void PackSingly(MatrixView rows, int first, int end, int start, int height, int depth, float* target)
    {
        for (int k = start; k < depth && first < end; k++)
        {
            float* source = rows.Pointer + (k * rows.ColumnStride), to = target + ((long)k * height);
            for (int row = first; row < end; row++)
            {
                to[row] = source[row * rows.RowStride];
            }
        }
    }

    /// <summary>Eight floats of each of four rows, turned into four of each of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(float* source, long row, float* target, int height)
    {
        Vector256<float> a0 = Vector256.Load(source), a1 = Vector256.Load(source + row), a2 = Vector256.Load(source + (2 * row)), a3 = Vector256.Load(source + (3 * row));
        Vector256<float> low01 = Avx.UnpackLow(a0, a1), high01 = Avx.UnpackHigh(a0, a1), low23 = Avx.UnpackLow(a2, a3), high23 = Avx.UnpackHigh(a2, a3);
        StoreHalves(Avx.Shuffle(low01, low23, 0b01_00_01_00), target, height);
        StoreHalves(Avx.Shuffle(low01, low23, 0b11_10_11_10), target + height, height);
        StoreHalves(Avx.Shuffle(high01, high23, 0b01_00_01_00), target + (2 * height), height);
        StoreHalves(Avx.Shuffle(high01, high23, 0b11_10_11_10), target + (3 * height), height);
    }

    /// <summary>A line of each of four rows: those of the panel that is packed next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchRows(float* source, long row)
    {
        Sse.Prefetch1(source);
        Sse.Prefetch1(source + row);
        Sse.Prefetch1(source + (2 * row));
        Sse.Prefetch1(source + (3 * row));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreHalves(Vector256<float> value, float* target, int height)
    {
        value.GetLower().Store(target);
        value.GetUpper().Store(target + (4 * height));
    }
}
