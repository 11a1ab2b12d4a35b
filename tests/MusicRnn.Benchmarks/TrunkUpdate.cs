using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Benchmarks;

/// <summary>Forward, backward and Adam of a 3x512 LSTM over a window of 64 streams: what takes the time in training.</summary>
internal sealed unsafe class TrunkUpdate : IDisposable
{
    public const int Streams = 64;
    private const int Layers = 3;
    private const int Hidden = 512;

    private readonly Network _network = Network.CreateRandom(new NetworkShape(Layers, Hidden, Hidden, 16), 1);
    private readonly ThreadTeam _team;
    private readonly Gemm _gemm;
    private readonly LstmLayer[] _layers;
    private readonly Adam _adam;
    private readonly long _first; // of the trunk's weights
    private readonly NativeFloats _gradients;
    private readonly NativeFloats _input;
    private readonly NativeFloats _above;
    private readonly NativeFloats _below;
    private readonly bool[] _start;

    public TrunkUpdate(int steps, int threads, Precision precision)
    {
        NetworkLayout layout = _network.Layout;
        _team = new ThreadTeam(threads);
        _gemm = Gemm.Create(_team, precision);
        _layers = [.. layout.Layers.Select(tensors => new LstmLayer(tensors, steps, Streams, _team, _gemm, training: true))];
        _first = layout.Layers[0].Input.Offset;
        _adam = new Adam(layout.Step.Weight.Offset - _first, _team);
        _gradients = new NativeFloats(layout.Length);
        _input = new NativeFloats(steps * Streams * Hidden);
        _above = new NativeFloats(_input.Length);
        _below = new NativeFloats(_input.Length);
        _start = new bool[(steps + 1) * Streams];
        var random = new NoteRandom(1, 2);
        for (int i = 0; i < _input.Length; i++)
        {
            _input.Span[i] = (float)random.Uniform(i) - 0.5f;
        }

        // Forward two operations a weight, backward twice that: layers of four gates from 512 inputs and 512 outputs.
        Operations = 6.0 * Layers * (4 * Hidden) * (2 * Hidden) * steps * Streams;
    }

    /// <summary>Floating-point operations of an update.</summary>
    public double Operations { get; }

    /// <summary>One update.</summary>
    public void Run()
    {
        for (int layer = 0; layer < Layers; layer++)
        {
            _layers[layer].Forward(_network.Weights.Pointer, Recurrent(layer), layer == 0 ? _input.Pointer : _layers[layer - 1].Output, _start);
        }

        // The loss is half the square of what comes out, so that its gradient is what comes out.
        new Span<float>(_layers[^1].Output, (int)_above.Length).CopyTo(_above.Span);
        (NativeFloats from, NativeFloats to) = (_above, _below);
        for (int layer = Layers - 1; layer >= 0; layer--, (from, to) = (to, from))
        {
            _layers[layer].Backward(
                _network.Weights.Pointer, Recurrent(layer), _gradients.Pointer, layer == 0 ? _input.Pointer : _layers[layer - 1].Output, _start, from.Pointer, to.Pointer);
        }

        _adam.Update(_network.Weights.Pointer + _first, _gradients.Pointer + _first, 1e-3f, 1, 0.99f);
    }

    private float* Recurrent(int layer) => _network.Weights.Pointer + _network.Layout.Layers[layer].Recurrent.Offset;

    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[.. _layers, _adam, _gemm, _team, _network, _gradients, _input, _above, _below])
        {
            part.Dispose();
        }
    }
}
