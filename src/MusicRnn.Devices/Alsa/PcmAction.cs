namespace MusicRnn.Devices.Alsa;

/// <summary>What to do when a sound card reports an error.</summary>
internal enum PcmAction
{
    /// <summary>Ask again.</summary>
    Retry,

    /// <summary>Start it anew, with a buffer of silence.</summary>
    Restart,

    /// <summary>Wake it from its sleep, then start it anew.</summary>
    Resume,

    /// <summary>Close it and look for it until it is there again.</summary>
    Reopen,
}
