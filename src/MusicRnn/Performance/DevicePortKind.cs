namespace MusicRnn.Performance;

/// <summary>What a port carries and in which direction, as MusicRnn sees it.</summary>
public enum DevicePortKind : byte
{
    /// <summary>MIDI comes from it: a keyboard.</summary>
    MidiInput,

    /// <summary>MIDI goes to it: a sound module, a DAW.</summary>
    MidiOutput,

    /// <summary>Sound goes to it: a sound card's playback.</summary>
    AudioOutput,
}
