using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>
/// The hidden units of a layer that one thread computes, for all streams, and their recurrent weights: few enough that the thread's own cache keeps
/// a good part of them from step to step.
/// </summary>
internal sealed unsafe class LstmShare : IDisposable
{
    private const int Gates = 4;
    private readonly int _hidden;
    private readonly int _streams;
    private readonly NativeFloats _packed; // [hidden, units] in panels, gate after gate
    private readonly NativeFloats _packedTransposed; // [4 * hidden, units] in panels

    /// <summary>Takes the memory for a thread's share.</summary>
    /// <param name="first">The first of the units, a multiple of 16.</param>
    /// <param name="units">How many, a multiple of 16; may be 0.</param>
    /// <param name="hidden">All units of the layer.</param>
    /// <param name="streams">Streams side by side.</param>
    /// <param name="training">Whether <see cref="Backward"/> will be called.</param>
    public LstmShare(int first, int units, int hidden, int streams, bool training)
    {
        First = first;
        Units = units;
        _hidden = hidden;
        _streams = streams;
        _packed = new NativeFloats(Gates * Gemm.PackedLength(hidden, units));
        _packedTransposed = new NativeFloats(training ? Gemm.PackedLength(Gates * hidden, units) : 0);
    }

    /// <summary>The first of the units.</summary>
    public int First { get; }

    /// <summary>How many there are.</summary>
    public int Units { get; }

    /// <summary>Packs the recurrent weights for the forward pass.</summary>
    /// <param name="recurrent">[4 * hidden, hidden].</param>
    public void Pack(float* recurrent)
    {
        for (int gate = 0; gate < Gates; gate++)
        {
            MatrixView columns = MatrixView.RowMajor(recurrent, _hidden).From((gate * _hidden) + First, 0).Transposed;
            Gemm.PackColumns(columns, _hidden, Units, 0, _hidden, _packed.Pointer + (gate * Gemm.PackedLength(_hidden, Units)));
        }
    }

    /// <summary>Adds what comes of the outputs before to the units' gates.</summary>
    /// <param name="gemm">The products.</param>
    /// <param name="member">The calling thread.</param>
    /// <param name="packedOutputs">The outputs of all units at the step before, [streams, hidden] in panels of rows.</param>
    /// <param name="gates">[streams, 4 * hidden].</param>
    public void Forward(Gemm gemm, int member, float* packedOutputs, float* gates) => gemm.MultiplyPanels(
        member, _streams, Units, _hidden, packedOutputs, _packed.Pointer, gates + First, Gates * _hidden, true, Gates, _hidden);

    /// <summary>Packs the recurrent weights for the backward pass.</summary>
    /// <param name="recurrent">[4 * hidden, hidden].</param>
    public void PackTransposed(float* recurrent) => Gemm.PackColumns(
        MatrixView.RowMajor(recurrent, _hidden).From(0, First), Gates * _hidden, Units, 0, Gates * _hidden, _packedTransposed.Pointer);

    /// <summary>Packs the gradients of the units' gates where <see cref="Backward"/> finds those of all units.</summary>
    /// <param name="gateGradients">[streams, 4 * hidden].</param>
    /// <param name="packedGradients">The same in panels of rows.</param>
    public void PackGradients(float* gateGradients, float* packedGradients)
    {
        for (int gate = 0; gate < Gates; gate++)
        {
            int first = (gate * _hidden) + First;
            Gemm.PackRows(MatrixView.RowMajor(gateGradients + first, Gates * _hidden), _streams, Units, first, Gates * _hidden, packedGradients);
        }
    }

    /// <summary>Computes the gradients of the units' outputs by the gates of the step after.</summary>
    /// <param name="gemm">The products.</param>
    /// <param name="member">The calling thread.</param>
    /// <param name="packedGradients">Those of all units' gates, [streams, 4 * hidden] in panels of rows.</param>
    /// <param name="outputGradients">[streams, hidden].</param>
    public void Backward(Gemm gemm, int member, float* packedGradients, float* outputGradients) => gemm.MultiplyPanels(
        member, _streams, Units, Gates * _hidden, packedGradients, _packedTransposed.Pointer, outputGradients + First, _hidden, false);

    /// <inheritdoc/>
    public void Dispose()
    {
        _packed.Dispose();
        _packedTransposed.Dispose();
    }
}
