namespace MusicRnn.Model;

/// <summary>The tensors of one LSTM layer.</summary>
/// <param name="Input">Input weights, [4 * hidden, inputs].</param>
/// <param name="Recurrent">Recurrent weights, [4 * hidden, hidden].</param>
/// <param name="Bias">The sum of torch's two biases, [4 * hidden].</param>
public readonly record struct LayerTensors(TensorInfo Input, TensorInfo Recurrent, TensorInfo Bias);
