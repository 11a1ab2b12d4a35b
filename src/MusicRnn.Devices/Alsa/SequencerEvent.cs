using System.Runtime.InteropServices;
using MusicRnn.Midi;

namespace MusicRnn.Devices.Alsa;

/// <summary>An event of the sequencer as it lies in memory (<c>snd_seq_event_t</c>, <c>seq_event.h</c>).</summary>
[StructLayout(LayoutKind.Explicit, Size = 28)]
internal struct SequencerEvent
{
    /// <summary>Goes to its destination at once, through no queue.</summary>
    public const byte Direct = 253;

    /// <summary>The flags of an absolute time in seconds and nanoseconds.</summary>
    public const byte RealTime = 1;

    [FieldOffset(0)]
    public SequencerEventKind Kind;

    [FieldOffset(1)]
    public byte Flags;

    [FieldOffset(3)]
    public byte Queue;

    [FieldOffset(4)]
    public uint Seconds;

    [FieldOffset(8)]
    public uint Nanoseconds;

    [FieldOffset(12)]
    public SequencerAddress Source;

    [FieldOffset(14)]
    public SequencerAddress Destination;

    [FieldOffset(16)]
    public byte Channel;

    [FieldOffset(17)]
    public byte Note;

    [FieldOffset(18)]
    public byte Velocity;

    [FieldOffset(20)]
    public uint Parameter;

    [FieldOffset(24)]
    public int Value;

    /// <summary>The queue's time of the event, in nanoseconds from its start.</summary>
    public readonly long Time => (Seconds * 1_000_000_000L) + Nanoseconds;

    /// <summary>An event for a message, to be sent at once from a port.</summary>
    /// <param name="message">The message: of a channel.</param>
    /// <param name="port">Our own port's number.</param>
    /// <param name="destination">Where it goes.</param>
    public static SequencerEvent Of(MidiMessage message, int port, SequencerAddress destination)
    {
        SequencerEvent result = new()
        {
            Queue = Direct,
            Source = new SequencerAddress(0, (byte)port),
            Destination = destination,
            Channel = (byte)message.Channel,
        };
        switch (message.Kind)
        {
            case MidiKind.NoteOff or MidiKind.NoteOn or MidiKind.KeyPressure:
                result.Kind = message.Kind switch
                {
                    MidiKind.NoteOff => SequencerEventKind.NoteOff,
                    MidiKind.NoteOn => SequencerEventKind.NoteOn,
                    _ => SequencerEventKind.KeyPressure,
                };
                result.Note = message.Data1;
                result.Velocity = message.Data2;
                break;
            case MidiKind.ControlChange:
                result.Kind = SequencerEventKind.Controller;
                result.Parameter = message.Data1;
                result.Value = message.Data2;
                break;
            case MidiKind.ProgramChange or MidiKind.ChannelPressure:
                result.Kind = message.Kind == MidiKind.ProgramChange ? SequencerEventKind.ProgramChange : SequencerEventKind.ChannelPressure;
                result.Value = message.Data1;
                break;
            case MidiKind.PitchBend:
                result.Kind = SequencerEventKind.PitchBend;
                result.Value = (message.Data1 | (message.Data2 << 7)) - 8192;
                break;
        }

        return result;
    }

    /// <summary>The same event, to be sent by a queue when its time has come.</summary>
    /// <param name="queue">The queue's number.</param>
    /// <param name="time">Nanoseconds from the queue's start.</param>
    public readonly SequencerEvent At(int queue, long time)
    {
        SequencerEvent result = this;
        result.Flags = RealTime;
        result.Queue = (byte)queue;
        result.Seconds = (uint)(time / 1_000_000_000);
        result.Nanoseconds = (uint)(time % 1_000_000_000);
        return result;
    }

    /// <summary>The message that the event carries, if it is one of a channel. A sender may put anything into an event: values are masked into their range.</summary>
    public readonly bool TryGetMessage(out MidiMessage message)
    {
        int bend = Math.Clamp(Value, -8192, 8191) + 8192;
        message = Kind switch
        {
            SequencerEventKind.NoteOn => MidiMessage.Of(MidiKind.NoteOn, Channel, Note, Velocity),
            SequencerEventKind.NoteOff => MidiMessage.Of(MidiKind.NoteOff, Channel, Note, Velocity),
            SequencerEventKind.KeyPressure => MidiMessage.Of(MidiKind.KeyPressure, Channel, Note, Velocity),
            SequencerEventKind.Controller => MidiMessage.Of(MidiKind.ControlChange, Channel, (int)Parameter, Value),
            SequencerEventKind.ProgramChange => MidiMessage.Of(MidiKind.ProgramChange, Channel, Value, 0),
            SequencerEventKind.ChannelPressure => MidiMessage.Of(MidiKind.ChannelPressure, Channel, Value, 0),
            SequencerEventKind.PitchBend => MidiMessage.Of(MidiKind.PitchBend, Channel, bend & 0x7F, bend >> 7),
            _ => default,
        };
        return message.Kind != MidiKind.None;
    }
}
