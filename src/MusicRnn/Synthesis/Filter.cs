namespace MusicRnn.Synthesis;

/// <summary>
/// A voice's resonant low-pass of two poles (SF2.04 section 9.1.5), as a state-variable filter: it has the response of the usual
/// biquad, and stays quiet and stable in single precision at low cutoffs and while its cutoff moves.
/// </summary>
internal struct Filter
{
    private const double LowestCutoff = 1500; // absolute cents: 20 Hz
    private const double HighestCutoff = 13500; // 20 kHz
    private const double HighestOfRate = 0.45; // of the sample rate: a cutoff that is also the interpolation's anti-alias

    /// <summary>Weights at the ramp's start, and what each moves by a frame.</summary>
    public float A1, A2, A3, A1Step, A2Step, A3Step;

    /// <summary>The states of its two integrators.</summary>
    public float State1, State2;

    private float _target1;
    private float _target2;
    private float _target3;
    private double _cutoff;
    private double _resonance;
    private double _damping;

    /// <summary>Begins at a cutoff, in absolute cents, and a resonance, in centibels.</summary>
    public void Start(double cutoff, double resonance, int rate)
    {
        (_cutoff, _resonance) = (double.NaN, double.NaN);
        Aim(cutoff, resonance, rate);
        (A1, A2, A3) = (_target1, _target2, _target3);
        (A1Step, A2Step, A3Step) = (0, 0, 0);
        (State1, State2) = (0, 0);
    }

    /// <summary>Moves the ramp's start on by a number of frames.</summary>
    public void Advance(int frames)
    {
        A1 = MathF.FusedMultiplyAdd(frames, A1Step, A1);
        A2 = MathF.FusedMultiplyAdd(frames, A2Step, A2);
        A3 = MathF.FusedMultiplyAdd(frames, A3Step, A3);
    }

    /// <summary>Ramps from where it is to a cutoff and resonance, within a number of frames.</summary>
    public void Ramp(double cutoff, double resonance, int rate, int frames)
    {
        Aim(cutoff, resonance, rate);
        float scale = 1f / frames;
        A1Step = (_target1 - A1) * scale;
        A2Step = (_target2 - A2) * scale;
        A3Step = (_target3 - A3) * scale;
    }

    /// <summary>
    /// The gain that goes with a resonance: half of its peak is taken off (SF2.04 section 8.1.3, generator 9), counted from a response
    /// without a hump. So 0 centibels raise the level by 1.5 dB, as they do in FluidSynth.
    /// </summary>
    public static double GainOf(double resonance) => 1 / Math.Sqrt(QualityOf(resonance));

    private static double QualityOf(double resonance) => Units.Exp2((Math.Clamp(resonance, 0, 960) - 30.1) * (3.321928094887362 / 200));

    private void Aim(double cutoff, double resonance, int rate)
    {
        if (cutoff == _cutoff && resonance == _resonance)
        {
            return;
        }

        if (resonance != _resonance)
        {
            _damping = 1 / QualityOf(resonance);
        }

        (_cutoff, _resonance) = (cutoff, resonance);
        double hertz = Math.Min(Units.AbsoluteCentsToHertz(Math.Clamp(cutoff, LowestCutoff, HighestCutoff)), HighestOfRate * rate);
        double g = Tangent(Math.PI * hertz / rate);
        double a1 = 1 / (1 + (g * (g + _damping)));
        _target1 = (float)a1;
        _target2 = (float)(g * a1);
        _target3 = (float)(g * g * a1);
    }

    /// <summary>The tangent of 0 to 0.45 pi to 1e-6 of it, by its continued fraction: a third of the time of the library's.</summary>
    private static double Tangent(double x)
    {
        double s = x * x;
        return x * (135135 - (s * (17325 - (s * (378 - s))))) / (135135 - (s * (62370 - (s * (3150 - (28 * s))))));
    }
}
