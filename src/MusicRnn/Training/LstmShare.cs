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
                MatrixView.RowMajor(weights, depth).From((gate * _allUnits) + First, 0).Transposed, depth, Units, 0, depth, packed.Pointer + (gate * Gemm.PackedLength(depth, Units)));
        }
    }

    /// <summary>Computes what comes of the inputs to the units' gates.</summary>
    /// <param name="gemm">The products.</param>
    /// <param name="member">The calling thread.</param>
    /// <param name="packedInputs">All inputs at a step, [streams, all inputs] in panels of rows.</param>
    /// <param name="gates">[streams, 4 * all units].</param>
    public void ForwardInput(Gemm gemm, int member, float* packedInputs, float* gates) => gemm.MultiplyPanels(
        member, _streams, Units, _allInputs, packedInputs, _input.Pointer, gates + First, Gates * _allUnits, false, Gates, _allUnits);

    /// <summary>Adds what comes of the outputs before to the units' gates.</summary>
    /// <param name="gemm">The products.</param>
    /// <param name="member">The calling thread.</param>
    /// <param name="packedOutputs">The outputs of all units at the step before, [streams, all units] in panels of rows.</param>
    /// <param name="gates">[streams, 4 * all units].</param>
    public void ForwardRecurrent(Gemm gemm, int member, float* packedOutputs, float* gates) => gemm.MultiplyPanels(
        member, _streams, Units, _allUnits, packedOutputs, _recurrent.Pointer, gates + First, Gates * _allUnits, true, Gates, _allUnits);

    /// <summary>Packs the weights for the backward pass.</summary>
    /// <param name="input">[4 * all units, all inputs].</param>
    /// <param name="recurrent">[4 * all units, all units].</param>
    public void PackTransposed(float* input, float* recurrent)
    {
        int depth = Gates * _allUnits;
        Gemm.PackColumns(MatrixView.RowMajor(input, _allInputs).From(0, _firstInput), depth, _inputs, 0, depth, _inputTransposed.Pointer);
        Gemm.PackColumns(MatrixView.RowMajor(recurrent, _allUnits).From(0, First), depth, Units, 0, depth, _recurrentTransposed.Pointer);
    }

    /// <summary>Packs the gradients of the units' gates where the backward pass finds those of all units.</summary>
    /// <param name="gateGradients">[streams, 4 * all units].</param>
    /// <param name="packedGradients">The same in panels of rows.</param>
    public void PackGradients(float* gateGradients, float* packedGradients)
    {
        for (int gate = 0; gate < Gates; gate++)
        {
            int first = (gate * _allUnits) + First;
            Gemm.PackRows(MatrixView.RowMajor(gateGradients + first, Gates * _allUnits), _streams, Units, first, Gates * _allUnits, packedGradients);
        }
    }

    /// <summary>Computes the gradients of the share's inputs by the gates of a step.</summary>
    /// <param name="gemm">The products.</param>
    /// <param name="member">The calling thread.</param>
    /// <param name="packedGradients">Those of all units' gates, [streams, 4 * all units] in panels of rows.</param>
    /// <param name="inputGradients">[streams, all inputs].</param>
    public void BackwardInput(Gemm gemm, int member, float* packedGradients, float* inputGradients) => gemm.MultiplyPanels(
        member, _streams, _inputs, Gates * _allUnits, packedGradients, _inputTransposed.Pointer, inputGradients + _firstInput, _allInputs, false);

    /// <summary>Computes the gradients of the units' outputs by the gates of the step after.</summary>
    /// <param name="gemm">The products.</param>
    /// <param name="member">The calling thread.</param>
    /// <param name="packedGradients">Those of all units' gates, [streams, 4 * all units] in panels of rows.</param>
    /// <param name="outputGradients">[streams, all units].</param>
    public void BackwardRecurrent(Gemm gemm, int member, float* packedGradients, float* outputGradients) => gemm.MultiplyPanels(
        member, _streams, Units, Gates * _allUnits, packedGradients, _recurrentTransposed.Pointer, outputGradients + First, _allUnits, false);

    /// <inheritdoc/>
    public void Dispose()
    {
        _input.Dispose();
        _recurrent.Dispose();
        _inputTransposed.Dispose();
        _recurrentTransposed.Dispose();
    }
}
