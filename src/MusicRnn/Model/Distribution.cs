namespace MusicRnn.Model;

/// <summary>Probabilities from logits, and draws from them. [improviser-thread] allocates nothing.</summary>
internal static class Distribution
{
    /// <summary>probabilities = softmax(logits / temperature).</summary>
    public static void Softmax(ReadOnlySpan<float> logits, double temperature, Span<double> probabilities)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (float logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        for (int i = 0; i < logits.Length; i++)
        {
            sum += probabilities[i] = Math.Exp((logits[i] - largest) / temperature);
        }

        for (int i = 0; i < logits.Length; i++)
        {
            probabilities[i] /= sum;
        }
    }

    /// <summary>
    /// Draws a class. Only the likeliest that together hold a share <paramref name="topP"/> of the whole may be drawn
    /// (Holtzman et al. 2020); the likeliest always may.
    /// </summary>
    /// <param name="weights">What each class weighs; they need not sum to 1. Those that may not be drawn become 0.</param>
    /// <param name="topP">0-1.</param>
    /// <param name="uniform">A random number in [0, 1).</param>
    /// <returns>The class, or -1 if nothing weighs anything.</returns>
    public static int Draw(Span<double> weights, double topP, double uniform)
    {
        double sum = 0;
        foreach (double weight in weights)
        {
            sum += weight;
        }

        if (!(sum > 0))
        {
            return -1;
        }

        if (topP < 1)
        {
            sum = KeepLikeliest(weights, topP * sum);
        }

        double left = uniform * sum;
        int last = -1;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] <= 0)
            {
                continue;
            }

            last = i;
            left -= weights[i];
            if (left < 0)
            {
                return i;
            }
        }

        return last;
    }

    private static double KeepLikeliest(Span<double> weights, double enough)
    {
        Span<double> kept = stackalloc double[weights.Length];
        kept.Clear();
        double sum = 0;
        while (sum < enough)
        {
            int likeliest = 0;
            for (int i = 1; i < weights.Length; i++)
            {
                if (weights[i] > weights[likeliest])
                {
                    likeliest = i;
                }
            }

            if (weights[likeliest] <= 0)
            {
                break; // rounding left a crumb
            }

            sum += kept[likeliest] = weights[likeliest];
            weights[likeliest] = 0;
        }

        kept.CopyTo(weights);
        return sum;
    }
}
