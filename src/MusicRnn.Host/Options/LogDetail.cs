namespace MusicRnn.Host.Options;

/// <summary>How much is logged: each says what the ones after it say, and more.</summary>
public enum LogDetail
{
    /// <summary>Every turn.</summary>
    Debug,

    /// <summary>What a player wants to know.</summary>
    Information,

    /// <summary>What is wrong but played around.</summary>
    Warning,

    /// <summary>What stops the music.</summary>
    Error,

    /// <summary>Nothing.</summary>
    None,
}
