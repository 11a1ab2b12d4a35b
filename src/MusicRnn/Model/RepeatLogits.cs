namespace MusicRnn.Model;

/// <summary>What repeats say of the next pitch.</summary>
internal static unsafe class RepeatLogits
{
    /// <summary>Adds to each pitch's logit those of the places that expect it.</summary>
    /// <param name="logits">[88].</param>
    /// <param name="repeated">[<see cref="Repeat.Logits"/>].</param>
    /// <param name="repeat">What the best places expect.</param>
    /// <param name="votes">How well places agree that expect each pitch, [2 * 88].</param>
    /// <param name="trust">Places that agree better count as agreeing this well.</param>
    public static void Add(float* logits, float* repeated, in Repeat repeat, ReadOnlySpan<byte> votes, int trust = RepeatFinder.Longest)
    {
        for (int pitch = 0; pitch < NoteEncoding.Pitches; pitch++)
        {
            logits[pitch] += repeated[Math.Min(votes[pitch], trust)] + repeated[Repeat.Lengths + Math.Min(votes[NoteEncoding.Pitches + pitch], trust)];
        }

        logits[repeat.Pitch] += repeat.Length > 0 ? repeated[(2 * Repeat.Lengths) + Math.Min(repeat.Length, trust)] : 0;
        logits[repeat.MovedPitch] += repeat.MovedLength > 0 ? repeated[(3 * Repeat.Lengths) + Math.Min(repeat.MovedLength, trust)] : 0;
    }
}
