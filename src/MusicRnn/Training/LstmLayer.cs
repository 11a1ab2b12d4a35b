using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>
/// One LSTM layer (Hochreiter and Schmidhuber 1997; gates as in torch.nn.LSTM) over a window of notes, forward and
/// backward. It goes step by step, each thread with hidden units of its own, so that it reads only its share of the weights. The threads meet
/// at every step; while one waits for the others it computes what does not depend on them, the input's part of the next step.
/// </summary>
internal sealed unsafe class LstmLayer : IDisposable
{
    private readonly LayerTensors _tensors;
    private readonly ThreadTeam _team;
    private readonly Gemm _gemm;
    private readonly int _steps;
    private readonly int _streams;
    private readonly int _inputs;
    private readonly int _hidden;
    private readonly NativeFloats _gates; // [steps, streams, 4 * hidden and a line of the cache]: activations, then their gradients
    private readonly NativeFloats _cells; // [steps + 1, streams, hidden]; row 0 is carried in
    private readonly NativeFloats _outputs; // [steps + 1, streams, hidden]; row 0 is carried in
    private readonly NativeFloats _cellGradient; // [streams, hidden]
    private readonly NativeFloats _outputGradient; // [streams, hidden]
    private readonly LstmShare[] _shares; // a thread

    /// <summary>Takes the memory for a layer.</summary>
    public LstmLayer(LayerTensors tensors, int steps, int streams, ThreadTeam team, Gemm gemm, bool training)
    {
        _tensors = tensors;
        _team = team;
        _gemm = gemm;
        _steps = steps;
        _streams = streams;
        _inputs = tensors.Input.Columns;
        _hidden = tensors.Recurrent.Columns;
        _gates = new NativeFloats((long)steps * streams * GateStride);
        _cells = new NativeFloats((long)(steps + 1) * streams * _hidden);
        _outputs = new NativeFloats((long)(steps + 1) * streams * _hidden);
        _cellGradient = new NativeFloats(training ? (long)streams * _hidden : 1);
        _outputGradient = new NativeFloats(training ? (long)streams * _hidden : 1);
        _shares = [.. Enumerable.Range(0, team.Size).Select(member => new LstmShare(tensors, streams, member, team.Size, gemm, training))];
    }

    /// <summary>The hidden vectors, [steps, streams, hidden].</summary>
    public float* Output => _outputs.Pointer + ((long)_streams * _hidden);

    // With a line more the gates of several streams do not meet in one set of the cache.
    private int GateStride => (4 * _hidden) + 16;

    /// <summary>Forgets what was carried from the last window.</summary>
    public void Reset()
    {
        CarriedOutput.Clear();
        CarriedCell.Clear();
    }

    /// <summary>The hidden vectors that the next window begins with, [streams, hidden].</summary>
    public Span<float> CarriedOutput => new(_outputs.Pointer + ((long)_steps * _streams * _hidden), _streams * _hidden);

    /// <summary>The cells that the next window begins with, [streams, hidden].</summary>
    public Span<float> CarriedCell => new(_cells.Pointer + ((long)_steps * _streams * _hidden), _streams * _hidden);

    /// <summary>Runs the window.</summary>
    /// <param name="weights">All the network's weights.</param>
    /// <param name="recurrent">This layer's recurrent weights, [4 * hidden, hidden]: those among the others, or what dropout left of them.</param>
    /// <param name="input">[steps, streams, inputs].</param>
    /// <param name="start">For each note of the window, whether nothing is remembered before it.</param>
    public void Forward(float* weights, float* recurrent, float* input, bool[] start)
    {
        int hidden = _hidden, gates = GateStride, streams = _streams;
        CarriedOutput.CopyTo(new Span<float>(_outputs.Pointer, streams * hidden));
        CarriedCell.CopyTo(new Span<float>(_cells.Pointer, streams * hidden));
        float* bias = weights + _tensors.Bias.Offset;
        _team.RunAbreast(member =>
        {
            LstmShare share = _shares[member];
            share.Pack(weights + _tensors.Input.Offset, recurrent);
            share.ForwardInput(input, _gates.Pointer, gates);
            for (int step = 0; step < _steps; step++)
            {
                long row = (long)step * streams;
                int meeting = _team.Arrive();
                if (step + 1 < _steps)
                {
                    share.ForwardInput(input + ((row + streams) * _inputs), _gates.Pointer + ((row + streams) * gates), gates);
                }

                _team.Await(meeting);
                share.ForwardRecurrent(_outputs.Pointer + (row * hidden), _gates.Pointer + (row * gates), gates);
                for (int stream = 0; stream < streams; stream++, row++)
                {
                    long here = (row * hidden) + share.First, next = here + ((long)streams * hidden);
                    LstmCell.Activate(
                        _gates.Pointer + (row * gates) + share.First, bias + share.First, _cells.Pointer + here, _cells.Pointer + next, _outputs.Pointer + next,
                        hidden, share.Units);
                    if (start[row + streams])
                    {
                        // The next note begins a piece: it finds nothing, and nothing learns through it.
                        new Span<float>(_cells.Pointer + next, share.Units).Clear();
                        new Span<float>(_outputs.Pointer + next, share.Units).Clear();
                    }
                }
            }
        });
    }

