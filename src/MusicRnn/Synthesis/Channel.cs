using MusicRnn.Midi;

namespace MusicRnn.Synthesis;

/// <summary>What a MIDI channel remembers: its instrument and where every controller stands.</summary>
internal sealed class Channel
{
    private const int NoParameter = 0x3FFF;

    private readonly byte[] _controllers = new byte[128];
    private readonly byte[] _keyPressure = new byte[128];
    private int _parameter = NoParameter; // the registered parameter that data entry sets
    private int _bendRange = 200; // cents
    private int _fineTune = 8192; // 14 bits, +-100 cents around 8192
    private int _coarseTune = 64; // semitones around 64

    public Channel(bool isPercussion)
    {
        IsPercussion = isPercussion;
        Reset();
    }

    public bool IsPercussion { get; }

    public Preset? Preset { get; set; }

    /// <summary>The program last asked for, 0-127.</summary>
    public int Program { get; set; }

    /// <summary>The bank that the next program change selects in.</summary>
    public int Bank => IsPercussion ? Preset.PercussionBank : _controllers[Controller.BankSelect];

    public bool Sustains => _controllers[Controller.Sustain] >= 64;

    public bool HoldsSostenuto => _controllers[Controller.Sostenuto] >= 64;

    /// <summary>The last note that had begun when the sostenuto pedal went down: it catches no later one.</summary>
    public long LastSostenutoNote { get; set; }

    public bool IsSoft => _controllers[Controller.Soft] >= 64;

    /// <summary>Cents that fine and coarse tuning add.</summary>
    public double Tuning => ((_fineTune - 8192) * (100.0 / 8192)) + ((_coarseTune - 64) * 100);

    public int PitchBend { get; set; }

    public int Pressure { get; set; }

    /// <summary>Everything as at power-on.</summary>
    public void Reset()
    {
        Array.Clear(_controllers);
        _controllers[Controller.Volume] = 100;
        _controllers[Controller.Pan] = 64;
        _controllers[Controller.Reverb] = 40; // General MIDI 2 section 3.3.11
        (_bendRange, _fineTune, _coarseTune) = (200, 8192, 64);
        ResetControllers();
    }

    /// <summary>What CC121 puts back (MIDI recommended practice RP-015): neither volume, pan, sends, instrument nor tuning.</summary>
    public void ResetControllers()
    {
        _controllers[Controller.Modulation] = 0;
        _controllers[Controller.Expression] = 127;
        _controllers[Controller.Sustain] = 0;
        _controllers[Controller.Sostenuto] = 0;
        _controllers[Controller.Soft] = 0;
        _parameter = NoParameter;
        Array.Clear(_keyPressure);
        PitchBend = 8192;
        Pressure = 0;
    }

    /// <summary>Puts a controller where it was moved to.</summary>
    public void Set(int controller, int value) => _controllers[controller] = (byte)value;

    public void SetKeyPressure(int key, int value) => _keyPressure[key] = (byte)value;

    /// <summary>Takes a controller that selects or sets a registered parameter (0 bend range, 1 fine tuning, 2 coarse tuning).</summary>
    /// <returns>Whether it set one, so that sounding notes must follow.</returns>
    public bool SetParameter(int controller, int value)
    {
        switch (controller)
        {
            case 101:
                _parameter = (value << 7) | (_parameter & 0x7F);
                return false;
            case 100:
                _parameter = (_parameter & 0x3F80) | value;
                return false;
            case 98 or 99: // an unregistered parameter: data entry is for that one now
                _parameter = NoParameter;
                return false;
            case Controller.DataEntry:
                return SetParameterCoarse(value);
            case Controller.DataEntryFine:
                return SetParameterFine(value);
            default:
                return false;
        }
    }

    /// <summary>Where a modulator's source stands, through its curve.</summary>
    public double Read(ModulatorSource source, int key, int velocity)
    {
        if (source.IsController)
        {
            return source.Map(_controllers[source.Index]);
        }

        return source.Index switch
        {
            ModulatorSource.NoteVelocity => source.Map(velocity),
            ModulatorSource.NoteKey => source.Map(key),
            ModulatorSource.KeyPressure => source.Map(_keyPressure[key]),
            ModulatorSource.ChannelPressure => source.Map(Pressure),
            ModulatorSource.PitchWheel => source.MapWheel(PitchBend),
            ModulatorSource.PitchWheelRange => _bendRange / 12700.0, // cents of the default modulator's 12700
            _ => 1,
        };
    }

    private bool SetParameterCoarse(int value)
    {
        switch (_parameter)
        {
            case 0:
                _bendRange = (value * 100) + (_bendRange % 100);
                return true;
            case 1:
                _fineTune = (value << 7) | (_fineTune & 0x7F);
                return true;
            case 2:
                _coarseTune = value;
                return true;
            default:
                return false;
        }
    }

    private bool SetParameterFine(int value)
    {
        switch (_parameter)
        {
            case 0:
                _bendRange = (_bendRange / 100 * 100) + Math.Min(99, value);
                return true;
            case 1:
                _fineTune = (_fineTune & 0x3F80) | value;
                return true;
            default:
                return false;
        }
    }
}
