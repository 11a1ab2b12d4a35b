using MusicRnn.Model;

namespace MusicRnn.Tests.Model;

/// <summary>Weights of attentions for tests: in a network that has learned nothing yet attention adds nothing.</summary>
internal static class AttentionWeights
{
    /// <summary>Makes every attention of a network matter.</summary>
    public static void Fill(Network network, int seed)
    {
        var random = new Random(seed);
        foreach (AttentionTensors attention in Of(network.Layout))
        {
            Fill(network.Tensor(attention.Output), random, 0.15f);
            Fill(network.Tensor(attention.Distance), random, 1.5f);
            Fill(network.Tensor(attention.Nothing), random, 1);
        }
    }

    /// <summary>The three attentions: the uppermost, the velocity's, the duration's.</summary>
    public static AttentionTensors[] Of(NetworkLayout layout) => [layout.Attention, layout.VelocityAttention, layout.DurationAttention];

    /// <summary>Random numbers up to a bound, either way.</summary>
    public static void Fill(Span<float> values, Random random, float bound)
    {
        foreach (ref float value in values)
        {
            value = (random.NextSingle() - 0.5f) * 2 * bound;
        }
    }
}
