using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>
/// Products of matrices of floats, in the manner of Goto and van de Geijn (2008): both operands are packed into panels
/// that the kernel reads in order, blocked for the caches, with rows of the result shared out among a team of threads.
/// </summary>
public sealed unsafe class Gemm : IDisposable
{
    // A panel of A (8 x 512 floats) fits the first-level cache, a chunk of rows (128 x 512) the second.
    private const int DepthBlock = 512;
    private const int RowBlock = 128;

    private readonly ThreadTeam _team;
    private readonly NativeFloats[] _packedRows; // a thread: [RowBlock, DepthBlock] in panels
    private readonly NativeFloats[] _edges; // a thread: one tile
    private NativeFloats _packedColumns = new(1); // [DepthBlock, columns] in panels

    /// <summary>Prepares products on a team of threads.</summary>
    public Gemm(ThreadTeam team)
    {
        _team = team;
        _packedRows = new NativeFloats[team.Size];
        _edges = new NativeFloats[team.Size];
        for (int i = 0; i < team.Size; i++)
        {
            _packedRows[i] = new NativeFloats(RowBlock * DepthBlock);
            _edges[i] = new NativeFloats(TileRows * TileColumns);
        }
    }

    /// <summary>Rows of a tile: what the registers of this machine hold.</summary>
    public static int TileRows => !Vector512.IsHardwareAccelerated && Vector256.IsHardwareAccelerated ? 4 : 8;

    /// <summary>Columns of a tile: three registers.</summary>
    public static int TileColumns => 3 * (Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4);

    /// <summary>The number of floats that a matrix of this size takes as panels.</summary>
    public static long PackedLength(int depth, int columns) => (long)depth * RoundUp(columns, TileColumns);

    /// <summary>C[rows, columns] = A[rows, depth] B[depth, columns], or += with <paramref name="accumulate"/>, on the whole team.</summary>
    public void Multiply(int rows, int columns, int depth, MatrixView a, MatrixView b, float* c, long stride, bool accumulate)
    {
        long needed = PackedLength(Math.Min(depth, DepthBlock), columns);
        if (_packedColumns.Length < needed)
        {
            _packedColumns.Dispose();
            _packedColumns = new NativeFloats(needed);
        }

        float* packed = _packedColumns.Pointer;

        // Small enough that every thread gets several chunks, large enough that the packed columns are worth their reading.
        int chunk = Math.Min(RowBlock, RoundUp(Math.Max(1, rows / (2 * _team.Size)), TileRows));
        int chunks = (rows + chunk - 1) / chunk;
        for (int start = 0; start < depth; start += DepthBlock)
        {
            int from = start;
            int block = Math.Min(DepthBlock, depth - start);
            bool add = accumulate || start > 0;
            Pack(b.From(start, 0), block, columns, packed);
            _team.Run(chunks, (index, member) =>
            {
                int row = index * chunk;
                MultiplyChunk(member, Math.Min(chunk, rows - row), columns, block, a.From(row, from), packed, block, c + (row * stride), stride, add);
            });
        }
    }

    /// <summary>Packs all of B[depth, columns] into panels, for <see cref="MultiplyPacked"/>.</summary>
    public void Pack(MatrixView b, int depth, int columns, float* packed)
    {
        int panels = RoundUp(columns, TileColumns) / TileColumns;
        int groups = Math.Min(panels, 4 * _team.Size);
        _team.Run(groups, (group, _) => PackColumns(b, depth, columns, panels * group / groups, panels * (group + 1) / groups, packed));
    }

