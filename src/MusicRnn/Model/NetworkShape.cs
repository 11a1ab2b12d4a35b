namespace MusicRnn.Model;

/// <summary>The size of a network.</summary>
/// <param name="Layers">LSTM layers, 1-8.</param>
/// <param name="Hidden">Cells in each layer, a multiple of 16.</param>
/// <param name="Embedding">Width of a note's embedding, a multiple of 16.</param>
/// <param name="Head">Width of the hidden layer in each head, a multiple of 16.</param>
public readonly record struct NetworkShape(int Layers, int Hidden, int Embedding, int Head);
