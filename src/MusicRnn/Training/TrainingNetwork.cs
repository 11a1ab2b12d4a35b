using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>
/// A network over windows of notes from many pieces at once: forward, the loss, and backward by truncated
/// back-propagation through time (Williams and Peng 1990), its memory carried from window to window.
/// </summary>
public sealed unsafe class TrainingNetwork : IDisposable
{
    private readonly ThreadTeam _team;
    private readonly Gemm _gemm;
    private readonly NoteEmbedding _embedding;
    private readonly LstmLayer[] _layers;
    private readonly PredictionHeads _heads;
    private readonly NativeFloats _embedded; // [steps, streams, embedding]
    private readonly NativeFloats[] _dropped; // a layer but the uppermost: its output after dropout, [steps, streams, hidden]
    private readonly NativeFloats _past; // the uppermost layer's, [past + steps, streams, hidden]: first those that attention looks back at
    private readonly NativeFloats[] _thinned; // a layer: its recurrent weights after dropout, [4 * hidden, hidden]
    private readonly NativeFloats _gradientAbove; // [steps, streams, hidden]
    private readonly NativeFloats _gradientBelow; // [steps, streams, max(hidden, embedding)]
    private MarginalPitch? _marginal;
    private readonly int _rows;
    private readonly int _streams;

    /// <summary>Takes the memory for windows of one size.</summary>
    /// <param name="layout">The network.</param>
    /// <param name="steps">Steps in a window.</param>
    /// <param name="streams">Streams side by side.</param>
    /// <param name="team">The threads to work with.</param>
    /// <param name="training">Whether <see cref="Backward"/> will be called.</param>
    /// <param name="precision">How exactly the factors of its matrix products are taken.</param>
    public TrainingNetwork(NetworkLayout layout, int steps, int streams, ThreadTeam team, bool training, Precision precision = Precision.Float32)
    {
        Layout = layout;
        _team = team;
        _rows = steps * streams;
        _streams = streams;
        _gemm = Gemm.Create(team, precision);
        _embedding = new NoteEmbedding(layout, team);
        _heads = new PredictionHeads(layout, steps, streams, team, _gemm, training);
        NetworkShape shape = layout.Shape;
        _layers = [.. layout.Layers.Select(tensors => new LstmLayer(tensors, steps, streams, team, _gemm, training))];
        _embedded = new NativeFloats((long)_rows * shape.Embedding);
        _dropped = [.. _layers[1..].Select(_ => new NativeFloats((long)_rows * shape.Hidden))];
        _past = new NativeFloats(PastLength + ((long)_rows * shape.Hidden));
        _thinned = [.. layout.Layers.Select(tensors => new NativeFloats(training ? tensors.Recurrent.Length : 1))];
        _gradientAbove = new NativeFloats(training ? (long)_rows * Math.Max(shape.Hidden, shape.Embedding) : 1);
        _gradientBelow = new NativeFloats(training ? (long)_rows * Math.Max(shape.Hidden, shape.Embedding) : 1);
    }

    /// <summary>The network's tensors.</summary>
    public NetworkLayout Layout { get; }

    /// <summary>The uppermost hidden vectors of the last forward pass, after dropout, [steps, streams, hidden].</summary>
    private float* Hidden => _past.Pointer + PastLength;

    /// <summary>Forgets what was carried from the last window.</summary>
    public void Reset()
    {
        foreach (LstmLayer layer in _layers)
        {
            layer.Reset();
        }

        _past.Clear();
        _heads.Past.Reset();
    }

    /// <summary>The number of floats that the streams remember from window to window.</summary>
    public static long MemoryLength(NetworkShape shape, int streams) =>
        (((2L * shape.Layers) + AttentionTensors.Past) * streams * shape.Hidden) + NotePast.KeptLength(streams);

    /// <summary>Bytes that training takes at least: its largest parts, the weights beside what the optimiser keeps of them, and what every layer and every head remembers of a window.</summary>
    public static long LeastBytes(NetworkShape shape, int steps, int streams)
    {
        const long OfWeights = 6, OfCells = 6; // the weights, their averages twice, gradients and two moments; gates, cells and outputs
        long rows = (long)steps * streams;
        long ofRow = (OfCells * shape.Layers * shape.Hidden) + (3L * shape.Hidden) + shape.Embedding + (2L * NetworkLayout.Heads * shape.Head);
        return sizeof(float) * ((OfWeights * new NetworkLayout(shape).Length) + (rows * ofRow) + (2 * MemoryLength(shape, streams)));
    }

    /// <summary>Copies out what the streams remember: for each layer outputs, then cells; then the hidden vectors and notes that attention looks back at.</summary>
    public void SaveMemory(NativeFloats memory)
    {
        CopyMemory(memory, (kept, carried) => carried.CopyTo(kept));
        _heads.Past.Save(NotesOf(memory));
    }

    /// <summary>Takes back what <see cref="SaveMemory"/> gave; the length of the windows need not be the same.</summary>
    public void RestoreMemory(NativeFloats memory)
    {
        CopyMemory(memory, (kept, carried) => kept.CopyTo(carried));
        _heads.Past.Restore(NotesOf(memory));
    }

