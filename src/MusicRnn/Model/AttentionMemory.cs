namespace MusicRnn.Model;

/// <summary>
/// What one attention looks back at: of each of the notes just past the key that its place is found by and the value that it answers with, side by side, for they
/// are read one after the other. Places are kept in bfloat16, the upper halves of floats: there are many, and all are read for each note.
/// </summary>
internal sealed unsafe class AttentionMemory : IDisposable
{
    private readonly NativeFloats _newestKey; // [key width]
    private readonly NativeFloats _ring; // [Past, key width + ValueWidth], two to a float
    private readonly int _keyWidth;
    private long _added; // since it was cleared

    /// <summary>Makes an empty memory.</summary>
    /// <param name="keyWidth">The width of a key, a multiple of 16.</param>
    public AttentionMemory(int keyWidth)
    {
        _keyWidth = keyWidth;
        Stride = keyWidth + AttentionTensors.ValueWidth;
        _newestKey = new NativeFloats(keyWidth);
        _ring = new NativeFloats(AttentionTensors.Past * Stride / 2);
    }

    /// <summary>How many places it knows, at most <see cref="AttentionTensors.Past"/>: they stand at the beginning of the ring.</summary>
    public int Count => (int)Math.Min(_added, AttentionTensors.Past);

    /// <summary>Numbers from one place of the ring to the next.</summary>
    public int Stride { get; }

    /// <summary>What the newest note is found by, without what follows it: nobody knows that yet. [key width].</summary>
    public float* NewestKey => _newestKey.Pointer;

    /// <summary>The places in a ring, each a key and a value, [<see cref="Count"/>, <see cref="Stride"/>].</summary>
    public ushort* Places => (ushort*)_ring.Pointer;

    /// <summary>How many places were added after the one that stands at an index of the ring.</summary>
    public int BackOf(int index) => (int)((_added - 1 - index) % AttentionTensors.Past);

    /// <summary>Adds a place. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="key">[key width].</param>
    /// <param name="value">[<see cref="AttentionTensors.ValueWidth"/>].</param>
    public void Add(float* key, float* value)
    {
        ushort* place = Places + (_added % AttentionTensors.Past * Stride);
        _added++;
        Rows.Halve(key, place, _keyWidth);
        Rows.Halve(value, place + _keyWidth, AttentionTensors.ValueWidth);
    }

    /// <summary>Forgets all places.</summary>
    public void Clear() => _added = 0;

    /// <summary>Becomes a copy of one of the same width. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void CopyFrom(AttentionMemory other)
    {
        _added = other._added;
        other._newestKey.Span.CopyTo(_newestKey.Span);
        other._ring.Span[..(Count * Stride / 2)].CopyTo(_ring.Span);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _newestKey.Dispose();
        _ring.Dispose();
    }
}
