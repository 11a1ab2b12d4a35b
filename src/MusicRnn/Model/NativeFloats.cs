using System.Runtime.InteropServices;

namespace MusicRnn.Model;

/// <summary>Zeroed floats in native memory, aligned to 64 bytes: out of the garbage collector's reach.</summary>
public sealed unsafe class NativeFloats : IDisposable
{
    private float* _pointer;

    /// <summary>Takes memory for a number of floats, and zeroes it.</summary>
    public NativeFloats(long length)
    {
        Length = length;
        _pointer = (float*)PageMemory.Allocate((nuint)((length * sizeof(float)) + 64)); // a whole vector may be read at the end
    }

    /// <summary>Releases memory that nobody disposed.</summary>
    ~NativeFloats() => PageMemory.Free(_pointer);

    /// <summary>The number of floats.</summary>
    public long Length { get; }

    /// <summary>The first float.</summary>
    public float* Pointer => _pointer;

    /// <summary>The floats as a span; the length must fit one.</summary>
    public Span<float> Span => new(_pointer, checked((int)Length));

    /// <summary>Sets every float to 0.</summary>
    public void Clear() => NativeMemory.Clear(_pointer, (nuint)(Length * sizeof(float)));

    /// <inheritdoc/>
    public void Dispose()
    {
        PageMemory.Free(_pointer);
        _pointer = null;
        GC.SuppressFinalize(this);
    }
}
