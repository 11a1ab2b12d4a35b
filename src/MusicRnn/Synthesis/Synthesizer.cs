using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Synthesis;

/// <summary>Plays a SoundFont on sixteen channels, the tenth of which is percussion.</summary>
/// <remarks>
/// An event is heard from the very next frame. Everything that moves goes in straight lines between control points 64 frames
/// apart, counted from the first frame ever rendered, so rendering in pieces gives the same bits as rendering at once.
/// </remarks>
public sealed unsafe class Synthesizer : IInstrument
{
    private const int Channels = 16;
    private const int PercussionChannel = 9;
    private const int MostZonesOfNote = 1 << 16; // looked at for one note: bounds the time that a hostile font takes

    private readonly SoundBank _bank;
    private readonly Channel[] _channels = new Channel[Channels];
    private readonly VoicePool _voices;
    private readonly Mixer _mixer;
    private int _sinceControlPoint; // frames, 0 to Voice.ControlFrames - 1
    private long _note;

    /// <summary>Makes a synthesiser of one font.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Synthesizer(SoundFont font, SynthesizerOptions options)
        : this(new SoundBank(font), options)
    {
    }

    /// <summary>Makes a synthesiser of a bank: a font, and what stands in for the programs that it lacks.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Synthesizer(SoundBank bank, SynthesizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(bank);
        ArgumentNullException.ThrowIfNull(options);
        Check(options.SampleRate is >= 8000 and <= 192_000, options.SampleRate, "SampleRate", "8000-192000");
        Check(options.Polyphony is >= 1 and <= 1024, options.Polyphony, "Polyphony", "1-1024");
        Check(options.Gain is >= 0 and <= 10, options.Gain, "Gain", "0-10");
        Check(options.Reverb is >= 0 and <= 2, options.Reverb, "Reverb", "0-2");
        Check(options.Chorus is >= 0 and <= 2, options.Chorus, "Chorus", "0-2");
        _bank = bank;
        SampleRate = options.SampleRate;
        _voices = new VoicePool(options);
        _mixer = new Mixer(options);
        for (int i = 0; i < Channels; i++)
        {
            _channels[i] = new Channel(i == PercussionChannel);
            SelectPreset(_channels[i]);
        }
    }

    /// <inheritdoc/>
    public int SampleRate { get; }

    /// <summary>Voices sounding, those being faded out included. [audio-thread]</summary>
    public int SoundingVoices => _voices.Sounding.Length;

    /// <inheritdoc/>
    public int ChannelUse { get; init; }

    private int FramesToControlPoint => Voice.ControlFrames - _sinceControlPoint;

    /// <inheritdoc/>
    public void Play(MidiMessage message)
    {
        int number = message.Channel;
        Channel channel = _channels[number];
        int data1 = message.Data1 & 0x7F;
        int data2 = message.Data2 & 0x7F;
        switch (message.Kind)
        {
            case MidiKind.NoteOn when data2 > 0:
                StartNote(channel, number, data1, data2);
                break;
            case MidiKind.NoteOn or MidiKind.NoteOff:
                EndNote(channel, number, data1);
                break;
            case MidiKind.KeyPressure:
                channel.SetKeyPressure(data1, data2);
                MoveSource(number, ModulatorSource.KeyPressure);
                break;
            case MidiKind.ControlChange:
                Control(channel, number, data1, data2);
                break;
            case MidiKind.ProgramChange:
                channel.Program = data1;
                SelectPreset(channel);
                break;
            case MidiKind.ChannelPressure:
                channel.Pressure = data1;
                MoveSource(number, ModulatorSource.ChannelPressure);
                break;
            case MidiKind.PitchBend:
                channel.PitchBend = data1 | (data2 << 7);
                MoveSource(number, ModulatorSource.PitchWheel);
                break;
            default:
                break;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public void Render(Span<float> left, Span<float> right)
    {
        if (left.Length != right.Length)
        {
            throw new ArgumentException("Left and right are of one length.", nameof(right));
        }

        fixed (float* l = left, r = right)
        {
            for (int done = 0; done < left.Length;)
            {
                if (_sinceControlPoint == 0)
                {
                    PassControlPoint();
                }

                int frames = Math.Min(left.Length - done, FramesToControlPoint);
                _mixer.Render(_voices.Sounding, l + done, r + done, frames);
                _sinceControlPoint = (_sinceControlPoint + frames) % Voice.ControlFrames;
                done += frames;
            }
        }
    }

    private static void Check(bool isValid, object value, string name, string range)
    {
        if (!isValid)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
        }
    }

    private void PassControlPoint()
    {
        _voices.Sweep();
        foreach (Voice voice in _voices.Sounding)
        {
            voice.Cut();
            voice.Plan(Voice.ControlFrames);
        }
    }

    private void SelectPreset(Channel channel) => channel.Preset = _bank.Find(channel.Bank, channel.Program).Preset;

    private void StartNote(Channel channel, int number, int key, int velocity)
    {
        ReleaseSameKey(number, key);
        if (channel.Preset is not Preset preset)
        {
            return;
        }

        SoundFont font = preset.Font;
        _note++;
        int looks = 0;
        for (int p = preset.FirstZone; p < preset.FirstZone + preset.ZoneCount; p++)
        {
            if (!font.Zones[p].Serves(key, velocity))
            {
                continue;
            }

            (int first, int count) = font.Instruments[font.Zones[p].Target];
            for (int z = first; z < first + count && looks++ < MostZonesOfNote; z++)
            {
                if (font.Zones[z].Serves(key, velocity) && font.Samples[font.Zones[z].Target].IsPlayable)
                {
                    if (_voices.Take(_note, FramesToControlPoint) is not Voice voice)
                    {
                        return;
                    }

                    voice.Start(channel, number, key, velocity, _note, font, p, z);
                    ChokeClass(voice);
                    voice.Plan(FramesToControlPoint);
                }
            }
        }
    }

    /// <summary>A string struck again: what it sounded before is damped, pedal or not.</summary>
    private void ReleaseSameKey(int number, int key)
    {
        foreach (Voice voice in _voices.Sounding)
        {
            if (voice.Channel == number && voice.Key == key && voice.State is VoiceState.Held or VoiceState.Sustained or VoiceState.Sostenuto)
            {
                Release(voice);
            }
        }
    }

    private void ChokeClass(Voice starting)
    {
        if (starting.ExclusiveClass == 0)
        {
            return;
        }

        foreach (Voice voice in _voices.Sounding)
        {
            if (voice.ExclusiveClass == starting.ExclusiveClass && voice.Channel == starting.Channel && voice.Note != starting.Note
                && voice.State != VoiceState.Stolen)
            {
                voice.Cut();
                voice.Choke();
                voice.Plan(FramesToControlPoint);
            }
        }
    }

    private void EndNote(Channel channel, int number, int key)
    {
        foreach (Voice voice in _voices.Sounding)
        {
            if (voice.Channel == number && voice.Key == key && voice.State == VoiceState.Held)
            {
                LiftKey(channel, voice);
            }
        }
    }

    private void LiftKey(Channel channel, Voice voice)
    {
        if (channel.HoldsSostenuto && voice.Note <= channel.LastSostenutoNote)
        {
            voice.HoldBy(VoiceState.Sostenuto);
        }
        else if (channel.Sustains)
        {
            voice.HoldBy(VoiceState.Sustained);
        }
        else
        {
            Release(voice);
        }
    }

    private void Release(Voice voice)
    {
        voice.Cut();
        voice.Release();
        voice.Plan(FramesToControlPoint);
    }

    private void Control(Channel channel, int number, int controller, int value)
    {
        if (controller >= Controller.AllSoundOff)
        {
            ChangeMode(channel, number, controller);
            return;
        }

        bool heldSostenuto = channel.HoldsSostenuto;
        channel.Set(controller, value);
        if (channel.SetParameter(controller, value))
        {
            Retune(number);
        }

        switch (controller)
        {
            case Controller.Sustain:
                LiftPedals(channel, number);
                break;
            case Controller.Sostenuto:
                if (!heldSostenuto)
                {
                    channel.LastSostenutoNote = _note; // only keys that are down now: later ones are lifted as usual
                }

                LiftPedals(channel, number);
                break;
            default:
                break;
        }

        MoveSource(number, ModulatorSource.IdentityOf(controller));
    }

    private void ChangeMode(Channel channel, int number, int controller)
    {
        if (controller == Controller.ResetAllControllers)
        {
            channel.ResetControllers();
            LiftPedals(channel, number);
            MoveSource(number, -1);
            return;
        }

        foreach (Voice voice in _voices.Sounding)
        {
            if (voice.Channel != number)
            {
                continue;
            }

            if (controller == Controller.AllSoundOff)
            {
                _voices.Silence(voice, FramesToControlPoint);
            }
            else if (controller >= Controller.AllNotesOff && voice.State == VoiceState.Held)
            {
                LiftKey(channel, voice);
            }
        }
    }

    /// <summary>Releases what no pedal holds any more.</summary>
    private void LiftPedals(Channel channel, int number)
    {
        foreach (Voice voice in _voices.Sounding)
        {
            if (voice.Channel != number)
            {
                continue;
            }

            if (voice.State == VoiceState.Sostenuto && !channel.HoldsSostenuto)
            {
                LiftKey(channel, voice);
            }
            else if (voice.State == VoiceState.Sustained && !channel.Sustains)
            {
                Release(voice);
            }
        }
    }

    private void MoveSource(int number, int identity)
    {
        foreach (Voice voice in _voices.Sounding)
        {
            if (voice.Channel == number && voice.State != VoiceState.Stolen && (identity < 0 || voice.Reads(identity)))
            {
                voice.Cut();
                voice.FollowSource(identity);
                voice.Plan(FramesToControlPoint);
            }
        }
    }

    private void Retune(int number)
    {
        MoveSource(number, ModulatorSource.PitchWheelRange);
        foreach (Voice voice in _voices.Sounding)
        {
            if (voice.Channel == number && voice.State != VoiceState.Stolen)
            {
                voice.Cut();
                voice.FollowTuning();
                voice.Plan(FramesToControlPoint);
            }
        }
    }
}
