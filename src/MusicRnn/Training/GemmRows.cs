namespace MusicRnn.Training;

/// <summary>Rows of the first operand of a product, as <see cref="Gemm.Take"/> took them for one thread.</summary>
/// <param name="View">Where they lie.</param>
/// <param name="Count">How many there are.</param>
/// <param name="ArePacked">Whether the kernel reads them from the thread's own panels instead.</param>
public readonly record struct GemmRows(MatrixView View, int Count, bool ArePacked);
