using System.Runtime.CompilerServices;

namespace MusicRnn.Synthesis;

/// <summary>
/// One sample sounding for one note: oscillator, filter, two envelopes and two LFOs. What it does moves in straight lines
/// between control points <see cref="ControlFrames"/> frames apart, and from any frame at which an event bends them.
/// </summary>
internal sealed class Voice(SynthesizerOptions options)
{
    /// <summary>Frames between control points.</summary>
    public const int ControlFrames = 64;

    private const double Inaudible = 1200; // centibels below full scale
    private const double ShortestRelease = -7200; // timecents, 16 ms: a shorter one clicks
    private const double ExclusiveRelease = -200; // timecents; FluidSynth's, found there by ear with hi-hats

    private readonly Articulation _articulation = new();
    private readonly int _sampleRate = options.SampleRate;
    private readonly double _gain = options.Gain / 32768;
    private SoundFont? _font; // keeps the points alive while they sound
    private Motion _motion; // at the ramp's start
    private Motion _nextMotion; // at the ramp's end
    private double _rate; // points a frame at the sample's own pitch
    private double _pitch; // cents above that pitch, without LFOs and envelope
    private double _attenuation; // centibels
    private double _left; // gains beside the amplitude
    private double _right;
    private double _reverb;
    private double _chorus;
    private double _cutoff; // absolute cents, without LFO and envelope
    private double _resonance; // centibels
    private double _lfoToPitch; // cents
    private double _lfoToCutoff;
    private double _lfoToVolume; // centibels
    private double _vibratoToPitch;
    private double _envelopeToPitch;
    private double _envelopeToCutoff;
    private double _floor; // centibels of attenuation that no controller lifts
    private int _fade; // frames left of a stolen voice
    private int _rampFrames;
    private double _plannedPitch; // that the oscillator's step was last set for

    /// <summary>What the mixer multiplies by: at the ramp's start, and what it moves by a frame.</summary>
    public float Left, LeftStep, Right, RightStep, Reverb, ReverbStep, Chorus, ChorusStep;

    /// <summary>Frames rendered of the present ramp.</summary>
    public int Elapsed;

    public Oscillator Oscillator;

    public Filter Filter;

    public VoiceState State { get; private set; }

    public int Channel { get; private set; }

    public int Key { get; private set; }

    /// <summary>The note that it belongs to; later notes have higher numbers.</summary>
    public long Note { get; private set; }

    public int ExclusiveClass { get; private set; }

    /// <summary>Whether the present ramp leads to silence: at its end the voice is done.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>How loud it is, as an amplitude.</summary>
    public float Loudness => Math.Max(Left, Right);

    /// <summary>Starts it. <see cref="Plan"/> must follow.</summary>
    public void Start(Channel channel, int channelNumber, int key, int velocity, long note, SoundFont font, int presetZone, int instrumentZone)
    {
        _font = font;
        _articulation.Start(channel, key, velocity, font, presetZone, instrumentZone);
        (Channel, Key, Note) = (channelNumber, key, note);
        State = VoiceState.Held;
        IsEnding = false;
        ExclusiveClass = (int)_articulation[Generator.ExclusiveClass];
        SampleHeader sample = font.Samples[font.Zones[instrumentZone].Target];
        _rate = sample.Rate / (double)_sampleRate;
        StartOscillator(font.Memory, sample);
        StartEnvelopes();
        Follow();
        Filter.Start(_cutoff, _resonance, _sampleRate);
        (Left, Right, Reverb, Chorus) = (0, 0, 0, 0);
        (LeftStep, RightStep, ReverbStep, ChorusStep) = (0, 0, 0, 0);
        (_fade, _rampFrames, Elapsed, _plannedPitch) = (0, 0, 0, double.NaN);
        _nextMotion = _motion;
    }

