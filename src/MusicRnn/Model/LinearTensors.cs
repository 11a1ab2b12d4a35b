namespace MusicRnn.Model;

/// <summary>The tensors of one linear layer.</summary>
/// <param name="Weight">[outputs, inputs].</param>
/// <param name="Bias">[outputs].</param>
public readonly record struct LinearTensors(TensorInfo Weight, TensorInfo Bias);
