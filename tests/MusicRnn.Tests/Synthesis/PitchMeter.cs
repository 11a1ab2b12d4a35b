namespace MusicRnn.Tests.Synthesis;

/// <summary>Measures the pitch of a sound.</summary>
internal static class PitchMeter
{
    /// <summary>How many cents the sound's partial nearest to a frequency lies above it.</summary>
    public static double CentsFrom(double frequency, ReadOnlySpan<float> sound, int sampleRate) =>
        1200 * Math.Log2(Peak(sound, sampleRate, frequency * Math.Pow(2, -60 / 1200.0), frequency * Math.Pow(2, 60 / 1200.0)) / frequency);

    /// <summary>The strongest frequency, Hz.</summary>
    public static double Strongest(ReadOnlySpan<float> sound, int sampleRate)
    {
        double best = 0;
        double frequency = 0;
        for (double f = 30; f < 4000; f *= Math.Pow(2, 1 / 48.0))
        {
            double power = Power(sound, sampleRate, f);
            if (power > best)
            {
                (best, frequency) = (power, f);
            }
        }

        return Peak(sound, sampleRate, frequency * 0.985, frequency * 1.015);
    }

    /// <summary>The frequency of the greatest power within a band, by golden section after a scan.</summary>
    private static double Peak(ReadOnlySpan<float> sound, int sampleRate, double low, double high)
    {
        const int Steps = 60;
        double ratio = Math.Pow(high / low, 1.0 / Steps);
        int best = 0;
        double greatest = -1;
        for (int i = 0; i <= Steps; i++)
        {
            double power = Power(sound, sampleRate, low * Math.Pow(ratio, i));
            if (power > greatest)
            {
                (best, greatest) = (i, power);
            }
        }

        double a = low * Math.Pow(ratio, best - 1);
        double b = low * Math.Pow(ratio, best + 1);
        const double Golden = 0.6180339887498949;
        for (int i = 0; i < 24; i++)
        {
            double c = b - (Golden * (b - a));
            double d = a + (Golden * (b - a));
            (a, b) = Power(sound, sampleRate, c) > Power(sound, sampleRate, d) ? (a, d) : (c, b);
        }

        return (a + b) / 2;
    }

    /// <summary>The power at one frequency, under a Hann window (Goertzel, as a rotating phasor).</summary>
    public static double Power(ReadOnlySpan<float> sound, int sampleRate, double frequency)
    {
        (double sin, double cos) = Math.SinCos(2 * Math.PI * frequency / sampleRate);
        (double wSin, double wCos) = Math.SinCos(2 * Math.PI / sound.Length);
        (double re, double im, double x, double y, double wx, double wy) = (0, 0, 1, 0, 1, 0);
        foreach (float sample in sound)
        {
            double windowed = sample * (1 - wx);
            re += windowed * x;
            im += windowed * y;
            (x, y) = ((x * cos) - (y * sin), (x * sin) + (y * cos));
            (wx, wy) = ((wx * wCos) - (wy * wSin), (wx * wSin) + (wy * wCos));
        }

        return (re * re) + (im * im);
    }
}
