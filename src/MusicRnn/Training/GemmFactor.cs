namespace MusicRnn.Training;

/// <summary>A right-hand factor of a matrix product, and where the product goes.</summary>
/// <param name="b">B[depth, columns].</param>
/// <param name="columns">Columns of B and C.</param>
/// <param name="c">C, rows one after another.</param>
/// <param name="stride">Floats from one row of C to the next.</param>
public readonly unsafe struct GemmFactor(MatrixView b, int columns, float* c, long stride)
{
    /// <summary>B[depth, columns].</summary>
    public readonly MatrixView B = b;

    /// <summary>Columns of B and C.</summary>
    public readonly int Columns = columns;

    /// <summary>C, rows one after another.</summary>
    public readonly float* C = c;

    /// <summary>Floats from one row of C to the next.</summary>
    public readonly long Stride = stride;
}