    /// <summary>Runs the window backward; <see cref="Forward"/> came before.</summary>
    /// <param name="weights">All the network's weights.</param>
    /// <param name="recurrent">The recurrent weights of the forward pass.</param>
    /// <param name="gradients">All their gradients: this layer's are overwritten.</param>
    /// <param name="input">The input of the forward pass.</param>
    /// <param name="start">As in the forward pass.</param>
    /// <param name="outputGradient">[steps, streams, hidden]: the loss by the output.</param>
    /// <param name="inputGradient">[steps, streams, inputs]: becomes the loss by the input.</param>
    public void Backward(float* weights, float* recurrent, float* gradients, float* input, bool[] start, float* outputGradient, float* inputGradient)
    {
        int hidden = _hidden, gates = GateStride, streams = _streams, rows = _steps * _streams;
        _team.RunAbreast(member =>
        {
            LstmShare share = _shares[member];
            share.PackTransposed(weights + _tensors.Input.Offset, recurrent);
            float* bias = gradients + _tensors.Bias.Offset + share.First;
            for (int gate = 0; gate < 4; gate++)
            {
                new Span<float>(bias + (gate * hidden), share.Units).Clear();
            }

            int meeting = 0;
            for (int step = _steps - 1; step >= 0; step--)
            {
                long row = (long)step * streams;
                bool isLast = step == _steps - 1;
                if (!isLast)
                {
                    InputGradients(step + 2);
                    _team.Await(meeting);
                    share.TakeGateGradients(_gates.Pointer + ((row + streams) * gates), gates);
                    share.BackwardRecurrent(_outputGradient.Pointer);
                }

                for (int stream = 0; stream < streams; stream++, row++)
                {
                    long here = (row * hidden) + share.First, next = here + ((long)streams * hidden);
                    float* later = _outputGradient.Pointer + ((long)stream * hidden) + share.First;
                    float* cell = _cellGradient.Pointer + ((long)stream * hidden) + share.First;
                    if (start[row + streams] || isLast)
                    {
                        new Span<float>(later, share.Units).Clear();
                        new Span<float>(cell, share.Units).Clear();
                    }

                    Differentiate(
                        _gates.Pointer + (row * gates) + share.First, _cells.Pointer + here, _cells.Pointer + next, outputGradient + here, later, cell,
                        bias, hidden, share.Units);
                }

                meeting = _team.Arrive();
            }

            InputGradients(1);
            _team.Await(meeting);
            share.TakeGateGradients(_gates.Pointer, gates);
            InputGradients(0);

            void InputGradients(int step)
            {
                if (step < _steps)
                {
                    share.BackwardInput(inputGradient + ((long)step * streams * _inputs));
                }
            }
        });

        _gemm.Multiply(
            4 * hidden, rows, MatrixView.RowMajor(_gates.Pointer, gates).Transposed, false,
            new GemmFactor(MatrixView.RowMajor(input, _inputs), _inputs, gradients + _tensors.Input.Offset, _inputs),
            new GemmFactor(MatrixView.RowMajor(_outputs.Pointer, hidden), hidden, gradients + _tensors.Recurrent.Offset, hidden));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeFloats buffer in (NativeFloats[])[_gates, _cells, _outputs, _cellGradient, _outputGradient])
        {
            buffer.Dispose();
        }

        foreach (LstmShare share in _shares)
        {
            share.Dispose();
        }
    }

    /// <summary>Turns a step's gate activations into the gradients of its gates, adds these to the bias's, and turns the cell's gradient into the step before's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Differentiate(float* gates, float* previous, float* cell, float* fromAbove, float* fromLater, float* cellGradient, float* bias, int hidden, int units)
    {
        Vector512<float> one = Vector512<float>.One;
        for (int j = 0; j < units; j += 16)
        {
            Vector512<float> input = Vector512.Load(gates + j);
            Vector512<float> forget = Vector512.Load(gates + hidden + j);
            Vector512<float> candidate = Vector512.Load(gates + (2 * hidden) + j);
            Vector512<float> open = Vector512.Load(gates + (3 * hidden) + j);

            // Where the next note begins a piece the cell was cleared; its gradients are zero there, so the value does not matter.
            Vector512<float> squashed = VectorMath.Tanh(Vector512.Load(cell + j));
            Vector512<float> output = Vector512.Load(fromAbove + j) + Vector512.Load(fromLater + j);
            Vector512<float> state = Vector512.Load(cellGradient + j) + (output * open * (one - (squashed * squashed)));
            (state * forget).Store(cellGradient + j);
            Vector512<float> ofInput = state * candidate * input * (one - input);
            Vector512<float> ofForget = state * Vector512.Load(previous + j) * forget * (one - forget);
            Vector512<float> ofCandidate = state * input * (one - (candidate * candidate));
            Vector512<float> ofOpen = output * squashed * open * (one - open);
            ofInput.Store(gates + j);
            ofForget.Store(gates + hidden + j);
            ofCandidate.Store(gates + (2 * hidden) + j);
            ofOpen.Store(gates + (3 * hidden) + j);
            (Vector512.Load(bias + j) + ofInput).Store(bias + j);
            (Vector512.Load(bias + hidden + j) + ofForget).Store(bias + hidden + j);
            (Vector512.Load(bias + (2 * hidden) + j) + ofCandidate).Store(bias + (2 * hidden) + j);
            (Vector512.Load(bias + (3 * hidden) + j) + ofOpen).Store(bias + (3 * hidden) + j);
        }
    }
}
