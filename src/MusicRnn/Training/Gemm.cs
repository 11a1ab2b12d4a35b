using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>
/// Products of matrices of floats, in the manner of Goto and van de Geijn (2008): the operands are packed into panels
/// that the kernel reads in order, blocked for the caches, with rows of the result shared out among a team of threads.
/// No sum depends on how many threads there are.
/// </summary>
public abstract unsafe class Gemm : IDisposable
{
    private readonly ThreadTeam _team;
    private readonly NativeFloats[] _packedRows; // a thread: rows of A in panels
    private readonly NativeFloats[] _edges; // a thread: what is computed beside C
    private NativeFloats _packedColumns = new(1); // B's columns in panels, for all threads

    /// <summary>Prepares products on a team of threads.</summary>
    /// <param name="team">The team.</param>
    /// <param name="edgeLength">Floats that a thread computes at once beside C, where a whole tile would not fit into it.</param>
    private protected Gemm(ThreadTeam team, int edgeLength)
    {
        _team = team;
        _packedRows = [.. Enumerable.Range(0, team.Size).Select(_ => new NativeFloats(1))];
        _edges = [.. Enumerable.Range(0, team.Size).Select(_ => new NativeFloats(edgeLength))];
    }

    /// <summary>Columns of B, and of C, that a panel holds.</summary>
    public abstract int PanelColumns { get; }

    /// <summary>The most rows of A that are taken at once.</summary>
    private protected abstract int RowBlock { get; }

    /// <summary>Rows of A that make a whole tile.</summary>
    private protected abstract int RowUnit { get; }

    /// <summary>The most columns of A that are taken at once.</summary>
    private protected abstract int DepthBlock { get; }

    /// <summary>The products of this machine.</summary>
    public static Gemm Create(ThreadTeam team, Precision precision) => Rounds(precision) ? new Bfloat16Gemm(team) : new FloatGemm(team);

    /// <summary>Whether a precision means bfloat16 on this machine.</summary>
    public static bool Rounds(Precision precision) => precision == Precision.Fastest && MatrixUnit.IsThere;

    /// <summary>The number of floats that a matrix of this size takes as panels.</summary>
    public abstract long PackedLength(int depth, int columns);

    /// <summary>Columns of B into panels, the last filled up with zeros, on the calling thread alone.</summary>
    /// <param name="b">B.</param>
    /// <param name="depth">Rows of B.</param>
    /// <param name="columns">Columns of B.</param>
    /// <param name="packed">The panels, <see cref="PackedLength"/>.</param>
    public abstract void PackColumns(MatrixView b, int depth, int columns, float* packed);

    /// <summary>Takes rows of A for products on the calling thread.</summary>
    /// <param name="member">The number of the calling thread in the team. What it took before is taken no more.</param>
    /// <param name="a">A, from the first of the rows on.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="depth">Columns of A.</param>
    public abstract GemmRows Take(int member, MatrixView a, int count, int depth);

    /// <summary>C = A B or C += A B on the calling thread alone, with B packed before. C may lie in several groups of columns, each as wide as
    /// B's own, which is packed group after group.</summary>
    /// <param name="member">The number of the calling thread in the team.</param>
    /// <param name="a">Rows of A, from <see cref="Take"/>.</param>
    /// <param name="columns">Columns of a group.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    /// <param name="packedColumns">B, from <see cref="PackColumns"/> for each group.</param>
    /// <param name="c">C, rows one after another.</param>
    /// <param name="stride">Floats from one row of C to the next.</param>
    /// <param name="accumulate">Whether to add to C.</param>
    /// <param name="groups">How many groups of columns there are.</param>
    /// <param name="apart">Floats from one group of C to the next.</param>
    public abstract void MultiplyPanels(
        int member, GemmRows a, int columns, int depth, float* packedColumns, float* c, long stride, bool accumulate, int groups = 1, long apart = 0);

    /// <summary>C[rows, columns] = A[rows, depth] B[depth, columns], or += with <paramref name="accumulate"/>, on the whole team.</summary>
    public void Multiply(int rows, int columns, int depth, MatrixView a, MatrixView b, float* c, long stride, bool accumulate) =>
        Multiply(rows, depth, a, accumulate, new GemmFactor(b, columns, c, stride));

    /// <summary>The same for several B and C, with A read but once.</summary>
    public void Multiply(int rows, int depth, MatrixView a, bool accumulate, params GemmFactor[] factors)
    {
        EnsureLength(ref _packedColumns, factors.Sum(factor => PackedLength(Math.Min(depth, DepthBlock), factor.Columns)));

        // Small enough that every thread gets several chunks, large enough that the packed columns are worth their reading.
        int chunk = Math.Min(RowBlock, RoundUp(Math.Max(1, rows / (2 * _team.Size)), RowUnit));
        int chunks = (rows + chunk - 1) / chunk;
        for (int start = 0; start < depth; start += DepthBlock)
        {
            int from = start;
            int block = Math.Min(DepthBlock, depth - start);
            bool add = accumulate || start > 0;
            float* packed = _packedColumns.Pointer;
            foreach (GemmFactor factor in factors)
            {
                Pack(factor.B.From(start, 0), block, factor.Columns, packed);
                packed += PackedLength(block, factor.Columns);
            }

            _team.Run(chunks, (index, member) =>
            {
                int row = index * chunk, count = Math.Min(chunk, rows - row);
                float* panels = _packedColumns.Pointer;
                GemmRows taken = Take(member, a.From(row, from), count, block);
                foreach (GemmFactor factor in factors)
                {
                    MultiplyPanels(member, taken, factor.Columns, block, panels, factor.C + (row * factor.Stride), factor.Stride, add);
                    panels += PackedLength(block, factor.Columns);
                }
            });
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
        GC.SuppressFinalize(this);
    }

    /// <summary>A thread's memory for rows of A.</summary>
    private protected float* PackedRows(int member) => _packedRows[member].Pointer;

    /// <summary>A thread's memory for rows of A, of at least this many floats: what it held before is lost if it grows.</summary>
    private protected float* PackedRows(int member, long length)
    {
        EnsureLength(ref _packedRows[member], length);
        return _packedRows[member].Pointer;
    }

    /// <summary>A thread's memory for what is computed beside C.</summary>
    private protected float* Edge(int member) => _edges[member].Pointer;

    private protected static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;

    /// <summary>What was computed beside C, where a whole tile would not fit into it, into C.</summary>
    private protected static void CopyEdge(float* tile, int tileColumns, int height, int width, float* c, long stride, bool accumulate)
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

    private static void EnsureLength(ref NativeFloats floats, long length)
    {
        if (floats.Length < length)
        {
            floats.Dispose();
            floats = new NativeFloats(length);
        }
    }

    /// <summary>All columns of B into panels, on the whole team.</summary>
    private void Pack(MatrixView b, int depth, int columns, float* packed)
    {
        int panels = RoundUp(columns, PanelColumns) / PanelColumns;
        int groups = Math.Min(panels, 4 * _team.Size);
        _team.Run(groups, (group, _) =>
        {
            int first = panels * group / groups * PanelColumns, end = Math.Min(panels * (group + 1) / groups * PanelColumns, columns);
            PackColumns(b.From(0, first), depth, end - first, packed + PackedLength(depth, first));
        });
    }
}
