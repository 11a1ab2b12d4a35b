namespace MusicRnn.Model;

/// <summary>One tensor of a network: its name in the file, its shape, and where it lies among the weights.</summary>
/// <param name="Name">The name, as PyTorch would write it.</param>
/// <param name="Rows">Rows: outputs of a linear layer, entries of a table.</param>
/// <param name="Columns">Columns: inputs of a linear layer, width of a table's entry; 1 for a bias.</param>
/// <param name="Offset">The first float, in the one buffer that holds all weights.</param>
public readonly record struct TensorInfo(string Name, int Rows, int Columns, long Offset)
{
    /// <summary>The number of floats.</summary>
    public long Length => (long)Rows * Columns;
}
