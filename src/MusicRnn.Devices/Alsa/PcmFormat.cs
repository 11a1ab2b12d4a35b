namespace MusicRnn.Devices.Alsa;

/// <summary>The sample formats that MusicRnn can play, all little-endian (<c>snd_pcm_format_t</c>, <c>pcm.h</c>).</summary>
internal enum PcmFormat
{
    /// <summary>16 bits.</summary>
    Short = 2,

    /// <summary>32 bits.</summary>
    Int = 10,

    /// <summary>32-bit floating point, from -1 to 1.</summary>
    Float = 14,
}
