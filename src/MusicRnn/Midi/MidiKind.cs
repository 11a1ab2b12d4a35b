namespace MusicRnn.Midi;

/// <summary>The kinds of channel-voice message, by status byte without its channel (MIDI 1.0 specification, table II).</summary>
public enum MidiKind : byte
{
    /// <summary>No message.</summary>
    None = 0,

    /// <summary>A key was released.</summary>
    NoteOff = 0x80,

    /// <summary>A key was struck; velocity 0 means released.</summary>
    NoteOn = 0x90,

    /// <summary>Pressure on one key.</summary>
    KeyPressure = 0xA0,

    /// <summary>A controller moved.</summary>
    ControlChange = 0xB0,

    /// <summary>Another instrument was chosen.</summary>
    ProgramChange = 0xC0,

    /// <summary>Pressure on the whole channel.</summary>
    ChannelPressure = 0xD0,

    /// <summary>The pitch wheel moved; 14 bits, least significant first, 8192 at rest.</summary>
    PitchBend = 0xE0,
}
