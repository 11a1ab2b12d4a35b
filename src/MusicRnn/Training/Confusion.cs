namespace MusicRnn.Training;

/// <summary>What was expected where something came: for each class that came the mean probability of every class.</summary>
/// <param name="classes">The number of classes.</param>
public sealed class Confusion(int classes)
{
    private const int Fewest = 5; // cases: fewer tell nothing

    private readonly double[,] _sums = new double[classes, classes]; // [expected, came]
    private readonly long[] _counts = new long[classes]; // [came]

    /// <summary>Mean probabilities, [expected, came]; not a number where a class came fewer than five times.</summary>
    public double[,] Means
    {
        get
        {
            double[,] means = new double[classes, classes];
            for (int expected = 0; expected < classes; expected++)
            {
                for (int came = 0; came < classes; came++)
                {
                    means[expected, came] = _counts[came] >= Fewest ? _sums[expected, came] / _counts[came] : double.NaN;
                }
            }

            return means;
        }
    }

    /// <summary>Counts one case.</summary>
    /// <param name="probabilities">What was expected, [classes].</param>
    /// <param name="came">The class that came.</param>
    public void Add(ReadOnlySpan<double> probabilities, int came)
    {
        for (int expected = 0; expected < classes; expected++)
        {
            _sums[expected, came] += probabilities[expected];
        }

        _counts[came]++;
    }
}
