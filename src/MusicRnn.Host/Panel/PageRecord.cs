using System.Buffers.Binary;
using System.Text;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Host.Panel;

/// <summary>One record to pages, written into a buffer that is used again and again: kind 1, spare 1, length of the rest 2, the rest; little-endian (docs/protocol.md).</summary>
/// <param name="longest">The most bytes of the rest.</param>
internal sealed class PageRecord(int longest = ushort.MaxValue)
{
    /// <summary>Bytes before the payload.</summary>
    public const int Head = 4;

    /// <summary>The number of this protocol's version.</summary>
    public const int Version = 1;

    private readonly byte[] _bytes = new byte[Head + longest];
    private int _length;

    /// <summary>The record as it stands.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(2), (ushort)(_length - Head));
            return _bytes.AsSpan(0, _length);
        }
    }

    /// <summary>Begins another record.</summary>
    public PageRecord Begin(RecordKind kind)
    {
        _bytes[0] = (byte)kind;
        _bytes[1] = 0;
        _length = Head;
        return this;
    }

    /// <summary>Adds a byte.</summary>
    public PageRecord Byte(int value)
    {
        _bytes[_length++] = (byte)value;
        return this;
    }

    /// <summary>Adds a 32-bit whole number.</summary>
    public PageRecord Int(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(int);
        return this;
    }

    /// <summary>Adds a number of single precision.</summary>
    public PageRecord Float(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(float);
        return this;
    }

    /// <summary>Adds a number of double precision.</summary>
    public PageRecord Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(double);
        return this;
    }

    /// <summary>Adds a message.</summary>
    public PageRecord Message(MidiMessage message) => Byte(message.Status).Byte(message.Data1).Byte(message.Data2);

    /// <summary>Adds sound: 16 bits a sample, left and right by turns.</summary>
    public PageRecord Samples(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        for (int i = 0; i < left.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(_bytes.AsSpan(_length), Sample(left[i]));
            BinaryPrimitives.WriteInt16LittleEndian(_bytes.AsSpan(_length + 2), Sample(right[i]));
            _length += 4;
        }

        return this;
    }

    /// <summary>Adds text, as UTF-8; what does not fit is left out.</summary>
    public PageRecord Text(string text)
    {
        Encoding.UTF8.TryGetBytes(text, _bytes.AsSpan(_length), out int written);
        _length += written;
        return this;
    }

    /// <summary>Adds text that is UTF-8 already.</summary>
    public PageRecord Text(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_bytes.AsSpan(_length));
        _length += text.Length;
        return this;
    }

    /// <summary>A stamp as pages read it: seconds, NaN for never.</summary>
    public static double Seconds(long stamp) => stamp == long.MaxValue ? double.NaN : stamp / 1e9;

    /// <summary>An event of the improviser.</summary>
    public PageRecord Decision(in OutputEvent decision) =>
        Begin(RecordKind.Decision).Double(Seconds(decision.Stamp)).Byte((int)decision.Kind).Message(decision.Message);

    private static short Sample(float value) => (short)Math.Round(Math.Clamp(value, -1f, 1f) * short.MaxValue);
}
