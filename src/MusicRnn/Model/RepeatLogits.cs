namespace MusicRnn.Model;

/// <summary>What the past says of the next pitch.</summary>
internal static unsafe class RepeatLogits
{
    private const int Pitches = NoteEncoding.Pitches;
    private const int Levels = Repeat.Lengths;

    /// <summary>Adds to each pitch's logit those of its levels.</summary>
    /// <param name="logits">[88].</param>
    /// <param name="repeated">[<see cref="Repeat.Logits"/>].</param>
    /// <param name="repeat">What the best places expect.</param>
    /// <param name="votes">What the past says of each pitch, [<see cref="NoteContext.VoteCount"/>].</param>
    /// <param name="trust">Places that agree better count as agreeing this well.</param>
    public static void Add(float* logits, float* repeated, in Repeat repeat, ReadOnlySpan<byte> votes, int trust = RepeatFinder.Longest)
    {
        float* moved = repeated + Levels;
        for (int pitch = 0; pitch < Pitches; pitch++)
        {
            logits[pitch] += repeated[Math.Min(votes[pitch], trust)] + moved[Math.Min(votes[Pitches + pitch], trust)];
        }

        LevelLogits.Add(logits, repeated + (4 * Levels), votes.Slice(2 * Pitches, Pitches));
        LevelLogits.Add(logits, repeated + (5 * Levels), votes.Slice(3 * Pitches, Pitches));
        logits[repeat.Pitch] += repeat.Length > 0 ? repeated[(2 * Levels) + Math.Min(repeat.Length, trust)] : 0;
        logits[repeat.MovedPitch] += repeat.MovedLength > 0 ? repeated[(3 * Levels) + Math.Min(repeat.MovedLength, trust)] : 0;
    }

    /// <summary>The gradients of <see cref="Add"/>'s levels from those of the pitches' logits.</summary>
    /// <param name="gradients">[88].</param>
    /// <param name="repeated">[<see cref="Repeat.Logits"/>], overwritten.</param>
    /// <param name="repeat">What the best places expect.</param>
    /// <param name="votes">What the past says of each pitch, [<see cref="NoteContext.VoteCount"/>].</param>
    public static void Gather(float* gradients, float* repeated, in Repeat repeat, ReadOnlySpan<byte> votes)
    {
        LevelLogits.Gather(gradients, repeated, votes[..Pitches]);
        LevelLogits.Gather(gradients, repeated + Levels, votes.Slice(Pitches, Pitches));
        new Span<float>(repeated + (2 * Levels), 2 * Levels).Clear();
        LevelLogits.Gather(gradients, repeated + (4 * Levels), votes.Slice(2 * Pitches, Pitches));
        LevelLogits.Gather(gradients, repeated + (5 * Levels), votes.Slice(3 * Pitches, Pitches));
        repeated[(2 * Levels) + repeat.Length] = repeat.Length > 0 ? gradients[repeat.Pitch] : 0;
        repeated[(3 * Levels) + repeat.MovedLength] = repeat.MovedLength > 0 ? gradients[repeat.MovedPitch] : 0;
    }
}
