namespace MusicRnn.Midi;

/// <summary>What a text event of a MIDI file is: its meta event type (Standard MIDI Files 1.0, "Meta-Event Definitions"). Types 8 to 15 are text too.</summary>
public enum TextKind : byte
{
    /// <summary>Anything.</summary>
    Text = 1,

    /// <summary>A copyright notice.</summary>
    Copyright = 2,

    /// <summary>The name of the track, or of the piece in a file's first track.</summary>
    TrackName = 3,

    /// <summary>The name of the instrument.</summary>
    Instrument = 4,

    /// <summary>A syllable that is sung.</summary>
    Lyric = 5,

    /// <summary>The name of a place in the piece.</summary>
    Marker = 6,

    /// <summary>Something that happens on stage or film.</summary>
    Cue = 7,
}
