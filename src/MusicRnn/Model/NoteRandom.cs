namespace MusicRnn.Model;

/// <summary>
/// The random numbers of one note, keyed by (seed, note, head): the same key gives the same number however often and in
/// whatever order it is asked for, so that a take can be played again. SplitMix64 (Steele, Lea, Flood 2014) as a hash.
/// </summary>
/// <param name="Seed">The performance's seed.</param>
/// <param name="Note">The note's number in the performance, raised for a draw that replaces another.</param>
public readonly record struct NoteRandom(ulong Seed, ulong Note)
{
    /// <summary>A number in [0, 1) for one head.</summary>
    public double Uniform(int head)
    {
        ulong hash = Mix(Mix(Mix(Seed) + Note) + (ulong)head);
        return (hash >> 11) * (1.0 / (1UL << 53));
    }

    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
