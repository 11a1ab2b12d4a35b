using System.Globalization;

namespace MusicRnn.Charts;

/// <summary>One axis of a chart: from values to pixels, and where its ticks are.</summary>
internal sealed class Axis
{
    private readonly double _from;
    private readonly double _to;
    private readonly double _start;
    private readonly double _end;

    private readonly double _step; // 0 where the ends are no ticks

    private Axis(double from, double to, double start, double end, bool logarithmic, double step = 0)
    {
        _step = step;
        _from = from;
        _to = to;
        _start = start;
        _end = end;
        Logarithmic = logarithmic;
    }

    /// <summary>Whether equal ratios, and not equal differences, are equally far apart.</summary>
    public bool Logarithmic { get; }

    /// <summary>An axis over just these values; <paramref name="start"/> and <paramref name="end"/> are the pixels of its ends.</summary>
    public static Axis Exact(double from, double to, double start, double end) => new(from, to > from ? to : from + 1, start, end, false);

    /// <summary>An axis over at least these values, its ends moved outwards to a tick; it has about six.</summary>
    public static Axis Round(double from, double to, double start, double end)
    {
        if (!(to > from))
        {
            to = from + Math.Max(1, Math.Abs(from) * 0.1);
        }

        double step = StepOf(from, to, 6);
        return new Axis(Math.Floor(from / step) * step, Math.Ceiling(to / step) * step, start, end, false, step);
    }

    /// <summary>A logarithmic axis over at least these values, which are above 0.</summary>
    public static Axis Log(double from, double to, double start, double end) =>
        new(Math.Log10(from), Math.Log10(to > from ? to : from * 10), start, end, true);

    /// <summary>The pixel of a value.</summary>
    public double At(double value) =>
        _start + (((Logarithmic ? Math.Log10(value) : value) - _from) / (_to - _from) * (_end - _start));

    /// <summary>Ticks and their labels, about <paramref name="count"/> of them.</summary>
    public IEnumerable<(double Value, string Label)> Ticks(int count)
    {
        if (Logarithmic)
        {
            int[] factors = (_to - _from) * 2 <= count ? [1, 2, 5] : [1];
            for (int decade = (int)Math.Floor(_from); decade <= _to; decade++)
            {
                foreach (int factor in factors)
                {
                    double value = factor * Math.Pow(10, decade);
                    double place = Math.Log10(value);
                    if (place >= _from - 1e-9 && place <= _to + 1e-9)
                    {
                        yield return (value, Label(value, decade));
                    }
                }
            }

            yield break;
        }

        double step = _step > 0 ? _step : StepOf(_from, _to, count);
        int power = (int)Math.Floor(Math.Log10(step) + 1e-9);
        long last = (long)Math.Floor((_to / step) + 1e-6);
        for (long i = (long)Math.Ceiling((_from / step) - 1e-6); i <= last; i++)
        {
            yield return (i * step, Label(i * step, power));
        }
    }

    /// <summary>A step of 1, 2 or 5 times a power of ten that cuts the range into about as many parts.</summary>
    public static double StepOf(double from, double to, int count)
    {
        double rough = (to - from) / Math.Max(1, count);
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double factor = rough / power;
        return power * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10);
    }

    /// <summary>A value as text, exact to the given power of ten.</summary>
    private static string Label(double value, int power)
    {
        if (value != 0 && (Math.Abs(value) >= 1e6 || power < -5))
        {
            return value.ToString("0.###e0", CultureInfo.InvariantCulture);
        }

        string text = value.ToString("F" + Math.Max(0, -power).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.StartsWith('-') ? "\u2212" + text[1..] : text;
    }
}
