namespace MusicRnn.Synthesis;

/// <summary>How a sample repeats (SF2.04 section 8.1.2, generator 54).</summary>
internal enum LoopMode : byte
{
    /// <summary>Played once, to its end.</summary>
    None = 0,

    /// <summary>Repeats for as long as the note sounds, release included.</summary>
    Always = 1,

    /// <summary>Repeats until the key's release, then plays on to its end.</summary>
    UntilRelease = 3,
}
