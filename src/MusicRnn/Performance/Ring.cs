using System.Runtime.InteropServices;

namespace MusicRnn.Performance;

/// <summary>
/// A bounded queue between exactly one writing and one reading thread, in native memory: neither side locks, allocates
/// or waits. A full ring refuses the item and counts a drop.
/// </summary>
/// <typeparam name="T">What travels: a value without references.</typeparam>
public sealed unsafe class Ring<T>
    where T : unmanaged
{
    private readonly T* _items; // [capacity]
    private readonly int _mask;
    private PaddedCounter _read;
    private PaddedCounter _written;
    private long _drops;

    /// <summary>Makes a ring.</summary>
    /// <param name="capacity">The number of items it holds: a power of two.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is not a power of two.</exception>
    public Ring(int capacity)
    {
        if (capacity <= 0 || (capacity & (capacity - 1)) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "A ring's capacity is a power of two.");
        }

        _mask = capacity - 1;
        _items = (T*)NativeMemory.AlignedAlloc((nuint)capacity * (nuint)sizeof(T), 64);
        NativeMemory.Clear(_items, (nuint)capacity * (nuint)sizeof(T)); // touches every page before the first note does
    }

    /// <summary>Releases the memory of a ring when nobody refers to it any more: either thread may outlive the other.</summary>
    ~Ring() => NativeMemory.AlignedFree(_items);

    /// <summary>How many items were refused because the ring was full. Any thread may ask.</summary>
    public long Drops => Volatile.Read(ref _drops);

    /// <summary>How many items wait. Exact for the two threads, a snapshot for any other.</summary>
    public int Count => (int)(Volatile.Read(ref _written.Value) - Volatile.Read(ref _read.Value));

    /// <summary>Appends an item. [writer-thread] allocates nothing, locks nothing, waits for nothing.</summary>
    /// <returns>False when the ring was full; the item is then dropped and counted.</returns>
    public bool TryWrite(in T item)
    {
        long written = _written.Value;
        if (written - Volatile.Read(ref _read.Value) > _mask)
        {
            Volatile.Write(ref _drops, _drops + 1);
            return false;
        }

        _items[written & _mask] = item;
        Volatile.Write(ref _written.Value, written + 1);
        return true;
    }

    /// <summary>Looks at the oldest item without taking it. [reader-thread] allocates nothing, locks nothing, waits for nothing.</summary>
    public bool TryPeek(out T item)
    {
        long read = _read.Value;
        if (read == Volatile.Read(ref _written.Value))
        {
            item = default;
            return false;
        }

        item = _items[read & _mask];
        return true;
    }

    /// <summary>Takes the oldest item. [reader-thread] allocates nothing, locks nothing, waits for nothing.</summary>
    public bool TryRead(out T item)
    {
        if (!TryPeek(out item))
        {
            return false;
        }

        Volatile.Write(ref _read.Value, _read.Value + 1);
        return true;
    }
}

/// <summary>A counter alone on its cache lines, so that reader and writer do not slow each other down.</summary>
[StructLayout(LayoutKind.Explicit, Size = 192)]
internal struct PaddedCounter
{
    [FieldOffset(64)]
    public long Value;
}
