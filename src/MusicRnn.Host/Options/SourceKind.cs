namespace MusicRnn.Host.Options;

/// <summary>The backends that MIDI and audio can go through.</summary>
public enum SourceKind
{
    /// <summary>JACK where a server runs, else ALSA.</summary>
    Auto,

    /// <summary>Nothing.</summary>
    None,

    /// <summary>The JACK server, or PipeWire in its place.</summary>
    Jack,

    /// <summary>The kernel's sequencer and sound cards.</summary>
    Alsa,

    /// <summary>A file.</summary>
    File,
}
