using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MusicRnn.Midi;

/// <summary>
/// One track of a MIDI file, encoded as its events come, in the order of time. No running status is used: what it saves
/// is little, and a file that is cut off stays readable up to the cut.
/// </summary>
public sealed class MidiTrackWriter
{
    internal const int MaxQuarter = 0xFF_FFFF;
    private const int MaxDelta = 0x0FFF_FFFF;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly TempoMap _tempos;
    private long _tick;

    internal MidiTrackWriter(TempoMap tempos) => _tempos = tempos;

    /// <summary>The meta event that ends a track.</summary>
    internal static ReadOnlySpan<byte> End => [0x00, 0xFF, 0x2F, 0x00];

    /// <summary>The events as they are encoded so far, without the chunk's header and without the end of the track.</summary>
    internal ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>Adds a message.</summary>
    /// <param name="time">Nanoseconds from the start of the file; an earlier one than the last event's counts as that.</param>
    /// <param name="message">A channel message.</param>
    public void Add(long time, MidiMessage message)
    {
        WriteDelta(time);
        Span<byte> to = _bytes.GetSpan(3);
        to[0] = message.Status;
        to[1] = message.Data1;
        to[2] = message.Data2;
        _bytes.Advance(message.Length);
    }

    /// <summary>Adds a text, as UTF-8.</summary>
    /// <param name="time">Nanoseconds from the start of the file; an earlier one than the last event's counts as that.</param>
    /// <param name="kind">What the text is.</param>
    /// <param name="text">The text.</param>
    public void AddText(long time, TextKind kind, string text)
    {
        WriteDelta(time);
        WriteMeta((byte)kind, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Adds a sequencer-specific event, which other programs pass over.</summary>
    /// <param name="time">Nanoseconds from the start of the file; an earlier one than the last event's counts as that.</param>
    /// <param name="data">The data, beginning with a manufacturer's number: 0x7D for none.</param>
    public void AddData(long time, ReadOnlySpan<byte> data)
    {
        WriteDelta(time);
        WriteMeta(0x7F, data);
    }

    /// <summary>Changes the tempo of every track: in one track alone, before anything later is added to any.</summary>
    /// <param name="time">Nanoseconds from the start of the file; an earlier one than the last event's counts as that.</param>
    /// <param name="quarter">The length of a quarter note from here on, in microseconds, 1 to 16 777 215.</param>
    public void AddTempo(long time, int quarter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quarter, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quarter, MaxQuarter);
        WriteDelta(time);
        WriteTempo(quarter);
        _tempos.Add(_tick, quarter);
    }

    /// <summary>Adds a time signature.</summary>
    /// <param name="time">Nanoseconds from the start of the file; an earlier one than the last event's counts as that.</param>
    /// <param name="numerator">1 to 255.</param>
    /// <param name="denominator">A power of two, 1 to 128.</param>
    public void AddTimeSignature(long time, int numerator, int denominator)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numerator, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(numerator, 255);
        if (denominator is < 1 or > 128 || !int.IsPow2(denominator))
        {
            throw new ArgumentOutOfRangeException(nameof(denominator), denominator, "A power of two from 1 to 128 is due.");
        }

        WriteDelta(time);
        WriteMeta(0x58, [(byte)numerator, (byte)int.Log2(denominator), 24, 8]);
    }

    /// <summary>Writes the track as a chunk, ended.</summary>
    public void Write(Stream stream)
    {
        Span<byte> header = stackalloc byte[8];
        "MTrk"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], _bytes.WrittenCount + End.Length);
        stream.Write(header);
        stream.Write(_bytes.WrittenSpan);
        stream.Write(End);
    }

    /// <summary>Forgets the bytes encoded so far, but not where in time they end.</summary>
    internal void Clear() => _bytes.ResetWrittenCount();

    internal void AddFirstTempo()
    {
        WriteDelta(0);
        WriteTempo(_tempos.FirstQuarter);
    }

    private void WriteTempo(int quarter) => WriteMeta(0x51, [(byte)(quarter >> 16), (byte)(quarter >> 8), (byte)quarter]);

    private void WriteDelta(long time)
    {
        long tick = Math.Max(_tick, _tempos.TickOf(time));
        long delta = tick - _tick;
        _tick = tick;
        while (delta > MaxDelta)
        {
            // A delta has 28 bits. A sequencer-specific event without data, which every reader passes over, bridges a longer rest.
            WriteNumber(MaxDelta);
            WriteMeta(0x7F, []);
            delta -= MaxDelta;
        }

        WriteNumber((int)delta);
    }

    private void WriteMeta(byte type, ReadOnlySpan<byte> data)
    {
        _bytes.Write<byte>([0xFF, type]);
        WriteNumber(data.Length);
        _bytes.Write(data);
    }

    private void WriteNumber(int value)
    {
        Span<byte> to = _bytes.GetSpan(4);
        int count = value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
        for (int i = count - 1; i >= 0; i--)
        {
            to[i] = (byte)((value & 0x7F) | (i == count - 1 ? 0 : 0x80));
            value >>= 7;
        }

        _bytes.Advance(count);
    }
}