    /// <summary>Runs a window; what each stream remembers is carried on to the next.</summary>
    /// <param name="weights">All weights.</param>
    /// <param name="window">The notes.</param>
    /// <param name="dropout">What is dropped; nothing unless the network is for training.</param>
    /// <param name="key">Chooses which; the same key is given to <see cref="Backward"/>. The last six bits are 0.</param>
    /// <param name="marginalEvery">Marginalise the pitch over the step for each so many-th note; 0 for none.</param>
    /// <returns>The losses of the notes that follow.</returns>
    public Losses Forward(float* weights, NoteWindow window, DropoutRates dropout, uint key, int marginalEvery = 0)
    {
        _embedding.Forward(weights, window, _embedded.Pointer);
        Carried.CopyTo(new Span<float>(_past.Pointer, (int)PastLength));
        float* input = _embedded.Pointer;
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            if (dropout.Recurrent > 0)
            {
                TensorInfo recurrent = Layout.Layers[layer].Recurrent;
                Drop(weights + recurrent.Offset, _thinned[layer].Pointer, recurrent.Length, dropout.Recurrent, RecurrentKey(key, layer));
            }

            _layers[layer].Forward(weights, Recurrent(weights, layer, dropout), input, window.Start);
            input = OutputOf(layer);
            Drop(_layers[layer].Output, input, OutputLength, dropout.Outputs, key + (uint)layer);
        }

        _heads.Forward(weights, _past.Pointer, window);
        Losses losses = _heads.Evaluate(window);
        if (marginalEvery > 0)
        {
            _marginal ??= new MarginalPitch(Layout, _team, _gemm);
            _marginal.Evaluate(weights, _heads.Raised, _heads.StepGradient, window, marginalEvery, losses);
        }

        return losses;
    }

    /// <summary>The gradients of all weights, overwritten; <see cref="Forward"/> came before, with the same arguments.</summary>
    public void Backward(float* weights, float* gradients, NoteWindow window, DropoutRates dropout, uint key)
    {
        float* above = _gradientAbove.Pointer;
        float* below = _gradientBelow.Pointer;
        _heads.Backward(weights, gradients, _past.Pointer, window, above);
        for (int layer = _layers.Length - 1; layer >= 0; layer--)
        {
            Drop(above, above, OutputLength, dropout.Outputs, key + (uint)layer);
            float* input = layer == 0 ? _embedded.Pointer : OutputOf(layer - 1);
            _layers[layer].Backward(weights, Recurrent(weights, layer, dropout), gradients, input, window.Start, above, below);
            float* recurrent = gradients + Layout.Layers[layer].Recurrent.Offset;
            Drop(recurrent, recurrent, Layout.Layers[layer].Recurrent.Length, dropout.Recurrent, RecurrentKey(key, layer));
            float* swap = above;
            above = below;
            below = swap;
        }

        _embedding.Backward(gradients, window, above);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _heads.Dispose();
        _marginal?.Dispose();
        _gemm.Dispose();
        foreach (LstmLayer layer in _layers)
        {
            layer.Dispose();
        }

        foreach (NativeFloats buffer in (NativeFloats[])[_embedded, _past, _gradientAbove, _gradientBelow, .. _dropped, .. _thinned])
        {
            buffer.Dispose();
        }
    }

    private void CopyMemory(NativeFloats memory, Action<Span<float>, Span<float>> copy)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(memory.Length, MemoryLength(Layout.Shape, _streams));
        int length = _streams * Layout.Shape.Hidden;
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            copy(new Span<float>(memory.Pointer + (2L * layer * length), length), _layers[layer].CarriedOutput);
            copy(new Span<float>(memory.Pointer + (((2L * layer) + 1) * length), length), _layers[layer].CarriedCell);
        }

        copy(new Span<float>(memory.Pointer + (2L * _layers.Length * length), (int)PastLength), Carried);
    }

    private Span<float> NotesOf(NativeFloats memory) => memory.Span[^(int)NotePast.KeptLength(_streams)..];

    /// <summary>The last hidden vectors, which the next window finds before its own.</summary>
    private Span<float> Carried => new(_past.Pointer + ((long)_rows * Layout.Shape.Hidden), (int)PastLength);

    private long PastLength => (long)AttentionTensors.Past * _streams * Layout.Shape.Hidden;

    private float* OutputOf(int layer) => layer == _layers.Length - 1 ? Hidden : _dropped[layer].Pointer;

    private long OutputLength => (long)_rows * Layout.Shape.Hidden;

    // Outputs have the key's own layers, of which there are few.
    private static uint RecurrentKey(uint key, int layer) => key + 32 + (uint)layer;

    private float* Recurrent(float* weights, int layer, DropoutRates dropout) =>
        dropout.Recurrent > 0 ? _thinned[layer].Pointer : weights + Layout.Layers[layer].Recurrent.Offset;

    private void Drop(float* source, float* target, long length, float rate, uint key)
    {
        const long AtOnce = 32768; // a multiple of 16
        if (rate <= 0 && source == target)
        {
            return;
        }

        _team.Run((int)((length + AtOnce - 1) / AtOnce), (piece, _) =>
        {
            long first = piece * AtOnce, count = Math.Min(AtOnce, length - first);
            if (rate <= 0)
            {
                new Span<float>(source + first, (int)count).CopyTo(new Span<float>(target + first, (int)count));
            }
            else
            {
                Dropout.Apply(source, target, first, count, key * 0x85EBCA6Bu, rate);
            }
        });
    }
}
