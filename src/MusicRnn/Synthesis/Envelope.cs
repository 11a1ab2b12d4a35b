namespace MusicRnn.Synthesis;

/// <summary>Where an envelope is.</summary>
internal enum EnvelopeStage : byte
{
    Delay,
    Attack,
    Hold,
    Decay,
    Sustain,
    Release,
    Finished,
}

/// <summary>
/// Delay, attack, hold, decay, sustain, release (SF2.04 section 9.1.7), as a level of 0-1 that moves in straight lines. What a line
/// means is its reader's: the volume's decay and release are centibels, its attack is an amplitude.
/// </summary>
internal struct Envelope
{
    private double _left; // frames left of a delay or a hold
    private double _hold; // frames
    private double _attack; // level a frame
    private double _decay; // level a frame, of a fall from 1 to 0
    private double _sustain; // level
    private double _release; // level a frame, of a fall from 1 to 0

    public EnvelopeStage Stage { get; private set; }

    public double Level { get; private set; }

    /// <summary>Frames until its attack begins.</summary>
    public readonly double DelayLeft => Stage == EnvelopeStage.Delay ? _left : 0;

    /// <summary>Starts it, after a delay in frames. <see cref="Shape"/> must follow.</summary>
    public void Start(double delay)
    {
        Stage = delay > 0 ? EnvelopeStage.Delay : EnvelopeStage.Attack;
        Level = 0;
        _left = delay;
    }

    /// <summary>Sets, from here on, the times in frames (those of decay and release of a fall from 1 to 0) and the level that it sustains.</summary>
    public void Shape(double attack, double hold, double decay, double sustain, double release)
    {
        const double Shortest = 1; // frame: a line needs a slope
        _attack = 1 / Math.Max(Shortest, attack);
        _hold = hold;
        _decay = 1 / Math.Max(Shortest, decay);
        _sustain = sustain;
        _release = 1 / Math.Max(Shortest, release);
    }

    /// <summary>Lets go, from a level that the reader gives since the attack's line means something else than the release's.</summary>
    public void Release(double level)
    {
        if (Stage < EnvelopeStage.Release)
        {
            Stage = EnvelopeStage.Release;
            Level = level;
        }
    }

    /// <summary>Makes the release at least so fast that a fall from 1 to 0 takes so many frames.</summary>
    public void HurryRelease(double frames) => _release = Math.Max(_release, 1 / frames);

    /// <summary>Moves on by a number of frames.</summary>
    public void Advance(double frames)
    {
        while (frames > 0)
        {
            switch (Stage)
            {
                case EnvelopeStage.Delay:
                    frames = Wait(frames, EnvelopeStage.Attack);
                    break;
                case EnvelopeStage.Attack:
                    double rise = (1 - Level) / _attack;
                    if (frames < rise)
                    {
                        Level += frames * _attack;
                        return;
                    }

                    frames -= rise;
                    Level = 1;
                    _left = _hold;
                    Stage = EnvelopeStage.Hold;
                    break;
                case EnvelopeStage.Hold:
                    frames = Wait(frames, EnvelopeStage.Decay);
                    break;
                case EnvelopeStage.Decay:
                    Level -= frames * _decay;
                    if (Level > _sustain)
                    {
                        return;
                    }

                    Level = _sustain;
                    Stage = EnvelopeStage.Sustain;
                    return;
                case EnvelopeStage.Release:
                    Level -= frames * _release;
                    if (Level > 0)
                    {
                        return;
                    }

                    Level = 0;
                    Stage = EnvelopeStage.Finished;
                    return;
                default:
                    return;
            }
        }
    }

    private double Wait(double frames, EnvelopeStage next)
    {
        if (frames < _left)
        {
            _left -= frames;
            return 0;
        }

        double rest = frames - _left;
        Stage = next;
        return rest;
    }
}
