namespace MusicRnn.Model;

/// <summary>A layer's weights as they play.</summary>
/// <param name="Input">From the layer below; null for the first, whose input <see cref="InputGates"/> has multiplied out.</param>
/// <param name="Recurrent">From the layer's own output at the previous note.</param>
/// <param name="Bias">Where the bias lies among the network's weights.</param>
internal sealed record LiveLayer(Int4Matrix? Input, Int4Matrix Recurrent, long Bias);
