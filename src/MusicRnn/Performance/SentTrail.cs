using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>
/// The last messages that an output sent, for echo guards to read: one thread writes and never waits, any number read.
/// Each entry is one 64-bit word (message in 24 bits, microseconds in 40), so that none is ever seen half written.
/// </summary>
public sealed class SentTrail
{
    private const int Capacity = 1024;
    private const long StampMask = (1L << 40) - 1;
    private readonly long[] _entries = new long[Capacity];
    private long _written;

    /// <summary>How many messages were ever sent; a reader's cursor starts here.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Adds a message that is sent at the stamp. [output-thread] allocates nothing, locks nothing, waits for nothing.</summary>
    public void Add(long stamp, MidiMessage message)
    {
        long written = _written;
        Volatile.Write(ref _entries[written & (Capacity - 1)], Key(message) | ((stamp / 1000 & StampMask) << 24));
        Volatile.Write(ref _written, written + 1);
    }

    /// <summary>Reads the next entry after the cursor, skipping what was already written over. [input-thread] allocates nothing, locks nothing, waits for nothing.</summary>
    internal bool TryRead(ref long cursor, out long entry)
    {
        while (true)
        {
            long written = Volatile.Read(ref _written);
            cursor = Math.Max(cursor, written - Capacity + 1); // the writer may be at work on the oldest slot
            if (cursor >= written)
            {
                entry = 0;
                return false;
            }

            entry = Volatile.Read(ref _entries[cursor & (Capacity - 1)]);
            if (Volatile.Read(ref _written) - cursor < Capacity)
            {
                cursor++;
                return true;
            }
        }
    }

    /// <summary>What makes two messages equal: their bytes, but that all note-offs of a key are.</summary>
    internal static long Key(MidiMessage message) => message.IsNoteOff
        ? ((int)MidiKind.NoteOff | message.Channel) | (message.Data1 << 8)
        : message.Status | (message.Data1 << 8) | (message.Data2 << 16);

    /// <summary>The message part of an entry, comparable with <see cref="Key"/>.</summary>
    internal static long KeyOf(long entry) => entry & 0xFFFFFF;

    /// <summary>Microseconds from an entry's stamp to another stamp; right within six days either way.</summary>
    internal static long Since(long entry, long stamp)
    {
        long difference = ((stamp / 1000) - (entry >>> 24)) & StampMask;
        return difference > StampMask / 2 ? difference - StampMask - 1 : difference;
    }
}
