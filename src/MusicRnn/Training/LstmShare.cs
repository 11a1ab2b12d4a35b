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

    private readonly Gemm _gemm;
    private readonly int _member;
    private readonly int _allUnits;
    private readonly int _allInputs;
    private readonly int _streams;
    private readonly int _firstInput;
    private readonly int _inputs;
    private readonly NativeFloats _input; // [all inputs, units] in panels, gate after gate
    private readonly NativeFloats _recurrent; // [all units, units] in panels, gate after gate
    private readonly NativeFloats _inputTransposed; // [4 * all units, inputs] in panels
    private readonly NativeFloats _recurrentTransposed; // [4 * all units, units] in panels
    private GemmRows _gateGradients; // [streams, 4 * all units] of a step

    /// <summary>Takes the memory for a thread's share.</summary>
    /// <param name="tensors">The layer.</param>
    /// <param name="streams">Streams side by side.</param>
    /// <param name="member">The thread's number in its team.</param>
    /// <param name="members">How many they are.</param>
    /// <param name="gemm">The products.</param>
    /// <param name="training">Whether there will be a backward pass.</param>
    public LstmShare(LayerTensors tensors, int streams, int member, int members, Gemm gemm, bool training)
    {
        _gemm = gemm;
        _member = member;
        _allUnits = tensors.Recurrent.Columns;
        _allInputs = tensors.Input.Columns;
        _streams = streams;
        (First, Units) = Part(_allUnits);
        (_firstInput, _inputs) = Part(_allInputs);
        _input = new NativeFloats(Gates * _gemm.PackedLength(_allInputs, Units));
        _recurrent = new NativeFloats(Gates * _gemm.PackedLength(_allUnits, Units));
        _inputTransposed = new NativeFloats(training ? _gemm.PackedLength(Gates * _allUnits, _inputs) : 0);
        _recurrentTransposed = new NativeFloats(training ? _gemm.PackedLength(Gates * _allUnits, Units) : 0);

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

            void PackGate(float* weights, int depth, NativeFloats packed) => _gemm.PackColumns(
                MatrixView.RowMajor(weights, depth).From((gate * _allUnits) + First, 0).Transposed, depth, Units, packed.Pointer + (gate * _gemm.PackedLength(depth, Units)));
        }
    }

    /// <summary>Computes what comes of the inputs to the units' gates.</summary>
    /// <param name="inputs">All inputs at a step, [streams, all inputs].</param>
    /// <param name="gates">[streams, stride], of which 4 * all units count.</param>
    /// <param name="stride">Floats from one stream's gates to the next's.</param>
    public void ForwardInput(float* inputs, float* gates, long stride) =>
        Forward(inputs, _allInputs, _input, gates, stride, accumulate: false);

    /// <summary>Adds what comes of the outputs before to the units' gates.</summary>
    /// <param name="outputs">The outputs of all units at the step before, [streams, all units].</param>
    /// <param name="gates">[streams, stride], of which 4 * all units count.</param>
    /// <param name="stride">Floats from one stream's gates to the next's.</param>
    public void ForwardRecurrent(float* outputs, float* gates, long stride) =>
        Forward(outputs, _allUnits, _recurrent, gates, stride, accumulate: true);

    /// <summary>Packs the weights for the backward pass.</summary>
    /// <param name="input">[4 * all units, all inputs].</param>
    /// <param name="recurrent">[4 * all units, all units].</param>
    public void PackTransposed(float* input, float* recurrent)
    {
        int depth = Gates * _allUnits;
        _gemm.PackColumns(MatrixView.RowMajor(input, _allInputs).From(0, _firstInput), depth, _inputs, _inputTransposed.Pointer);
        _gemm.PackColumns(MatrixView.RowMajor(recurrent, _allUnits).From(0, First), depth, Units, _recurrentTransposed.Pointer);
    }

    /// <summary>Takes the gradients of all units' gates at a step, for both of the products that follow.</summary>
    /// <param name="gateGradients">[streams, stride], of which 4 * all units count.</param>
    /// <param name="stride">Floats from one stream's gates to the next's.</param>
    public void TakeGateGradients(float* gateGradients, long stride) =>
        _gateGradients = _gemm.Take(_member, MatrixView.RowMajor(gateGradients, stride), _streams, Gates * _allUnits);

    /// <summary>Computes the gradients of the share's inputs by the gates that were taken.</summary>
    /// <param name="inputGradients">[streams, all inputs].</param>
    public void BackwardInput(float* inputGradients) => Backward(_inputs, _inputTransposed, inputGradients + _firstInput, _allInputs);

    /// <summary>Computes the gradients of the units' outputs at the step before, by the gates that were taken.</summary>
    /// <param name="outputGradients">[streams, all units].</param>
    public void BackwardRecurrent(float* outputGradients) => Backward(Units, _recurrentTransposed, outputGradients + First, _allUnits);

    /// <inheritdoc/>
    public void Dispose()
    {
        _input.Dispose();
        _recurrent.Dispose();
        _inputTransposed.Dispose();
        _recurrentTransposed.Dispose();
    }

    private void Forward(float* from, int depth, NativeFloats weights, float* gates, long stride, bool accumulate) => _gemm.MultiplyPanels(
        _member, _gemm.Take(_member, MatrixView.RowMajor(from, depth), _streams, depth), Units, depth, weights.Pointer, gates + First, stride, accumulate, Gates, _allUnits);

    private void Backward(int columns, NativeFloats weights, float* result, int resultStride) =>
        _gemm.MultiplyPanels(_member, _gateGradients, columns, Gates * _allUnits, weights.Pointer, result, resultStride, false);
}
