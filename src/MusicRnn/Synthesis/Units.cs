using System.Runtime.CompilerServices;

namespace MusicRnn.Synthesis;

/// <summary>From the logarithmic units of a SoundFont to seconds, hertz, ratios and amplitudes (SF2.04 section 8.1.3).</summary>
internal static class Units
{
    /// <summary>How far the volume envelope falls from its peak to nothing, in centibels. The specification says 1000; every synthesiser in use takes the 96 dB of 16 bits, and fonts are made by ear against those.</summary>
    public const double EnvelopeRange = 960;

    /// <summary>2 to the given power, to 1e-9 of its value; from -1000 to 1000, beyond which it stays there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Exp2(double power)
    {
        double x = Math.Clamp(power, -1000, 1000);
        double whole = Math.Floor(x);
        double f = (x - whole - 0.5) * 0.6931471805599453; // |f| <= 0.347: eight terms of the exponential's series reach 1e-9
        double series = 1 + (f * (1 + (f * (0.5 + (f * ((1.0 / 6) + (f * ((1.0 / 24) + (f * ((1.0 / 120) + (f * ((1.0 / 720) + (f / 5040)))))))))))));
        return BitConverter.Int64BitsToDouble((long)(whole + 1023) << 52) * (series * 1.4142135623730951);
    }

    /// <summary>A frequency ratio from cents.</summary>
    public static double CentsToRatio(double cents) => Exp2(cents * (1.0 / 1200));

    /// <summary>Hertz from absolute cents, of which 6900 are 440 Hz.</summary>
    public static double AbsoluteCentsToHertz(double cents) => 440 * Exp2((cents - 6900) * (1.0 / 1200));

    /// <summary>Seconds from timecents.</summary>
    public static double TimecentsToSeconds(double timecents) => Exp2(timecents * (1.0 / 1200));

    /// <summary>An amplitude factor from centibels of attenuation.</summary>
    public static double CentibelsToAmplitude(double attenuation) => Exp2(attenuation * (-3.321928094887362 / 200));
}
