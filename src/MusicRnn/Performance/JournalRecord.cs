using System.Runtime.InteropServices;
using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>An event as it lies in a <see cref="Journal"/>.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = 32)]
internal struct JournalRecord
{
    public const byte In = 1;
    public const byte Out = 2;

    public long Stamp;
    public double Value;
    public int Parameter;
    public byte Way;
    public byte Kind;
    public byte Status;
    public byte Data1;
    public byte Data2;
    public byte Spare1;
    public byte Spare2;
    public byte Spare3;
    public uint Checksum;

    /// <summary>The checksum of everything but itself and of the record's place, so that one in a wrong place is not taken for right; never 0.</summary>
    public readonly uint ComputeChecksum(long place)
    {
        JournalRecord copy = this;
        copy.Checksum = 0;
        uint checksum = Journal.Checksum(MemoryMarshal.AsBytes(new ReadOnlySpan<JournalRecord>(in copy)), (uint)place);
        return checksum == 0 ? 1 : checksum;
    }

    public readonly InputEvent ToInput() => new(Stamp, (InputKind)Kind, new MidiMessage(Status, Data1, Data2), Parameter, Value);

    public readonly OutputEvent ToOutput() => new(Stamp, (OutputKind)Kind, new MidiMessage(Status, Data1, Data2));
}
