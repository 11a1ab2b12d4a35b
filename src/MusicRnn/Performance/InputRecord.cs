using System.Buffers.Binary;
using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>An <see cref="InputEvent"/> as bytes: 22, little-endian (stamp 8, value 8, parameter 2, kind 1, message 3).</summary>
internal static class InputRecord
{
    /// <summary>Its size in bytes.</summary>
    public const int Size = 22;

    /// <summary>Writes an event.</summary>
    public static void Write(Span<byte> to, in InputEvent input)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to, input.Stamp);
        BinaryPrimitives.WriteDoubleLittleEndian(to[8..], input.Value);
        BinaryPrimitives.WriteInt16LittleEndian(to[16..], (short)input.Parameter);
        to[18] = (byte)input.Kind;
        to[19] = input.Message.Status;
        to[20] = input.Message.Data1;
        to[21] = input.Message.Data2;
    }

    /// <summary>Reads an event.</summary>
    public static InputEvent Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadInt64LittleEndian(from),
        (InputKind)from[18],
        new MidiMessage(from[19], (byte)(from[20] & 0x7F), (byte)(from[21] & 0x7F)),
        BinaryPrimitives.ReadInt16LittleEndian(from[16..]),
        BinaryPrimitives.ReadDoubleLittleEndian(from[8..]));
}
