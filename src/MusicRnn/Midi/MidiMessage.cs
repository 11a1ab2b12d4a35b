namespace MusicRnn.Midi;

/// <summary>A channel-voice MIDI message of at most three bytes (MIDI 1.0 specification, table II), as a value.</summary>
/// <param name="Status">The status byte, 0x80-0xEF: the kind in the high nibble, the channel (0-15) in the low one.</param>
/// <param name="Data1">The first data byte, 0-127.</param>
/// <param name="Data2">The second data byte, 0-127; 0 for the two-byte kinds.</param>
public readonly record struct MidiMessage(byte Status, byte Data1, byte Data2)
{
    /// <summary>The kind of message: the status byte without its channel.</summary>
    public MidiKind Kind => (MidiKind)(Status & 0xF0);

    /// <summary>The channel, 0-15.</summary>
    public int Channel => Status & 0x0F;

    /// <summary>Whether this starts a note: a note-on whose velocity is above 0.</summary>
    public bool IsNoteOn => Kind == MidiKind.NoteOn && Data2 > 0;

    /// <summary>Whether this ends a note: a note-off, or a note-on with velocity 0.</summary>
    public bool IsNoteOff => Kind == MidiKind.NoteOff || (Kind == MidiKind.NoteOn && Data2 == 0);

    /// <summary>The number of bytes on the wire: 2 for program change and channel pressure, else 3.</summary>
    public int Length => Kind is MidiKind.ProgramChange or MidiKind.ChannelPressure ? 2 : 3;

    /// <summary>Whether this is a control change of the given controller.</summary>
    public bool IsControl(int controller) => Kind == MidiKind.ControlChange && Data1 == controller;

    /// <summary>The same message on another channel (0-15).</summary>
    public MidiMessage OnChannel(int channel) => new((byte)((Status & 0xF0) | (channel & 0x0F)), Data1, Data2);

    /// <summary>A note-on; velocity 1-127.</summary>
    public static MidiMessage NoteOn(int channel, int pitch, int velocity) => Of(MidiKind.NoteOn, channel, pitch, velocity);

    /// <summary>A note-off with release velocity 64, the specification's value for keyboards that do not sense it.</summary>
    public static MidiMessage NoteOff(int channel, int pitch) => Of(MidiKind.NoteOff, channel, pitch, 64);

    /// <summary>A control change.</summary>
    public static MidiMessage Control(int channel, int controller, int value) => Of(MidiKind.ControlChange, channel, controller, value);

    /// <summary>A program change; program 0-127.</summary>
    public static MidiMessage Program(int channel, int program) => Of(MidiKind.ProgramChange, channel, program, 0);

    /// <summary>A message of the given kind; every part is masked into its range.</summary>
    public static MidiMessage Of(MidiKind kind, int channel, int data1, int data2) =>
        new((byte)((int)kind | (channel & 0x0F)), (byte)(data1 & 0x7F), (byte)(data2 & 0x7F));
}
