namespace MusicRnn.Model;

/// <summary>Logits that a class gets by its level, and not by which class it is.</summary>
internal static unsafe class LevelLogits
{
    /// <summary>The number of levels.</summary>
    public const int Levels = 16;

    /// <summary>Adds to each class's logit that of its level.</summary>
    /// <param name="logits">[classes].</param>
    /// <param name="byLevel">[16].</param>
    /// <param name="levels">[classes], 0-15.</param>
    public static void Add(float* logits, float* byLevel, ReadOnlySpan<byte> levels)
    {
        for (int i = 0; i < levels.Length; i++)
        {
            logits[i] += byLevel[levels[i]];
        }
    }

    /// <summary>The gradients of the levels, overwritten, from those of the classes' logits.</summary>
    /// <param name="gradients">[classes].</param>
    /// <param name="byLevel">[16].</param>
    /// <param name="levels">[classes], 0-15.</param>
    public static void Gather(float* gradients, float* byLevel, ReadOnlySpan<byte> levels)
    {
        new Span<float>(byLevel, Levels).Clear();
        for (int i = 0; i < levels.Length; i++)
        {
            byLevel[levels[i]] += gradients[i];
        }
    }
}
