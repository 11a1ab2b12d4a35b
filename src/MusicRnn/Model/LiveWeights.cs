namespace MusicRnn.Model;

/// <summary>
/// A network's matrices as they play: those of the LSTM, and the queries, keys and values of attention, in four bits, for they are most of what a note reads, all others in eight, for these
/// lose more by fewer. Any number of predictors may share them.
/// </summary>
internal sealed unsafe class LiveWeights : IDisposable
{
    private byte* _memory; // of all matrices, in the order in which a note reads them: what is fetched ahead of one's end begins the next

    /// <summary>Quantises.</summary>
    public LiveWeights(Network network)
    {
        NetworkLayout layout = network.Layout;
        float* weights = network.Weights.Pointer;
        TensorInfo[] ofLayers = [.. layout.Layers.SelectMany((layer, index) => index == 0 ? (TensorInfo[])[layer.Recurrent] : [layer.Input, layer.Recurrent])];
        AttentionTensors top = layout.Attention, ofVelocity = layout.VelocityAttention, ofDuration = layout.DurationAttention;
        HashSet<TensorInfo> coarse =
        [
            .. ofLayers, .. new[] { top, ofVelocity, ofDuration }.SelectMany(attention => (TensorInfo[])[attention.Query, attention.Key, attention.Value]),
        ];
        TensorInfo[] inOrder =
        [
            .. ofLayers,
            top.Value, top.Key, top.Query, top.Output,
            layout.Step.Weight, layout.DeepStep.Weight, layout.DeepStepOutput, layout.StepOfLate.Weight, layout.Projection.Weight,
            ofVelocity.Value, ofVelocity.Key, ofDuration.Value, ofDuration.Key,
            layout.DeepPitch.Weight, layout.Pitch.Weight, layout.Relative.Weight, layout.RepeatedPitch.Weight,
            ofVelocity.Query, ofVelocity.Output, layout.DeepVelocity.Weight, layout.Velocity.Weight,
            ofDuration.Query, ofDuration.Output, layout.DeepDuration.Weight, layout.Duration.Weight, layout.DurationOfLate.Weight,
            layout.Pedal.Weight,
        ];
        _memory = (byte*)PageMemory.Allocate((nuint)inOrder.Sum(BytesOf));
        Dictionary<TensorInfo, Int4Matrix> fours = [];
        Dictionary<TensorInfo, Int8Matrix> eights = [];
        byte* free = _memory;
        foreach (TensorInfo tensor in inOrder)
        {
            float* source = weights + tensor.Offset;
            if (coarse.Contains(tensor))
            {
                fours.Add(tensor, new Int4Matrix(source, tensor.Rows, tensor.Columns, free));
            }
            else
            {
                eights.Add(tensor, new Int8Matrix(source, tensor.Rows, tensor.Columns, free));
            }

            free += BytesOf(tensor);
        }

        Layers = [.. layout.Layers.Select((layer, index) => new LiveLayer(index == 0 ? null : fours[layer.Input], fours[layer.Recurrent], layer.Bias.Offset))];
        Attention = Attend(top);
        VelocityAttention = Attend(ofVelocity);
        DurationAttention = Attend(ofDuration);
        Step = eights[layout.Step.Weight];
        DeepStep = eights[layout.DeepStep.Weight];
        DeepStepOutput = eights[layout.DeepStepOutput];
        StepOfLate = eights[layout.StepOfLate.Weight];
        Projection = eights[layout.Projection.Weight];
        DeepPitch = eights[layout.DeepPitch.Weight];
        Pitch = eights[layout.Pitch.Weight];
        Relative = eights[layout.Relative.Weight];
        RepeatedPitch = eights[layout.RepeatedPitch.Weight];
        DeepVelocity = eights[layout.DeepVelocity.Weight];
        Velocity = eights[layout.Velocity.Weight];
        DeepDuration = eights[layout.DeepDuration.Weight];
        Duration = eights[layout.Duration.Weight];
        DurationOfLate = eights[layout.DurationOfLate.Weight];
        Pedal = eights[layout.Pedal.Weight];
        int width = layout.Shape.Embedding;
        Input = new InputGates(weights, (int)(layout.InputLength / width), width, weights + layout.Layers[0].Input.Offset, 4 * layout.Shape.Hidden);

        long BytesOf(TensorInfo tensor) => coarse.Contains(tensor) ? Int4Matrix.BytesFor(tensor.Rows, tensor.Columns) : Int8Matrix.BytesFor(tensor.Rows, tensor.Columns);

        LiveAttention Attend(AttentionTensors tensors) =>
            new(tensors, weights, fours[tensors.Query], fours[tensors.Key], fours[tensors.Value], eights[tensors.Output]);
    }

    /// <summary>Releases memory that nobody disposed.</summary>
    ~LiveWeights() => PageMemory.Free(_memory);

    /// <summary>What the input's rows add to the first layer's gates.</summary>
    public InputGates Input { get; }

    /// <summary>The LSTM's layers, from the input up.</summary>
    public IReadOnlyList<LiveLayer> Layers { get; }

    /// <summary>As <see cref="NetworkLayout.Attention"/>.</summary>
    public LiveAttention Attention { get; }

    /// <summary>As <see cref="NetworkLayout.VelocityAttention"/>.</summary>
    public LiveAttention VelocityAttention { get; }

    /// <summary>As <see cref="NetworkLayout.DurationAttention"/>.</summary>
    public LiveAttention DurationAttention { get; }

    /// <summary>As <see cref="NetworkLayout.DeepStep"/>.</summary>
    public Int8Matrix DeepStep { get; }

    /// <summary>As <see cref="NetworkLayout.DeepStepOutput"/>.</summary>
    public Int8Matrix DeepStepOutput { get; }

    /// <summary>As <see cref="NetworkLayout.DeepPitch"/>.</summary>
    public Int8Matrix DeepPitch { get; }

    /// <summary>As <see cref="NetworkLayout.DeepVelocity"/>.</summary>
    public Int8Matrix DeepVelocity { get; }

    /// <summary>As <see cref="NetworkLayout.DeepDuration"/>.</summary>
    public Int8Matrix DeepDuration { get; }

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
        Attention.Dispose();
        VelocityAttention.Dispose();
        DurationAttention.Dispose();
        PageMemory.Free(_memory);
        _memory = null;
        GC.SuppressFinalize(this);
    }
}
