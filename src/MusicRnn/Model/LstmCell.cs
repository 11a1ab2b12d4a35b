using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MusicRnn.Model;

/// <summary>One step of an LSTM's cells, once the products of its weights are there (Hochreiter and Schmidhuber 1997; gates as in torch.nn.LSTM).</summary>
internal static unsafe class LstmCell
{
    /// <summary>Opens the gates and moves the cells on. [improviser-thread] allocates nothing.</summary>
    /// <param name="gates">[4 * hidden]: sums of products in, activations of input, forget, cell and output gate out.</param>
    /// <param name="bias">[4 * hidden].</param>
    /// <param name="previous">The cells before, [hidden].</param>
    /// <param name="cell">The cells after, [hidden]; may be where the cells before are.</param>
    /// <param name="output">The hidden vector, [hidden].</param>
    /// <param name="hidden">Floats from one gate to the next.</param>
    /// <param name="units">How many units, from the first that is pointed at: a multiple of 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Activate(float* gates, float* bias, float* previous, float* cell, float* output, int hidden, int units)
    {
        for (int j = 0; j < units; j += 16)
        {
            Vector512<float> sum = Vector512.Load(gates + (2 * hidden) + j) + Vector512.Load(bias + (2 * hidden) + j);
            VectorMath.Sigmoids(
                Vector512.Load(gates + j) + Vector512.Load(bias + j),
                Vector512.Load(gates + hidden + j) + Vector512.Load(bias + hidden + j),
                out Vector512<float> input, out Vector512<float> forget);
            VectorMath.Sigmoids(
                sum + sum,
                Vector512.Load(gates + (3 * hidden) + j) + Vector512.Load(bias + (3 * hidden) + j),
                out Vector512<float> candidate, out Vector512<float> open);
            candidate = VectorMath.TanhOfSigmoid(candidate);
            input.Store(gates + j);
            forget.Store(gates + hidden + j);
            candidate.Store(gates + (2 * hidden) + j);
            open.Store(gates + (3 * hidden) + j);
            Vector512<float> next = (forget * Vector512.Load(previous + j)) + (input * candidate);
            next.Store(cell + j);
            (open * VectorMath.Tanh(next)).Store(output + j);
        }
    }
}
