namespace MusicRnn.Tests.Synthesis;

/// <summary>How near one rendering of some music is to another, which is the reference.</summary>
/// <param name="Cents">By how much the strongest partial differs.</param>
/// <param name="Decibels">By how much the loudness of 10 ms differs at most, where the reference is within 50 dB of its peak.</param>
/// <param name="DecibelsAt">When that is, seconds.</param>
/// <param name="Degrees">By how much the place between left (0) and right (90) differs at most, where the same holds for 100 ms.</param>
/// <param name="BandDecibels">By how much the loudness of an octave band differs at most, in windows of 46 ms, from the second on, where the band is within 40 dB of the loudest.</param>
/// <param name="BandAt">When that is, seconds.</param>
internal readonly record struct Resemblance(double Cents, double Decibels, double DecibelsAt, double Degrees, double BandDecibels, double BandAt)
{
    private const double Range = 50; // dB below the reference's peak
    private const double BandRange = 40; // dB below the reference's loudest band: what is softer there is its neighbours' leakage

    public bool IsWithin(double cents, double decibels, double degrees, double bandDecibels) =>
        Math.Abs(Cents) <= cents && Math.Abs(Decibels) <= decibels && Math.Abs(Degrees) <= degrees && Math.Abs(BandDecibels) <= bandDecibels;

    /// <summary>Compares two sounds of one length.</summary>
    /// <param name="sound">What is tested.</param>
    /// <param name="reference">What it is held to.</param>
    /// <param name="pitchFrom">Where to listen for the pitch, frames; negative for nowhere.</param>
    /// <param name="isDelayed">Whether the first 10 ms are left out: a delayed onset falls amidst them, and FluidSynth fades every voice in over 64 frames.</param>
    public static Resemblance Of(StereoSound sound, StereoSound reference, int pitchFrom, bool isDelayed = false)
    {
        (double decibels, int at) = Worst(sound.Envelope(), reference.Envelope(), isDelayed ? 1 : 0);
        double degrees = WorstAngle(sound, reference);
        (double band, int bandAt) = WorstBand(sound.Bands(), reference.Bands());
        double cents = pitchFrom < 0 ? 0 : Cent(sound, reference, pitchFrom);
        return new Resemblance(cents, decibels, at * 0.01, degrees, band, bandAt * 2048.0 / sound.SampleRate);
    }

    /// <summary>Frames, 0 to most, by which a sound comes later than the reference: where they correlate best.</summary>
    public static int Lateness(StereoSound sound, StereoSound reference, int most)
    {
        const int Frames = 16_384;
        (int late, double best) = (0, 0);
        for (int shift = 0; shift <= most; shift++)
        {
            double sum = 0;
            for (int i = 0; i < Frames; i++)
            {
                sum += (sound.Left[i + shift] * (double)reference.Left[i]) + (sound.Right[i + shift] * (double)reference.Right[i]);
            }

            (late, best) = shift == 0 || sum > best ? (shift, sum) : (late, best);
        }

        return late;
    }

    /// <summary>Seconds from a frame until the loudness has fallen by so many dB from what it is there; infinite where it does not.</summary>
    public static double FallTime(StereoSound sound, int from, double decibels)
    {
        double[] envelope = sound.Envelope();
        int first = from * 100 / sound.SampleRate;
        int fallen = Array.FindIndex(envelope, first, level => level < envelope[first] - decibels);
        return fallen < 0 ? double.PositiveInfinity : (fallen - first) * 0.01;
    }

    private static (double Decibels, int At) Worst(double[] ours, double[] theirs, int from)
    {
        double floor = theirs.Max() - Range;
        (double worst, int at) = (0, 0);
        for (int i = from; i < theirs.Length; i++)
        {
            double difference = ours[i] - theirs[i];
            if (theirs[i] > floor && Math.Abs(difference) > Math.Abs(worst))
            {
                (worst, at) = (difference, i);
            }
        }

        return (worst, at);
    }

    private static (double Decibels, int At) WorstBand(double[][] ours, double[][] theirs)
    {
        double floor = theirs.Max(window => window.Max()) - BandRange;
        (double worst, int at) = (0, 0);
        for (int w = 1; w < theirs.Length; w++) // in the first the onset's own spectrum rules, not the filter
        {
            for (int b = 0; b < StereoSound.BandCount; b++)
            {
                double difference = ours[w][b] - theirs[w][b];
                if (theirs[w][b] > floor && Math.Abs(difference) > Math.Abs(worst))
                {
                    (worst, at) = (difference, w);
                }
            }
        }

        return (worst, at);
    }

    private static double WorstAngle(StereoSound sound, StereoSound reference)
    {
        double[] levels = reference.Envelope();
        double floor = levels.Max() - Range;
        double[] ours = sound.Angles();
        double[] theirs = reference.Angles();
        double worst = 0;
        for (int i = 0; i < theirs.Length; i++)
        {
            double difference = ours[i] - theirs[i];
            if (levels.Skip(i * 10).Take(10).Min() > floor && Math.Abs(difference) > Math.Abs(worst))
            {
                worst = difference;
            }
        }

        return worst;
    }

    private static double Cent(StereoSound sound, StereoSound reference, int from)
    {
        ReadOnlySpan<float> theirs = Louder(reference, from);
        if (!theirs.ContainsAnyExceptInRange(-1e-4f, 1e-4f))
        {
            return 0; // too soft to have a pitch
        }

        ReadOnlySpan<float> ours = (reference.Left[from] == theirs[0] && theirs.Overlaps(reference.Left) ? sound.Left : sound.Right).AsSpan(from, theirs.Length);
        double frequency = PitchMeter.Strongest(theirs, reference.SampleRate);
        return PitchMeter.CentsFrom(frequency, ours, sound.SampleRate) - PitchMeter.CentsFrom(frequency, theirs, reference.SampleRate);
    }

    private static ReadOnlySpan<float> Louder(StereoSound sound, int from)
    {
        const int Frames = 16_384;
        ReadOnlySpan<float> left = sound.Left.AsSpan(from, Frames);
        ReadOnlySpan<float> right = sound.Right.AsSpan(from, Frames);
        return Power(left) >= Power(right) ? left : right;

        static double Power(ReadOnlySpan<float> side)
        {
            double sum = 0;
            foreach (float sample in side)
            {
                sum += sample * (double)sample;
            }

            return sum;
        }
    }
}
