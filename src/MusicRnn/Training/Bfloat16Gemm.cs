namespace MusicRnn.Training;

/// <summary>Products whose factors are rounded to bfloat16, on the processor's <see cref="MatrixUnit"/>; the sums are of 32 bits.</summary>
public sealed unsafe class Bfloat16Gemm : Gemm
{
    // A block of A and a panel of B of this depth take 32 kB each.
    private const int CachedDepth = 512;

    private const int MostDepth = 2048;
    private const int MostRows = 128;
    private const int Side = MatrixUnit.Side;
    private const int Step = MatrixUnit.Step;

    /// <summary>Prepares products on a team of threads.</summary>
    /// <exception cref="PlatformNotSupportedException">The unit is not there.</exception>
    public Bfloat16Gemm(ThreadTeam team)
        : base(team, Side * Side)
    {
        if (!MatrixUnit.IsThere)
        {
            throw new PlatformNotSupportedException("This processor, or this system, has no unit that multiplies matrices of bfloat16: use FloatGemm.");
        }
    }

    /// <inheritdoc/>
    public override int PanelColumns => Side;

    private protected override int RowBlock => MostRows;

    private protected override int RowUnit => Side;

    private protected override int DepthBlock => MostDepth;

    /// <inheritdoc/>
    public override long PackedLength(int depth, int columns) => (long)RoundUp(columns, Side) * RoundUp(depth, Step) / 2;

    /// <inheritdoc/>
    public override void PackColumns(MatrixView b, int depth, int columns, float* packed) => Pack(b.Transposed, columns, depth, across: true, (byte*)packed);

    /// <inheritdoc/>
    public override GemmRows Take(int member, MatrixView a, int count, int depth)
    {
        Pack(a, count, depth, across: false, (byte*)PackedRows(member, PackedLength(depth, count)));
        return new GemmRows(a, count, true);
    }

    /// <inheritdoc/>
    public override void MultiplyPanels(
        int member, GemmRows a, int columns, int depth, float* packedColumns, float* c, long stride, bool accumulate, int groups = 1, long apart = 0)
    {
        byte* rows = (byte*)PackedRows(member), panels = (byte*)packedColumns;
        float* edge = Edge(member);
        int blocks = a.Count / Side, whole = columns / Side, steps = RoundUp(depth, Step) / Step;
        long length = (long)steps * 2 * MatrixUnit.TileBytes; // of a block, and of a panel
        for (int group = 0; group < groups; group++, c += apart, panels += RoundUp(columns, Side) / Side * length)
        {
            Multiply(0, blocks, 0, whole, c, stride, accumulate);
            if (whole * Side < columns)
            {
                for (int block = 0; block < blocks; block++)
                {
                    MultiplyEdge(block, whole);
                }
            }

            for (int panel = 0; blocks * Side < a.Count && panel * Side < columns; panel++)
            {
                MultiplyEdge(blocks, panel);
            }

            void MultiplyEdge(int block, int panel)
            {
                Multiply(block, 1, panel, 1, edge, Side, false);
                CopyEdge(
                    edge, Side, Math.Min(Side, a.Count - (block * Side)), Math.Min(Side, columns - (panel * Side)), c + (block * Side * stride) + (panel * Side), stride, accumulate);
            }
        }

        void Multiply(int block, int blockCount, int panel, int panelCount, float* target, long targetStride, bool add)
        {
            for (int step = 0; step < steps && blockCount > 0 && panelCount > 0; step += CachedDepth / Step)
            {
                var product = new MatrixProduct
                {
                    A = rows + (block * length) + ((long)step * 2 * MatrixUnit.TileBytes),
                    B = panels + (panel * length) + ((long)step * 2 * MatrixUnit.TileBytes),
                    C = target,
                    Row = targetStride * sizeof(float),
                    SixteenRows = Bfloat16.Lines * targetStride * sizeof(float),
                    Steps = Math.Min(CachedDepth / Step, steps - step),
                    Blocks = blockCount,
                    Block = length,
                    Panels = panelCount,
                    Panel = length,
                    Accumulate = add || step > 0 ? 1 : 0,
                };
                MatrixUnit.Multiply(ref product);
            }
        }
    }

    /// <summary>Lines into blocks of two tiles a step, in the order in which they lie in memory.</summary>
    private static void Pack(MatrixView lines, int count, int depth, bool across, byte* packed)
    {
        int blocks = RoundUp(count, Side) / Side, steps = RoundUp(depth, Step) / Step;
        bool areSideBySide = lines.RowStride == 1;
        for (int i = 0; i < blocks * steps; i++)
        {
            (int block, int step) = areSideBySide ? (i % blocks, i / blocks) : (i / steps, i % steps);
            int k = step * Step;
            for (int half = 0; half < 2; half++)
            {
                int line = (2 * block + half) * Bfloat16.Lines;
                Bfloat16.Pack(
                    lines.From(line, k), Math.Clamp(count - line, 0, Bfloat16.Lines), Math.Min(Step, depth - k), across,
                    packed + (((((long)block * steps) + step) * 2) + half) * MatrixUnit.TileBytes);
            }
        }
    }
}
