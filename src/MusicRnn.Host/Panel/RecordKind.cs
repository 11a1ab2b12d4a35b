namespace MusicRnn.Host.Panel;

/// <summary>What a record of the WebSocket carries (docs/protocol.md): below 0x40 from the instrument, from there on to it.</summary>
internal enum RecordKind : byte
{
    /// <summary>The first record, and the first after the devices were opened anew: version, channels, sample rate.</summary>
    Hello = 0x01,

    /// <summary>The answer to a ping: the page's time as it came, and the instrument's.</summary>
    Pong = 0x02,

    /// <summary>A message that sounds.</summary>
    Midi = 0x03,

    /// <summary>A message that is decided for later, or the taking back of such.</summary>
    Decision = 0x04,

    /// <summary>What the improviser does, and when the turn comes as things stand.</summary>
    State = 0x05,

    /// <summary>How parameters stand.</summary>
    Parameters = 0x06,

    /// <summary>What the model expects next.</summary>
    Expectation = 0x07,

    /// <summary>A block of sound.</summary>
    Sound = 0x08,

    /// <summary>How everything fares, as JSON: what GET /health says.</summary>
    Health = 0x09,

    /// <summary>What GET /state says is another now.</summary>
    Changed = 0x0A,

    /// <summary>A controller was learned, or could not be: a sentence.</summary>
    Told = 0x0B,

    /// <summary>A page asks for the time.</summary>
    Ping = 0x41,

    /// <summary>A page plays a message.</summary>
    Play = 0x42,

    /// <summary>A page turns a parameter.</summary>
    Set = 0x43,

    /// <summary>What a page wants to be sent.</summary>
    Want = 0x44,

    /// <summary>A page wants a parameter to learn the next controller that moves.</summary>
    Learn = 0x45,
}
