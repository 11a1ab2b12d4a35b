using System.Runtime.InteropServices;

namespace MusicRnn.Training;

/// <summary>What <see cref="MatrixUnit.Multiply"/> reads: where whole blocks of 32 rows of A, whole panels of 32 columns of B and their product lie. Lengths are in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MatrixProduct
{
    /// <summary>[blocks, steps, 32 rows, 32] bfloat16.</summary>
    public byte* A;

    /// <summary>[panels, steps, 2 halves, 16 pairs of rows, 16 columns, 2] bfloat16.</summary>
    public byte* B;

    /// <summary>[32 * blocks, 32 * panels] floats.</summary>
    public float* C;

    /// <summary>From one row of C to the next.</summary>
    public long Row;

    /// <summary>Sixteen times <see cref="Row"/>.</summary>
    public long SixteenRows;

    /// <summary>Steps of 32 columns of A that are summed; at least 1.</summary>
    public long Steps;

    /// <summary>Blocks of A; at least 1.</summary>
    public long Blocks;

    /// <summary>From one block of A to the next.</summary>
    public long Block;

    /// <summary>Panels of B; at least 1.</summary>
    public long Panels;

    /// <summary>From one panel of B to the next.</summary>
    public long Panel;

    /// <summary>0 to overwrite C, anything else to add to it.</summary>
    public long Accumulate;

    /// <summary>The tiles' shapes: set by <see cref="MatrixUnit.Multiply"/>.</summary>
    public byte* Shapes;
}
