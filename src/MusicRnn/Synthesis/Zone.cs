namespace MusicRnn.Synthesis;

/// <summary>A zone of a preset or of an instrument, what its global zone says included: which notes it serves, and with what.</summary>
/// <param name="LowKey">The lowest key it serves.</param>
/// <param name="HighKey">The highest key it serves.</param>
/// <param name="LowVelocity">The softest velocity it serves.</param>
/// <param name="HighVelocity">The loudest velocity it serves.</param>
/// <param name="Target">The instrument (of a preset zone) or the sample (of an instrument zone).</param>
/// <param name="Modulators">Where its own modulators begin in the font's list.</param>
/// <param name="ModulatorCount">How many there are.</param>
/// <param name="GlobalModulators">Where those of the global zone begin.</param>
/// <param name="GlobalModulatorCount">How many there are.</param>
internal readonly record struct Zone(
    byte LowKey,
    byte HighKey,
    byte LowVelocity,
    byte HighVelocity,
    ushort Target,
    int Modulators,
    int ModulatorCount,
    int GlobalModulators,
    int GlobalModulatorCount)
{
    /// <summary>Whether a note of this key and velocity sounds through the zone.</summary>
    public bool Serves(int key, int velocity) => key >= LowKey && key <= HighKey && velocity >= LowVelocity && velocity <= HighVelocity;
}
