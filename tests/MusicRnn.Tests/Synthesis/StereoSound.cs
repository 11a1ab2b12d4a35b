namespace MusicRnn.Tests.Synthesis;

/// <summary>A rendered sound and what can be measured of it.</summary>
internal sealed class StereoSound(float[] left, float[] right, int sampleRate)
{
    private const int Window = 2048; // frames of a spectrum
    private const double Floor = 1e-20;

    private static readonly double[] BandEdges = [0, 88, 177, 355, 710, 1420, 2840, 5680, 11360, 22050]; // octaves around 125 Hz to 8 kHz, and what lies beyond

    public float[] Left => left;

    public float[] Right => right;

    public int Frames => left.Length;

    public int SampleRate => sampleRate;

    public static int BandCount => BandEdges.Length - 1;

    /// <summary>The sound without its first frames, and as many of silence at its end.</summary>
    public StereoSound Skip(int frames) => new([.. left[frames..], .. new float[frames]], [.. right[frames..], .. new float[frames]], sampleRate);

    /// <summary>Loudness of each 10 ms, both sides together, dB of full scale.</summary>
    public double[] Envelope() => [.. Pieces(sampleRate / 100).Select(piece => 10 * Math.Log10(Floor + ((piece.Left + piece.Right) / 2)))];

    /// <summary>Where each 100 ms is heard, in degrees: 0 is left, 45 the middle, 90 right.</summary>
    public double[] Angles() =>
        [.. Pieces(sampleRate / 10).Select(piece => Math.Atan2(Math.Sqrt(piece.Right), Math.Sqrt(piece.Left)) * 180 / Math.PI)];

    /// <summary>Loudness of each octave band in windows of 46 ms, dB of full scale. [windows, bands]</summary>
    public double[][] Bands()
    {
        double[][] bands = new double[Frames / Window][];
        Span<double> re = stackalloc double[Window];
        Span<double> im = stackalloc double[Window];
        for (int w = 0; w < bands.Length; w++)
        {
            for (int i = 0; i < Window; i++)
            {
                double hann = 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / Window));
                re[i] = hann * left[(w * Window) + i]; // the two sides' spectra are those of one complex signal
                im[i] = hann * right[(w * Window) + i];
            }

            Fourier.Transform(re, im);
            double[] power = new double[BandCount];
            for (int k = 1; k < Window / 2; k++)
            {
                double both = (re[k] * re[k]) + (im[k] * im[k]) + (re[Window - k] * re[Window - k]) + (im[Window - k] * im[Window - k]);
                power[Array.FindLastIndex(BandEdges, edge => k * (double)sampleRate / Window >= edge) is int b && b < BandCount ? b : BandCount - 1] += both;
            }

            bands[w] = [.. power.Select(p => 10 * Math.Log10(Floor + (p * 8 / 3 / Window / Window / 2)))];
        }

        return bands;
    }

    private IEnumerable<(double Left, double Right)> Pieces(int frames)
    {
        for (int at = 0; at + frames <= Frames; at += frames)
        {
            yield return (Power(left.AsSpan(at, frames)), Power(right.AsSpan(at, frames)));
        }
    }

    private static double Power(ReadOnlySpan<float> sound)
    {
        double sum = 0;
        foreach (float sample in sound)
        {
            sum += sample * (double)sample;
        }

        return sum / sound.Length;
    }
}
