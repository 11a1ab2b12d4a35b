namespace MusicRnn.Synthesis;

/// <summary>Where a font's samples live. Never on the managed heap.</summary>
public enum SampleStorage
{
    /// <summary>In memory of their own: nothing is read from disk while playing.</summary>
    Memory,

    /// <summary>
    /// In the file, mapped into memory: nothing is spent on what is never played, but the first notes may wait for the
    /// disk. The file must not be cut short while in use. A 24-bit font is read into memory all the same.
    /// </summary>
    Mapped,
}
