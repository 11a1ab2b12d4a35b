namespace MusicRnn.Training;

/// <summary>A matrix somewhere in native memory, read by strides: a transpose is the same floats with the strides swapped.</summary>
/// <param name="pointer">Element (0, 0).</param>
/// <param name="rowStride">Floats from one row to the next.</param>
/// <param name="columnStride">Floats from one column to the next.</param>
public readonly unsafe struct MatrixView(float* pointer, long rowStride, long columnStride)
{
    /// <summary>Element (0, 0).</summary>
    public readonly float* Pointer = pointer;

    /// <summary>Floats from one row to the next.</summary>
    public readonly long RowStride = rowStride;

    /// <summary>Floats from one column to the next.</summary>
    public readonly long ColumnStride = columnStride;

    /// <summary>The same matrix, transposed.</summary>
    public MatrixView Transposed => new(Pointer, ColumnStride, RowStride);

    /// <summary>The same matrix from another row and column on.</summary>
    public MatrixView From(long row, long column) => new(Pointer + (row * RowStride) + (column * ColumnStride), RowStride, ColumnStride);

    /// <summary>A matrix whose rows lie one after another.</summary>
    public static MatrixView RowMajor(float* pointer, long columns) => new(pointer, columns, 1);
}