    /// <summary>Ends the ramp where it stands, so that an event may bend it from here. <see cref="Plan"/> must follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Cut()
    {
        if (Elapsed == _rampFrames)
        {
            _motion = _nextMotion;
        }
        else
        {
            _motion.Advance(Elapsed);
        }

        Filter.Advance(Elapsed);
        Left = MathF.FusedMultiplyAdd(Elapsed, LeftStep, Left);
        Right = MathF.FusedMultiplyAdd(Elapsed, RightStep, Right);
        Reverb = MathF.FusedMultiplyAdd(Elapsed, ReverbStep, Reverb);
        Chorus = MathF.FusedMultiplyAdd(Elapsed, ChorusStep, Chorus);
        _fade -= Elapsed;
        Elapsed = 0;
        _rampFrames = 0;
    }

    /// <summary>Lays the ramps for the next frames, up to the next control point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Plan(int frames)
    {
        _rampFrames = frames;
        _nextMotion = _motion;
        _nextMotion.Advance(frames);
        double wobble = _nextMotion.ModulationLfo.Value;
        double bend = _nextMotion.ModulationLevel;
        double pitch = _pitch + (wobble * _lfoToPitch) + (_nextMotion.VibratoLfo.Value * _vibratoToPitch) + (bend * _envelopeToPitch);
        if (pitch != _plannedPitch)
        {
            _plannedPitch = pitch;
            Oscillator.SetStep(_rate * Units.CentsToRatio(pitch));
        }

        Filter.Ramp(_cutoff + (wobble * _lfoToCutoff) + (bend * _envelopeToCutoff), _resonance, _sampleRate, frames);
        RampGains(Amplitude(wobble), frames);
    }

    /// <summary>Whether any of its modulators reads a source.</summary>
    public bool Reads(int identity) => _articulation.Reads(identity);

    /// <summary>Follows a modulator's source that moved. The ramp must have been cut.</summary>
    /// <param name="identity">Which source, or -1 for all.</param>
    public void FollowSource(int identity)
    {
        if (_articulation.FollowSource(identity))
        {
            Follow();
            ShapeEnvelopes();
        }
    }

    /// <summary>Follows the channel's tuning. The ramp must have been cut.</summary>
    public void FollowTuning() => Follow();

    /// <summary>Its key came up while a pedal holds it.</summary>
    public void HoldBy(VoiceState pedal) => State = pedal;

    /// <summary>Lets it go into its release. The ramp must have been cut.</summary>
    public void Release()
    {
        State = VoiceState.Released;
        _motion.Release();
        if (_articulation[Generator.SampleModes] == (int)LoopMode.UntilRelease)
        {
            Oscillator.StopLooping();
        }
    }

    /// <summary>Lets it go because another of its exclusive class started. The ramp must have been cut.</summary>
    public void Choke()
    {
        Release();
        double frames = Units.TimecentsToSeconds(ExclusiveRelease) * _sampleRate;
        _motion.Volume.HurryRelease(frames);
        _motion.Modulation.HurryRelease(frames);
        ExclusiveClass = 0;
    }

    /// <summary>Fades it out within so many frames, whatever its envelope. The ramp must have been cut.</summary>
    public void Steal(int frames)
    {
        State = VoiceState.Stolen;
        _fade = frames;
    }

    /// <summary>Makes it free.</summary>
    public void Free()
    {
        State = VoiceState.Free;
        _font = null;
    }

    private double Depth(Generator generator) => Math.Clamp(_articulation[generator], -12000, 12000);

    private double Frames(double timecents, double longest) =>
        timecents <= -32768 ? 0 : Units.TimecentsToSeconds(Math.Clamp(timecents, -12000, longest)) * _sampleRate;

    /// <summary>A delay in frames: none for the default of -12000, which is meant as none and would be a millisecond.</summary>
    private double Delay(Generator generator) => _articulation[generator] <= -12000 ? 0 : Frames(_articulation[generator], 5000);

