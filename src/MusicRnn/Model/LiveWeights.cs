namespace MusicRnn.Model;

/// <summary>
/// A network's matrices as they play: the LSTM's in four bits, for they are most of what a note reads, the heads' in eight, for these lose more by fewer. Any number of
/// predictors may share them.
/// </summary>
internal sealed unsafe class LiveWeights : IDisposable
{
    private readonly byte* _memory; // of all matrices, in the order in which a note reads them: what is fetched ahead of one's end begins the next

    /// <summary>Quantises.</summary>
    public LiveWeights(Network network)
    {
        NetworkLayout layout = network.Layout;
        float* weights = network.Weights.Pointer;
        TensorInfo[] ofLayers = [.. layout.Layers.SelectMany((layer, index) => index == 0 ? (TensorInfo[])[layer.Recurrent] : [layer.Input, layer.Recurrent])];
        LinearTensors[] heads =
        [
            layout.Step, layout.StepOfLate, layout.Projection, layout.Pitch, layout.Relative, layout.RepeatedPitch,
            layout.Velocity, layout.Duration, layout.DurationOfLate, layout.Pedal,
        ];
        long bytes = ofLayers.Sum(tensor => Int4Matrix.BytesFor(tensor.Rows, tensor.Columns)) + heads.Sum(head => Int8Matrix.BytesFor(head.Weight.Rows, head.Weight.Columns));
        _memory = (byte*)PageMemory.Allocate((nuint)bytes);
        byte* free = _memory;
        var matrices = new Queue<Int4Matrix>(ofLayers.Select(Coarse));
        Layers = [.. layout.Layers.Select((layer, index) => new LiveLayer(index == 0 ? null : matrices.Dequeue(), matrices.Dequeue(), layer.Bias.Offset))];
        Step = Fine(layout.Step);
        StepOfLate = Fine(layout.StepOfLate);
        Projection = Fine(layout.Projection);
        Pitch = Fine(layout.Pitch);
        Relative = Fine(layout.Relative);
        RepeatedPitch = Fine(layout.RepeatedPitch);
        Velocity = Fine(layout.Velocity);
        Duration = Fine(layout.Duration);
        DurationOfLate = Fine(layout.DurationOfLate);
        Pedal = Fine(layout.Pedal);
        int width = layout.Shape.Embedding;
        Input = new InputGates(weights, (int)(layout.InputLength / width), width, weights + layout.Layers[0].Input.Offset, 4 * layout.Shape.Hidden);

        Int4Matrix Coarse(TensorInfo tensor)
        {
            byte* memory = free;
            free += Int4Matrix.BytesFor(tensor.Rows, tensor.Columns);
            return new Int4Matrix(weights + tensor.Offset, tensor.Rows, tensor.Columns, memory);
        }

        Int8Matrix Fine(LinearTensors linear)
        {
            byte* memory = free;
            free += Int8Matrix.BytesFor(linear.Weight.Rows, linear.Weight.Columns);
            return new Int8Matrix(weights + linear.Weight.Offset, linear.Weight.Rows, linear.Weight.Columns, memory);
        }
    }

    /// <summary>Releases memory that nobody disposed.</summary>
    ~LiveWeights() => PageMemory.Free(_memory);

    /// <summary>What the input's rows add to the first layer's gates.</summary>
    public InputGates Input { get; }

    /// <summary>The LSTM's layers, from the input up.</summary>
    public IReadOnlyList<LiveLayer> Layers { get; }

    /// <summary>As <see cref="NetworkLayout.Step"/>.</summary>
    public Int8Matrix Step { get; }

    /// <summary>As <see cref="NetworkLayout.Projection"/>.</summary>
    public Int8Matrix Projection { get; }

    /// <summary>As <see cref="NetworkLayout.Pitch"/>.</summary>
    public Int8Matrix Pitch { get; }

    /// <summary>As <see cref="NetworkLayout.Relative"/>.</summary>
    public Int8Matrix Relative { get; }

    /// <summary>As <see cref="NetworkLayout.RepeatedPitch"/>.</summary>
    public Int8Matrix RepeatedPitch { get; }

    /// <summary>As <see cref="NetworkLayout.StepOfLate"/>.</summary>
    public Int8Matrix StepOfLate { get; }

    /// <summary>As <see cref="NetworkLayout.DurationOfLate"/>.</summary>
    public Int8Matrix DurationOfLate { get; }

    /// <summary>As <see cref="NetworkLayout.Velocity"/>.</summary>
    public Int8Matrix Velocity { get; }

    /// <summary>As <see cref="NetworkLayout.Duration"/>.</summary>
    public Int8Matrix Duration { get; }

    /// <summary>As <see cref="NetworkLayout.Pedal"/>.</summary>
    public Int8Matrix Pedal { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Input.Dispose();
        PageMemory.Free(_memory);
        GC.SuppressFinalize(this);
    }
}
