using System.Diagnostics;

namespace MusicRnn.Benchmarks;

/// <summary>
/// What some work reaches of the machine's peak, in several tries. The peak is taken anew before and after each, for a virtual machine's cores are not
/// as fast, nor even as many, from one second to the next. The median says what to expect; the best try, by the best peak, what is the work's own
/// doing, for what others do beside it only makes both slower.
/// </summary>
/// <param name="peak">Takes the peak, in thousands of millions of operations a second.</param>
/// <param name="operations">Its floating-point operations.</param>
internal sealed class PeakShare(Func<double> peak, double operations)
{
    private readonly List<double> _speeds = [];
    private readonly List<double> _shares = [];
    private double _bestPeak;

    /// <summary>Operations a second, in thousands of millions: the middle one.</summary>
    public double Speed => FusedPeak.Median([.. _speeds]);

    /// <summary>The largest.</summary>
    public double BestSpeed => _speeds.Max();

    /// <summary>The middle one of the tries' shares of the peaks of their moments.</summary>
    public double Share => FusedPeak.Median([.. _shares]);

    /// <summary>The best try's share of the best peak.</summary>
    public double BestShare => BestSpeed / _bestPeak;

    /// <summary>Tries the work once.</summary>
    /// <returns>Its speed.</returns>
    public double Try(Action work)
    {
        double before = peak();
        long started = Stopwatch.GetTimestamp();
        work();
        double speed = operations / Stopwatch.GetElapsedTime(started).TotalSeconds / 1e9;
        double after = peak();
        _speeds.Add(speed);
        _shares.Add(speed * 2 / (before + after));
        _bestPeak = Math.Max(_bestPeak, Math.Max(before, after));
        return speed;
    }
}
