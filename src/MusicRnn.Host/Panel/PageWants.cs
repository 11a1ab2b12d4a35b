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
}
