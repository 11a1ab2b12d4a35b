namespace MusicRnn.Model;

/// <summary>
/// What a network remembers: the hidden and cell vectors of every layer, what its attentions look back at, the music around the last note, and what it
/// expects next. Copying it forks the music.
/// </summary>
public sealed unsafe class NetworkState : IDisposable
{
    private readonly NativeFloats _floats;
    private readonly NetworkShape _shape;

    /// <summary>Makes an empty memory for a network.</summary>
    public NetworkState(NetworkShape shape)
    {
        _shape = shape;
        _floats = new NativeFloats((2L * shape.Layers * shape.Hidden) + Grid.Bins + (NetworkLayout.Heads * shape.Head));
        Reset();
    }

    /// <summary>The number of notes fed since the last reset.</summary>
    public long Notes => Context.Notes;

    /// <summary>The music around the last note: whoever feeds notes tells it of the keys that come up.</summary>
    public NoteContext Context { get; } = new();

    /// <summary>What <see cref="NetworkLayout.Attention"/> looks back at.</summary>
    internal AttentionMemory Past { get; } = new(NetworkLayout.TopKeys);

    /// <summary>What <see cref="NetworkLayout.VelocityAttention"/> looks back at.</summary>
    internal AttentionMemory VelocityPast { get; } = new(NetworkLayout.HeadKeys);

    /// <summary>What <see cref="NetworkLayout.DurationAttention"/> looks back at.</summary>
    internal AttentionMemory DurationPast { get; } = new(NetworkLayout.HeadKeys);

    /// <summary>Logits of the step to the next note, [bins].</summary>
    internal float* StepLogits => _floats.Pointer + (2L * _shape.Layers * _shape.Hidden);

    /// <summary>The heads' own layers before they know anything of the next note, [4 * head].</summary>
    internal float* Features => StepLogits + Grid.Bins;

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        _floats.Clear();
        Past.Clear();
        VelocityPast.Clear();
        DurationPast.Clear();
        Context.Reset();
    }

    /// <summary>Takes over the memory of another state of the same shape. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public void CopyFrom(NetworkState other)
    {
        if (other._shape != _shape)
        {
            throw new ArgumentException($"A memory of {other._shape} does not fit {_shape}.", nameof(other));
        }

        other._floats.Span.CopyTo(_floats.Span);
        Past.CopyFrom(other.Past);
        VelocityPast.CopyFrom(other.VelocityPast);
        DurationPast.CopyFrom(other.DurationPast);
        Context.CopyFrom(other.Context);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _floats.Dispose();
        Past.Dispose();
        VelocityPast.Dispose();
        DurationPast.Dispose();
    }

    /// <summary>The hidden vector of a layer, [hidden].</summary>
    internal float* Hidden(int layer) => _floats.Pointer + (2L * layer * _shape.Hidden);

    /// <summary>The cells of a layer, [hidden].</summary>
    internal float* Cells(int layer) => _floats.Pointer + (((2L * layer) + 1) * _shape.Hidden);
}
