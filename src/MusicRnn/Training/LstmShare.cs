using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>
/// What one thread computes of a layer, for all streams: the gates of some hidden units, and the gradients of these units and of some inputs.
/// The weights for it are few enough that the thread's own cache keeps a good part of them from step to step.
/// </summary>
internal sealed unsafe class LstmShare : IDisposable
{
    private const int Gates = 4;
    private const int AtOnce = 16; // a vector, and a line of the cache, which no two threads should write to

    private readonly int _allUnits;
    private readonly int _allInputs;
    private readonly int _streams;
    private readonly int _firstInput;
    private readonly int _inputs;
    private readonly NativeFloats _input; // [all inputs, units] in panels, gate after gate
    private readonly NativeFloats _recurrent; // [all units, units] in panels, gate after gate
    private readonly NativeFloats _inputTransposed; // [4 * all units, inputs] in panels
    private readonly NativeFloats _recurrentTransposed; // [4 * all units, units] in panels

    /// <summary>Takes the memory for a thread's share.</summary>
    /// <param name="tensors">The layer.</param>
    /// <param name="streams">Streams side by side.</param>
    /// <param name="member">The thread's number in its team.</param>
    /// <param name="members">How many they are.</param>
    /// <param name="training">Whether there will be a backward pass.</param>
    public LstmShare(LayerTensors tensors, int streams, int member, int members, bool training)
    {
        _allUnits = tensors.Recurrent.Columns;
        _allInputs = tensors.Input.Columns;
        _streams = streams;
        (First, Units) = Part(_allUnits);
        (_firstInput, _inputs) = Part(_allInputs);
        _input = new NativeFloats(Gates * Gemm.PackedLength(_allInputs, Units));
        _recurrent = new NativeFloats(Gates * Gemm.PackedLength(_allUnits, Units));
        _inputTransposed = new NativeFloats(training ? Gemm.PackedLength(Gates * _allUnits, _inputs) : 0);
        _recurrentTransposed = new NativeFloats(training ? Gemm.PackedLength(Gates * _allUnits, Units) : 0);

        (int, int) Part(int whole)
        {
            int first = whole / AtOnce * member / members * AtOnce;
            return (first, (whole / AtOnce * (member + 1) / members * AtOnce) - first);
        }
    }

    /// <summary>The first of the units, a multiple of 16.</summary>
    public int First { get; }

    /// <summary>How many there are, a multiple of 16; may be 0.</summary>
    public int Units { get; }

    /// <summary>Packs the weights for the forward pass.</summary>
    /// <param name="input">[4 * all units, all inputs].</param>
    /// <param name="recurrent">[4 * all units, all units].</param>
    public void Pack(float* input, float* recurrent)
    {
        for (int gate = 0; gate < Gates; gate++)
        {
            PackGate(input, _allInputs, _input);
            PackGate(recurrent, _allUnits, _recurrent);

            void PackGate(float* weights, int depth, NativeFloats packed) => Gemm.PackColumns(
                MatrixView.RowMajor(weights, depth).From((gate * _allUnits) + First, 0).Transposed, depth, Units, packed.Pointer + (gate * Gemm.PackedLength(depth, Units)));
        }
    }

    /// <summary>Computes what comes of the inputs to the units' gates.</summary>
    /// <param name="gemm">The products.</param>
    /// <param name="member">The calling thread.</param>
    /// <param name="inputs">All inputs at a step, [streams, all inputs].</param>
    /// <param name="gates">[streams, stride], of which 4 * all units count.</param>
    /// <param name="stride">Floats from one stream's gates to the next's.</param>
    public void ForwardInput(Gemm gemm, int member, float* inputs, float* gates, long stride) =>
        Forward(gemm, member, inputs, _allInputs, _input, gates, stride, accumulate: false);

    /// <summary>Adds what comes of the outputs before to the units' gates.</summary>
    /// <param name="gemm">The products.</param>
    /// <param name="member">The calling thread.</param>
    /// <param name="outputs">The outputs of all units at the step before, [streams, all units].</param>
    /// <param name="gates">[streams, stride], of which 4 * all units count.</param>
    /// <param name="stride">Floats from one stream's gates to the next's.</param>
    public void ForwardRecurrent(Gemm gemm, int member, float* outputs, float* gates, long stride) =>
        Forward(gemm, member, outputs, _allUnits, _recurrent, gates, stride, accumulate: true);

    /// <summary>Packs the weights for the backward pass.</summary>
    /// <param name="input">[4 * all units, all inputs].</param>
    /// <param name="recurrent">[4 * all units, all units].</param>
    public void PackTransposed(float* input, float* recurrent)
    {
        int depth = Gates * _allUnits;
        Gemm.PackColumns(MatrixView.RowMajor(input, _allInputs).From(0, _firstInput), depth, _inputs, _inputTransposed.Pointer);
        Gemm.PackColumns(MatrixView.RowMajor(recurrent, _allUnits).From(0, First), depth, Units, _recurrentTransposed.Pointer);
    }

    /// <summary>Computes the gradients of the share's inputs by the gates of a step.</summary>
    /// <param name="gemm">The products.</param>
    /// <param name="member">The calling thread.</param>
    /// <param name="gateGradients">Those of all units' gates, [streams, stride], of which 4 * all units count.</param>
    /// <param name="stride">Floats from one stream's gates to the next's.</param>
    /// <param name="inputGradients">[streams, all inputs].</param>
    public void BackwardInput(Gemm gemm, int member, float* gateGradients, long stride, float* inputGradients) =>
        Backward(gemm, member, gateGradients, stride, _inputs, _inputTransposed, inputGradients + _firstInput, _allInputs);

    /// <summary>Computes the gradients of the units' outputs by the gates of the step after.</summary>
    /// <param name="gemm">The products.</param>
    /// <param name="member">The calling thread.</param>
    /// <param name="gateGradients">Those of all units' gates, [streams, stride], of which 4 * all units count.</param>
    /// <param name="stride">Floats from one stream's gates to the next's.</param>
    /// <param name="outputGradients">[streams, all units].</param>
    public void BackwardRecurrent(Gemm gemm, int member, float* gateGradients, long stride, float* outputGradients) =>
        Backward(gemm, member, gateGradients, stride, Units, _recurrentTransposed, outputGradients + First, _allUnits);

    /// <inheritdoc/>
    public void Dispose()
    {
        _input.Dispose();
        _recurrent.Dispose();
        _inputTransposed.Dispose();
        _recurrentTransposed.Dispose();
    }

    private void Forward(Gemm gemm, int member, float* from, int depth, NativeFloats weights, float* gates, long stride, bool accumulate) => gemm.MultiplyPanels(
        member, gemm.Take(member, MatrixView.RowMajor(from, depth), _streams, depth), Units, depth, weights.Pointer, gates + First, stride, accumulate, Gates, _allUnits);

    private void Backward(Gemm gemm, int member, float* gateGradients, long stride, int columns, NativeFloats weights, float* result, int resultStride) => gemm.MultiplyPanels(
        member, gemm.Take(member, MatrixView.RowMajor(gateGradients, stride), _streams, Gates * _allUnits), columns, Gates * _allUnits, weights.Pointer, result, resultStride, false);
}
