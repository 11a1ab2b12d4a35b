namespace MusicRnn.Synthesis;

/// <summary>What keeps a voice sounding.</summary>
internal enum VoiceState : byte
{
    /// <summary>Nothing: it is free.</summary>
    Free,

    /// <summary>Its key is down.</summary>
    Held,

    /// <summary>Its key is up, the sustain pedal down.</summary>
    Sustained,

    /// <summary>Its key is up; the sostenuto pedal caught it.</summary>
    Sostenuto,

    /// <summary>Only its release.</summary>
    Released,

    /// <summary>Another voice took its place: it fades within milliseconds.</summary>
    Stolen,
}
