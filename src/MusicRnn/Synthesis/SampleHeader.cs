namespace MusicRnn.Synthesis;

/// <summary>One sample of a font (SF2.04 section 7.10). Places are sample points from the start of the font's sample data.</summary>
/// <param name="Start">Its first point.</param>
/// <param name="End">One past its last point; equal to <paramref name="Start"/> where the sample cannot be played.</param>
/// <param name="LoopStart">The first point of its loop.</param>
/// <param name="LoopEnd">One past the last point of its loop.</param>
/// <param name="Rate">Points a second at which it was recorded.</param>
/// <param name="RootKey">The key that it was recorded at.</param>
/// <param name="Correction">Cents to add to its pitch when played.</param>
internal readonly record struct SampleHeader(int Start, int End, int LoopStart, int LoopEnd, int Rate, int RootKey, int Correction)
{
    /// <summary>Whether there is anything to play.</summary>
    public bool IsPlayable => End > Start;
}
