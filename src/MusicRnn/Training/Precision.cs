namespace MusicRnn.Training;

/// <summary>How exactly the factors of a matrix product are taken in training; sums are always of 32 bits.</summary>
public enum Precision
{
    /// <summary>Rounded to bfloat16, 8 bits of mantissa, where the processor has a unit that multiplies matrices of those (<see cref="MatrixUnit"/>); as they are elsewhere.</summary>
    Fastest,

    /// <summary>As they are, in 32 bits.</summary>
    Float32,
}
