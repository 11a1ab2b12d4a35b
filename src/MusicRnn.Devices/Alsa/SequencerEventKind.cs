namespace MusicRnn.Devices.Alsa;

/// <summary>The kinds of event that MusicRnn knows (<c>snd_seq_event_type</c>, <c>seq_event.h</c>).</summary>
internal enum SequencerEventKind : byte
{
    /// <summary>A key was struck.</summary>
    NoteOn = 6,

    /// <summary>A key was released.</summary>
    NoteOff = 7,

    /// <summary>Pressure on one key.</summary>
    KeyPressure = 8,

    /// <summary>A controller moved.</summary>
    Controller = 10,

    /// <summary>Another instrument was chosen.</summary>
    ProgramChange = 11,

    /// <summary>Pressure on the whole channel.</summary>
    ChannelPressure = 12,

    /// <summary>The pitch wheel moved; 0 at rest.</summary>
    PitchBend = 13,

    /// <summary>A queue starts from 0.</summary>
    Start = 30,

    /// <summary>The first of the kernel's announcements: a client came.</summary>
    ClientStart = 60,

    /// <summary>The last of the kernel's announcements: two ports were disconnected.</summary>
    PortUnsubscribed = 67,
}