    private void StartOscillator(SampleMemory memory, in SampleHeader sample)
    {
        long start = Place(sample.Start, Generator.StartAddressOffset, Generator.StartAddressCoarseOffset);
        long end = Place(sample.End, Generator.EndAddressOffset, Generator.EndAddressCoarseOffset);
        long loopStart = Place(sample.LoopStart, Generator.StartLoopAddressOffset, Generator.StartLoopAddressCoarseOffset);
        long loopEnd = Place(sample.LoopEnd, Generator.EndLoopAddressOffset, Generator.EndLoopAddressCoarseOffset);
        start = Math.Clamp(start, sample.Start, sample.End - 1);
        end = Math.Clamp(end, start + 1, sample.End);
        LoopMode mode = (LoopMode)(int)_articulation[Generator.SampleModes];
        Oscillator.Start(
            memory,
            (int)start,
            (int)end,
            (int)Math.Clamp(loopStart, sample.Start, end),
            (int)Math.Clamp(loopEnd, sample.Start, end),
            mode is LoopMode.Always or LoopMode.UntilRelease,
            (int)Delay(Generator.VolumeEnvelopeDelay)); // the sample's attack is what the delay is to put off
    }

    private long Place(int nominal, Generator fine, Generator coarse) =>
        nominal + (long)_articulation[fine] + (32768 * (long)_articulation[coarse]);

    private void StartEnvelopes()
    {
        _motion.Volume.Start(Delay(Generator.VolumeEnvelopeDelay));
        _motion.Modulation.Start(Delay(Generator.ModulationEnvelopeDelay));
        ShapeEnvelopes();
        _motion.ModulationLfo.Start(Delay(Generator.ModulationLfoDelay), LfoStep(Generator.ModulationLfoFrequency));
        _motion.VibratoLfo.Start(Delay(Generator.VibratoLfoDelay), LfoStep(Generator.VibratoLfoFrequency));
    }

    private double LfoStep(Generator frequency) =>
        Units.AbsoluteCentsToHertz(Math.Clamp(_articulation[frequency], -16000, 4500)) / _sampleRate;

    private void ShapeEnvelopes()
    {
        _motion.Volume.Shape(
            Frames(_articulation[Generator.VolumeEnvelopeAttack], 8000),
            Frames(Scaled(Generator.VolumeEnvelopeHold, Generator.KeyToVolumeEnvelopeHold), 5000),
            Frames(Scaled(Generator.VolumeEnvelopeDecay, Generator.KeyToVolumeEnvelopeDecay), 8000),
            1 - Math.Clamp(_articulation[Generator.VolumeEnvelopeSustain] / 1000, 0, 1),
            Frames(Math.Max(ShortestRelease, _articulation[Generator.VolumeEnvelopeRelease]), 8000));
        _motion.Modulation.Shape(
            Frames(_articulation[Generator.ModulationEnvelopeAttack], 8000),
            Frames(Scaled(Generator.ModulationEnvelopeHold, Generator.KeyToModulationEnvelopeHold), 5000),
            Frames(Scaled(Generator.ModulationEnvelopeDecay, Generator.KeyToModulationEnvelopeDecay), 8000),
            1 - Math.Clamp(_articulation[Generator.ModulationEnvelopeSustain] / 1000, 0, 1),
            Frames(_articulation[Generator.ModulationEnvelopeRelease], 8000));
    }

    private double Scaled(Generator time, Generator keyScale) =>
        _articulation[time] + (_articulation[keyScale] * (60 - _articulation.Key));

