namespace MusicRnn.Model;

/// <summary>
/// What a network remembers, in native memory: the hidden and cell vectors of every layer, the last pitches, and what
/// it expects next. Copying it forks the music.
/// </summary>
public sealed unsafe class NetworkState : IDisposable
{
    private readonly NativeFloats _floats;
    private readonly NetworkShape _shape;
    private Pitches _recent;

    /// <summary>Makes an empty memory for a network.</summary>
    public NetworkState(NetworkShape shape)
    {
        _shape = shape;
        _floats = new NativeFloats((2L * shape.Layers * shape.Hidden) + Grid.Bins + (NetworkLayout.Heads * shape.Head));
        Reset();
    }

    /// <summary>The number of notes fed since the last reset.</summary>
    public long Notes { get; internal set; }

    /// <summary>Logits of the step to the next note, [bins].</summary>
    internal float* StepLogits => _floats.Pointer + (2L * _shape.Layers * _shape.Hidden);

    /// <summary>The heads' own layers before they know anything of the next note, [4 * head].</summary>
    internal float* Features => StepLogits + Grid.Bins;

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        _floats.Clear();
        Notes = 0;
        for (int back = 0; back < NoteEncoding.Recent; back++)
        {
            _recent[back] = -1;
        }
    }

    /// <summary>Takes over the memory of another state of the same shape. [improviser-thread] allocates nothing.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public void CopyFrom(NetworkState other)
    {
        if (other._shape != _shape)
        {
            throw new ArgumentException($"A memory of {other._shape} does not fit {_shape}.", nameof(other));
        }

        other._floats.Span.CopyTo(_floats.Span);
        _recent = other._recent;
        Notes = other.Notes;
    }

    /// <inheritdoc/>
    public void Dispose() => _floats.Dispose();

    /// <summary>The hidden vector of a layer, [hidden].</summary>
    internal float* Hidden(int layer) => _floats.Pointer + (2L * layer * _shape.Hidden);

    /// <summary>The cells of a layer, [hidden].</summary>
    internal float* Cells(int layer) => _floats.Pointer + (((2L * layer) + 1) * _shape.Hidden);

    /// <summary>The pitch index of a note, so many notes back; -1 where there is none.</summary>
    internal int Recent(int back) => _recent[back];

    /// <summary>Adds a pitch index to the recent ones.</summary>
    internal void Remember(int pitch)
    {
        for (int back = NoteEncoding.Recent - 1; back > 0; back--)
        {
            _recent[back] = _recent[back - 1];
        }

        _recent[0] = pitch;
    }

    [System.Runtime.CompilerServices.InlineArray(NoteEncoding.Recent)]
    private struct Pitches
    {
        private int _newest;
    }
}
