namespace MusicRnn.Synthesis;

/// <summary>What moves a voice by itself: its two envelopes and its two LFOs, at one moment.</summary>
internal struct Motion
{
    public Envelope Volume;

    public Envelope Modulation;

    public Lfo ModulationLfo;

    public Lfo VibratoLfo;

    /// <summary>The modulation envelope as it bends pitch and cutoff: its attack is convex (SF2.04 section 8.1.2, generator 26).</summary>
    public readonly double ModulationLevel =>
        Modulation.Stage == EnvelopeStage.Attack ? ModulatorSource.Convex(Modulation.Level) : Modulation.Level;

    /// <summary>The volume envelope's level as its decay and release count it, in centibels over their range: its attack is an amplitude.</summary>
    public readonly double VolumeLevel => Volume.Stage != EnvelopeStage.Attack
        ? Volume.Level
        : Volume.Level <= 0 ? 0 : Math.Clamp(1 + (Math.Log10(Volume.Level) * (200 / Units.EnvelopeRange)), 0, 1);

    /// <summary>Moves on by a number of frames.</summary>
    public void Advance(double frames)
    {
        Volume.Advance(frames);
        Modulation.Advance(frames);
        ModulationLfo.Advance(frames);
        VibratoLfo.Advance(frames);
    }

    /// <summary>Lets both envelopes go.</summary>
    public void Release()
    {
        Volume.Release(VolumeLevel);
        Modulation.Release(ModulationLevel);
    }
}