    /// <summary>Derives what depends on generators alone.</summary>
    private void Follow()
    {
        _pitch = _articulation[Generator.Pitch] + (100 * _articulation[Generator.CoarseTune]) + _articulation[Generator.FineTune] + _articulation.Tuning;
        _attenuation = Math.Clamp(_articulation[Generator.Attenuation], 0, 1440);
        double angle = (Math.Clamp(_articulation[Generator.Pan], -500, 500) + 500) * (Math.PI / 2 / 1000); // equal power
        _cutoff = _articulation[Generator.FilterCutoff];
        _resonance = _articulation[Generator.FilterResonance];
        _lfoToPitch = Depth(Generator.ModulationLfoToPitch);
        _lfoToCutoff = Depth(Generator.ModulationLfoToFilterCutoff);
        _lfoToVolume = Math.Clamp(_articulation[Generator.ModulationLfoToVolume], -960, 960);
        _vibratoToPitch = Depth(Generator.VibratoLfoToPitch);
        _envelopeToPitch = Depth(Generator.ModulationEnvelopeToPitch);
        _envelopeToCutoff = Depth(Generator.ModulationEnvelopeToFilterCutoff);
        _floor = Math.Max(0, _articulation.Unmodulated(Generator.Attenuation));
        double gain = _gain * Filter.GainOf(_resonance);
        (_right, _left) = Math.SinCos(angle);
        _left *= gain;
        _right *= gain;
        _reverb = Math.Clamp(_articulation[Generator.ReverbSend], 0, 1000) / 1000 * gain;
        _chorus = Math.Clamp(_articulation[Generator.ChorusSend], 0, 1000) / 1000 * gain;
    }

    /// <summary>The amplitude at the ramp's end.</summary>
    private double Amplitude(double wobble)
    {
        double tremolo = -wobble * _lfoToVolume;
        switch (_nextMotion.Volume.Stage)
        {
            case EnvelopeStage.Delay:
                return 0;
            case EnvelopeStage.Attack:
                return _nextMotion.Volume.Level * Units.CentibelsToAmplitude(_attenuation + Math.Max(0, tremolo));
            case EnvelopeStage.Finished:
                IsEnding = true;
                return 0;
            default:
                double fallen = Units.EnvelopeRange * (1 - _nextMotion.Volume.Level);
                if (fallen + _floor > Inaudible || _nextMotion.Volume is { Stage: EnvelopeStage.Sustain, Level: <= 0 })
                {
                    IsEnding = true; // nothing raises an envelope again once past its attack; controllers raise only the rest
                    return 0;
                }

                return Units.CentibelsToAmplitude(_attenuation + Math.Max(0, fallen + tremolo));
        }
    }

    private void RampGains(double amplitude, int frames)
    {
        if (State == VoiceState.Stolen)
        {
            double left = Math.Max(0, 1 - ((double)frames / Math.Max(1, _fade)));
            IsEnding = left <= 0;
            (LeftStep, RightStep) = ((float)((left - 1) * Left / frames), (float)((left - 1) * Right / frames));
            (ReverbStep, ChorusStep) = ((float)((left - 1) * Reverb / frames), (float)((left - 1) * Chorus / frames));
            return;
        }

        if (Oscillator.IsFinished)
        {
            IsEnding = true;
        }

        double delay = _motion.Volume.DelayLeft;
        if (delay > 0)
        {
            RampFromDelay(amplitude, delay, frames);
            return;
        }

        float scale = 1f / frames;
        LeftStep = ((float)(_left * amplitude) - Left) * scale;
        RightStep = ((float)(_right * amplitude) - Right) * scale;
        ReverbStep = ((float)(_reverb * amplitude) - Reverb) * scale;
        ChorusStep = ((float)(_chorus * amplitude) - Chorus) * scale;
    }

    /// <summary>A line that passes zero where the delay ends; before that the oscillator is silent.</summary>
    private void RampFromDelay(double amplitude, double delay, int frames)
    {
        double slope = delay < frames ? amplitude / (frames - delay) : 0;
        (LeftStep, RightStep) = ((float)(_left * slope), (float)(_right * slope));
        (ReverbStep, ChorusStep) = ((float)(_reverb * slope), (float)(_chorus * slope));
        float before = -(float)Math.Min(delay, frames);
        (Left, Right, Reverb, Chorus) = (before * LeftStep, before * RightStep, before * ReverbStep, before * ChorusStep);
    }
}