    /// <summary>C = A B or C += A B on the calling thread alone, with B packed before.</summary>
    /// <param name="member">The number of the calling thread in the team.</param>
    /// <param name="rows">Rows of A and C, at most 128.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    /// <param name="a">A.</param>
    /// <param name="packed">B, from <see cref="Pack"/>.</param>
    /// <param name="c">C, rows one after another.</param>
    /// <param name="stride">Floats from one row of C to the next.</param>
    /// <param name="accumulate">Whether to add to C.</param>
    public void MultiplyPacked(int member, int rows, int columns, int depth, MatrixView a, float* packed, float* c, long stride, bool accumulate)
    {
        for (int start = 0; start < depth; start += DepthBlock)
        {
            int block = Math.Min(DepthBlock, depth - start);
            MultiplyChunk(member, rows, columns, block, a.From(0, start), packed + ((long)start * TileColumns), depth, c, stride, accumulate || start > 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeFloats buffer in _packedRows.Concat(_edges))
        {
            buffer.Dispose();
        }

        _packedColumns.Dispose();
    }

    private static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyChunk(int member, int rows, int columns, int depth, MatrixView a, float* packed, int packedDepth, float* c, long stride, bool accumulate)
    {
        float* packedRows = _packedRows[member].Pointer;
        float* edge = _edges[member].Pointer;
        int tileRows = TileRows, tileColumns = TileColumns;
        PackRows(a, rows, depth, tileRows, packedRows);
        for (int column = 0; column < columns; column += tileColumns)
        {
            float* panel = packed + ((long)column * packedDepth);
            int width = Math.Min(tileColumns, columns - column);
            for (int row = 0; row < rows; row += tileRows)
            {
                float* rowsPanel = packedRows + ((long)row * depth);
                int height = Math.Min(tileRows, rows - row);
                if (height == tileRows && width == tileColumns)
                {
                    Tile(rowsPanel, panel, c + (row * stride) + column, stride, depth, accumulate);
                }
                else if (height == tileRows && width == 32 && Vector512.IsHardwareAccelerated)
                {
                    // What is left of 512 or 2048 columns: a third of a tile's work would be in vain.
                    TileKernel<Lanes512, Vector512<float>>.Tile8Narrow(rowsPanel, panel, c + (row * stride) + column, stride, depth, accumulate);
                }
                else
                {
                    Tile(rowsPanel, panel, edge, tileColumns, depth, false);
                    CopyEdge(edge, tileColumns, height, width, c + (row * stride) + column, stride, accumulate);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile(float* a, float* b, float* c, long stride, int depth, bool accumulate)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            TileKernel<Lanes512, Vector512<float>>.Tile8(a, b, c, stride, depth, accumulate);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            TileKernel<Lanes256, Vector256<float>>.Tile4(a, b, c, stride, depth, accumulate);
        }
        else
        {
            TileKernel<Lanes128, Vector128<float>>.Tile8(a, b, c, stride, depth, accumulate);
        }
    }

    private static void CopyEdge(float* tile, int tileColumns, int height, int width, float* c, long stride, bool accumulate)
    {
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                float value = tile[(row * tileColumns) + column];
                float* target = c + (row * stride) + column;
                *target = accumulate ? *target + value : value;
            }
        }
    }

    /// <summary>Rows of A into panels [depth, tile rows], the last filled up with zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackRows(MatrixView a, int rows, int depth, int tileRows, float* target)
    {
        for (int row = 0; row < rows; row += tileRows)
        {
            MatrixView panel = a.From(row, 0);
            int height = Math.Min(tileRows, rows - row);
            if (tileRows == 8 && rows - row >= 16 && a.RowStride == 1)
            {
                Pack16(panel, depth, target);
                row += tileRows;
                target += (long)tileRows * depth;
            }
            else if (height == 8 && tileRows == 8)
            {
                Pack8(panel, depth, target);
            }
            else
            {
                for (int k = 0; k < depth; k++)
                {
                    for (int i = 0; i < tileRows; i++)
                    {
                        target[(k * tileRows) + i] = i < height ? panel.Pointer[(i * panel.RowStride) + (k * panel.ColumnStride)] : 0;
                    }
                }
            }

            target += (long)tileRows * depth;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack8(MatrixView a, int depth, float* target)
    {
        long stride = a.ColumnStride;
        float* source = a.Pointer;
        long row = a.RowStride;
        int k = 0;
        if (stride == 1 && Avx.IsSupported)
        {
            for (; k <= depth - 8; k += 8, source += 8, target += 64)
            {
                Transpose8(source, row, target);
            }
        }

        float* s4 = source + (4 * row);
        for (; k < depth; k++, source += stride, s4 += stride, target += 8)
        {
            target[0] = source[0];
            target[1] = source[row];
            target[2] = source[2 * row];
            target[3] = source[3 * row];
            target[4] = s4[0];
            target[5] = s4[row];
            target[6] = s4[2 * row];
            target[7] = s4[3 * row];
        }
    }

    /// <summary>Two panels at once of columns that lie together: a line of the cache is read whole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack16(MatrixView a, int depth, float* target)
    {
        float* source = a.Pointer, second = target + (8L * depth);
        for (int k = 0; k < depth; k++, source += a.ColumnStride, target += 8, second += 8)
        {
            Vector256.Load(source).Store(target);
            Vector256.Load(source + 8).Store(second);
        }
    }

    /// <summary>Eight floats of each of eight rows, turned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(float* source, long row, float* target)
    {
        // Halves of rows 4 apart stand side by side, so that pairs and then fours are all that is left to turn.
        Vector256<float> a0 = Halves(source, row), a1 = Halves(source + row, row), a2 = Halves(source + (2 * row), row), a3 = Halves(source + (3 * row), row);
        Turn(a0, a1, a2, a3, target);
        source += 4;
        a0 = Halves(source, row);
        a1 = Halves(source + row, row);
        a2 = Halves(source + (2 * row), row);
        a3 = Halves(source + (3 * row), row);
        Turn(a0, a1, a2, a3, target + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(float* source, long row) => Vector256.Create(Vector128.Load(source), Vector128.Load(source + (4 * row)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(Vector256<float> a0, Vector256<float> a1, Vector256<float> a2, Vector256<float> a3, float* target)
    {
        Vector256<float> low01 = Avx.UnpackLow(a0, a1), high01 = Avx.UnpackHigh(a0, a1), low23 = Avx.UnpackLow(a2, a3), high23 = Avx.UnpackHigh(a2, a3);
        Avx.Shuffle(low01, low23, 0b01_00_01_00).Store(target);
        Avx.Shuffle(low01, low23, 0b11_10_11_10).Store(target + 8);
        Avx.Shuffle(high01, high23, 0b01_00_01_00).Store(target + 16);
        Avx.Shuffle(high01, high23, 0b11_10_11_10).Store(target + 24);
    }

    /// <summary>Columns of B into panels [depth, tile columns], the last filled up with zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackColumns(MatrixView b, int depth, int columns, int firstPanel, int endPanel, float* packed)
    {
        int tileColumns = TileColumns;
        for (int panel = firstPanel; panel < endPanel; panel++)
        {
            int column = panel * tileColumns;
            int width = Math.Min(tileColumns, columns - column);
            MatrixView source = b.From(0, column);
            float* target = packed + ((long)column * depth);
            if (source.ColumnStride == 1)
            {
                for (int k = 0; k < depth; k++, target += tileColumns)
                {
                    new ReadOnlySpan<float>(source.Pointer + (k * source.RowStride), width).CopyTo(new Span<float>(target, width));
                    new Span<float>(target + width, tileColumns - width).Clear();
                }

                continue;
            }

            for (int j = 0; j < tileColumns; j++)
            {
                float* from = source.Pointer + (j * source.ColumnStride);
                float* to = target + j;
                for (int k = 0; k < depth; k++)
                {
                    to[(long)k * tileColumns] = j < width ? from[k * source.RowStride] : 0;
                }
            }
        }
    }
}
