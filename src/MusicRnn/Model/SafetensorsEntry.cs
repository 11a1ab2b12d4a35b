namespace MusicRnn.Model;

/// <summary>One tensor of a safetensors file: 32-bit floats.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its dimensions, outermost first.</param>
/// <param name="Offset">Its first byte, counted from the end of the header.</param>
/// <param name="Length">The number of floats.</param>
public sealed record SafetensorsEntry(string Name, IReadOnlyList<long> Shape, long Offset, long Length);
