namespace MusicRnn.Model;

/// <summary>
/// Where each tensor of a network lies in the one buffer that holds its weights. Linear layers are [outputs, inputs] and
/// the LSTM's gates stand in the order input, forget, cell, output, as in torch.nn.Linear and torch.nn.LSTM. The LSTM's
/// two biases are kept as their sum.
/// </summary>
public sealed class NetworkLayout
{
    private readonly List<TensorInfo> _tensors = [];

    /// <summary>Lays out a network of the given size.</summary>
    public NetworkLayout(NetworkShape shape)
    {
        Shape = shape;
        int embedding = shape.Embedding, hidden = shape.Hidden, head = shape.Head;
        foreach (InputTable table in InputTable.All)
        {
            Add(table.Name, table.Rows, embedding);
        }

        InputLength = Length;
        Layers = new LayerTensors[shape.Layers];
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            int inputs = layer == 0 ? embedding : hidden;
            Layers[layer] = new LayerTensors(
                Add($"lstm.weight_ih_l{layer}", 4 * hidden, inputs),
                Add($"lstm.weight_hh_l{layer}", 4 * hidden, hidden),
                Add($"lstm.bias_l{layer}", 4 * hidden, 1));
        }

        Attention = AddAttention("attention", hidden, TopKeys, 0, hidden, false);
        Step = AddLinear("step", Grid.Bins, hidden);
        DeepStep = AddLinear("step.deep", head, hidden);
        DeepStepOutput = Add("step.deep_output.weight", Grid.Bins, head);
        Projection = AddLinear("projection", Heads * head, hidden);
        StepGivenRepeat = Add("step.given_repeat.weight", Repeat.StepRows, Grid.Bins);
        PitchGivenStep = Add("pitch.given_step.weight", Grid.Bins, head);
        VelocityGivenStep = Add("velocity.given_step.weight", Grid.Bins, head);
        VelocityGivenPitch = Add("velocity.given_pitch.weight", NoteEncoding.Pitches, head);
        VelocityGivenNeighbour = Add("velocity.given_neighbour.weight", Neighbours.VelocityRows, head);
        DurationGivenStep = Add("duration.given_step.weight", Grid.Bins, head);
        DurationGivenPitch = Add("duration.given_pitch.weight", NoteEncoding.Pitches, head);
        DurationGivenVelocity = Add("duration.given_velocity.weight", NoteEncoding.Velocities, head);
        DurationGivenNeighbour = Add("duration.given_neighbour.weight", Neighbours.DurationRows, head);
        PedalGivenStep = Add("pedal.given_step.weight", Grid.Bins, head);
        PedalGivenPitch = Add("pedal.given_pitch.weight", NoteEncoding.Pitches, head);
        VelocityAttention = AddAttention("velocity.attention", head, HeadKeys, AttentionTensors.VelocityRow, head, false);
        DurationAttention = AddAttention("duration.attention", head, HeadKeys, AttentionTensors.NoteRows, head, true);
        DeepPitch = AddLinear("pitch.deep", head, head);
        DeepVelocity = AddLinear("velocity.deep", head, head);
        DeepDuration = AddLinear("duration.deep", head, head);
        Pitch = AddLinear("pitch.absolute", NoteEncoding.Pitches, head);
        Relative = AddLinear("pitch.relative", NoteEncoding.Recent * NoteEncoding.RelativeIntervals, head);
        RepeatedPitch = AddLinear("pitch.repeated", Repeat.Logits, head);
        StepOfLate = AddLinear("step.of_late", LevelLogits.Levels, hidden);
        DurationOfLate = AddLinear("duration.of_late", LevelLogits.Levels, head);
        Velocity = AddLinear("velocity.output", NoteEncoding.Velocities, head);
        Duration = AddLinear("duration.output", Grid.Bins, head);
        Pedal = AddLinear("pedal.output", NoteEncoding.PedalClasses, head);
    }

    /// <summary>The width of the keys of <see cref="Attention"/>.</summary>
    public const int TopKeys = 128;

    /// <summary>The width of the keys of a head's own attention.</summary>
    public const int HeadKeys = 64;

    /// <summary>The heads that share the projection, in its order: pitch, velocity, duration, pedal.</summary>
    public const int Heads = 4;

    /// <summary>The network's size.</summary>
    public NetworkShape Shape { get; }

    /// <summary>Every tensor, in order.</summary>
    public IReadOnlyList<TensorInfo> Tensors => _tensors;

    /// <summary>The number of floats in the buffer: every tensor begins on a 64-byte line.</summary>
    public long Length { get; private set; }

    /// <summary>The number of weights that are learned.</summary>
    public long Parameters => _tensors.Sum(tensor => tensor.Length);

    /// <summary>The floats that the input's tables take, from the beginning of the buffer: row r of all of them stands at r * embedding.</summary>
    public long InputLength { get; }

    /// <summary>The LSTM's layers, from the input up.</summary>
    public LayerTensors[] Layers { get; }

    /// <summary>What is added to the uppermost hidden vector before any head reads it.</summary>
    public AttentionTensors Attention { get; }

    /// <summary>What is added to the velocity head's own layer before it is rectified; it knows the step and the pitch.</summary>
    public AttentionTensors VelocityAttention { get; }

    /// <summary>What is added to the duration head's own layer before it is rectified; it knows all but the duration.</summary>
    public AttentionTensors DurationAttention { get; }

    /// <summary>From the hidden vector to a layer of the step head's own, rectified, [head].</summary>
    public LinearTensors DeepStep { get; }

    /// <summary>What that layer adds to the logits of the step, [bins, head].</summary>
    public TensorInfo DeepStepOutput { get; }

    /// <summary>A second layer of the pitch head, rectified and added to its first, [head, head]; so the next two.</summary>
    public LinearTensors DeepPitch { get; }

    /// <summary>As <see cref="DeepPitch"/>, of the velocity head.</summary>
    public LinearTensors DeepVelocity { get; }

    /// <summary>As <see cref="DeepPitch"/>, of the duration head.</summary>
    public LinearTensors DeepDuration { get; }

    /// <summary>Logits of the step, from the hidden vector.</summary>
    public LinearTensors Step { get; }

    /// <summary>From the hidden vector to the four heads' own hidden layers, [4 * head, hidden].</summary>
    public LinearTensors Projection { get; }

    /// <summary>What a repeat adds to the logits of the step.</summary>
    public TensorInfo StepGivenRepeat { get; }

    /// <summary>What the step adds to the pitch head.</summary>
    public TensorInfo PitchGivenStep { get; }

    /// <summary>What the step adds to the velocity head.</summary>
    public TensorInfo VelocityGivenStep { get; }

    /// <summary>What the pitch adds to the velocity head.</summary>
    public TensorInfo VelocityGivenPitch { get; }

    /// <summary>What the notes nearest to the pitch add to the velocity head.</summary>
    public TensorInfo VelocityGivenNeighbour { get; }

    /// <summary>What the step adds to the duration head.</summary>
    public TensorInfo DurationGivenStep { get; }

    /// <summary>What the pitch adds to the duration head.</summary>
    public TensorInfo DurationGivenPitch { get; }

    /// <summary>What the velocity adds to the duration head.</summary>
    public TensorInfo DurationGivenVelocity { get; }

    /// <summary>What the notes nearest to the pitch add to the duration head.</summary>
    public TensorInfo DurationGivenNeighbour { get; }

    /// <summary>What the step adds to the pedal head.</summary>
    public TensorInfo PedalGivenStep { get; }

    /// <summary>What the pitch adds to the pedal head.</summary>
    public TensorInfo PedalGivenPitch { get; }

    /// <summary>Absolute logits of the pitch.</summary>
    public LinearTensors Pitch { get; }

    /// <summary>Logits of the pitch relative to each recent note, [8 * 64, head]: a pattern learned in C serves in F sharp.</summary>
    public LinearTensors Relative { get; }

    /// <summary>Logits that are added to the pitches of a repeat, by how well it agrees: the same music again, and the same moved.</summary>
    public LinearTensors RepeatedPitch { get; }

    /// <summary>Logits that are added to the steps, by how often they came of late.</summary>
    public LinearTensors StepOfLate { get; }

    /// <summary>Logits that are added to the durations, by how often they came of late.</summary>
    public LinearTensors DurationOfLate { get; }

    /// <summary>Logits of the velocity.</summary>
    public LinearTensors Velocity { get; }

    /// <summary>Logits of the duration.</summary>
    public LinearTensors Duration { get; }

    /// <summary>Logits of the pedal.</summary>
    public LinearTensors Pedal { get; }

    private LinearTensors AddLinear(string name, int outputs, int inputs) =>
        new(Add(name + ".weight", outputs, inputs), Add(name + ".bias", outputs, 1));

    private AttentionTensors AddAttention(string name, int asking, int keyWidth, int keyNoteRows, int target, bool hasDurations)
    {
        int hidden = Shape.Hidden;
        return new AttentionTensors(
            Add(name + ".query.weight", keyWidth, asking),
            Add(name + ".key.weight", keyWidth, hidden),
            keyNoteRows > 0 ? Add(name + ".key_note.weight", keyNoteRows, keyWidth) : null,
            Add(name + ".value.weight", AttentionTensors.ValueWidth, hidden),
            Add(name + ".value_note.weight", AttentionTensors.NoteRows, AttentionTensors.ValueWidth),
            hasDurations ? Add(name + ".value_duration.weight", AttentionTensors.DurationRows, AttentionTensors.ValueWidth) : null,
            Add(name + ".distance.weight", AttentionTensors.DistanceRows, AttentionTensors.Heads),
            Add(name + ".nothing.weight", keyWidth, 1),
            Add(name + ".output.weight", target, AttentionTensors.ValueWidth));
    }

    private TensorInfo Add(string name, int rows, int columns)
    {
        var tensor = new TensorInfo(name, rows, columns, Length);
        _tensors.Add(tensor);
        Length += (tensor.Length + 15) & ~15L;
        return tensor;
    }
}
