namespace MusicRnn.Benchmarks;

/// <summary>Durations in microseconds, and their order statistics.</summary>
internal sealed class Durations(double[] microseconds)
{
    private readonly double[] _sorted = [.. microseconds.Order()];

    public double Median => At(0.5);

    /// <summary>What a share of them does not exceed.</summary>
    public double At(double share) => _sorted.Length == 0 ? double.NaN : _sorted[Math.Min(_sorted.Length - 1, (int)(share * _sorted.Length))];

    public override string ToString() => _sorted.Length == 0 ? "nothing" : $"median {Median:F1} us, p99 {At(0.99):F1} us, longest {_sorted[^1]:F1} us";
}
