namespace MusicRnn.Training;

/// <summary>
/// Whether a network is as sure as it is right: how often what it holds to be likeliest is what comes, against how likely
/// it holds it to be (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017).
/// </summary>
public sealed class Calibration
{
    private const int Bins = 20;

    private readonly long[] _count = new long[Bins];
    private readonly double[] _sure = new double[Bins]; // sums of the likeliest one's probability
    private readonly long[] _right = new long[Bins];

    /// <summary>For each twentieth of sureness that occurred: the mean probability of the likeliest, the share of cases in which it came, and how many there were.</summary>
    public IReadOnlyList<(double Sure, double Right, long Count)> Points =>
        [.. Enumerable.Range(0, Bins).Where(bin => _count[bin] > 0).Select(bin => (_sure[bin] / _count[bin], (double)_right[bin] / _count[bin], _count[bin]))];

    /// <summary>The expected calibration error, 0-1: the mean distance of how sure from how right, over all cases.</summary>
    public double Error => Points.Sum(point => point.Count * Math.Abs(point.Sure - point.Right)) / Math.Max(1, _count.Sum());

    /// <summary>Counts one case.</summary>
    /// <param name="probabilities">What was expected; they sum to 1.</param>
    /// <param name="came">The index of what came.</param>
    public void Add(ReadOnlySpan<double> probabilities, int came)
    {
        int likeliest = 0;
        for (int i = 1; i < probabilities.Length; i++)
        {
            likeliest = probabilities[i] > probabilities[likeliest] ? i : likeliest;
        }

        int bin = Math.Clamp((int)(probabilities[likeliest] * Bins), 0, Bins - 1);
        _count[bin]++;
        _sure[bin] += probabilities[likeliest];
        _right[bin] += likeliest == came ? 1 : 0;
    }
}
