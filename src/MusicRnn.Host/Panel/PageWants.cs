namespace MusicRnn.Host.Panel;

/// <summary>What a page wants to be sent besides what every page is sent.</summary>
[Flags]
internal enum PageWants : byte
{
    /// <summary>Nothing more.</summary>
    Nothing = 0,

    /// <summary>The sound.</summary>
    Sound = 1,

    /// <summary>What the model expects next.</summary>
    Expectation = 2,

    /// <summary>The sound, and nothing of what every page is sent: for a line that carries it past everything else.</summary>
    SoundAlone = 4,
}
