using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>What an instrument was told that lasts: programs, controllers and pitch bend of each channel, to tell its successor.</summary>
internal sealed class ChannelMemory
{
    private const byte Unset = 0xFF;
    private readonly byte[] _controllers = new byte[16 * 128]; // [channel, controller]
    private readonly byte[] _programs = new byte[16];
    private readonly short[] _bends = new short[16];

    /// <summary>Remembers nothing yet.</summary>
    public ChannelMemory() => Forget();

    /// <summary>Forgets everything. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public void Forget()
    {
        _controllers.AsSpan().Fill(Unset);
        _programs.AsSpan().Fill(Unset);
        _bends.AsSpan().Fill(-1);
    }

    /// <summary>Remembers a message that lasts. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public void Note(MidiMessage message)
    {
        int channel = message.Channel;
        switch (message.Kind)
        {
            case MidiKind.ProgramChange:
                _programs[channel] = message.Data1;
                break;
            case MidiKind.PitchBend:
                _bends[channel] = (short)(message.Data1 | (message.Data2 << 7));
                break;
            case MidiKind.ControlChange when message.Data1 == Controller.ResetAllControllers:
                // What a reset leaves alone (RP-015): bank, volume, pan and the effects' depths.
                foreach (int controller in (ReadOnlySpan<int>)[Controller.Modulation, Controller.Expression, Controller.Sustain, Controller.Sostenuto, Controller.Soft])
                {
                    _controllers[(channel * 128) + controller] = Unset;
                }

                _bends[channel] = -1;
                break;
            case MidiKind.ControlChange when message.Data1 < Controller.AllSoundOff:
                _controllers[(channel * 128) + message.Data1] = message.Data2;
                break;
            default:
                break;
        }
    }

    /// <summary>Tells an instrument everything. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public void Tell(IInstrument instrument)
    {
        for (int channel = 0; channel < 16; channel++)
        {
            ReadOnlySpan<byte> controllers = _controllers.AsSpan(channel * 128, 128);
            TellController(instrument, channel, Controller.BankSelect, controllers);
            TellController(instrument, channel, 32, controllers); // the bank's other half, which also goes before the program
            if (_programs[channel] != Unset)
            {
                instrument.Play(MidiMessage.Program(channel, _programs[channel]));
            }

            for (int controller = 1; controller < controllers.Length; controller++)
            {
                // A data entry belongs to the parameter chosen when it came, which is not known any more.
                if (controller is not (32 or Controller.DataEntry or Controller.DataEntryFine))
                {
                    TellController(instrument, channel, controller, controllers);
                }
            }

            if (_bends[channel] >= 0)
            {
                instrument.Play(MidiMessage.Of(MidiKind.PitchBend, channel, _bends[channel] & 0x7F, _bends[channel] >> 7));
            }
        }
    }

    private static void TellController(IInstrument instrument, int channel, int controller, ReadOnlySpan<byte> controllers)
    {
        if (controllers[controller] != Unset)
        {
            instrument.Play(MidiMessage.Control(channel, controller, controllers[controller]));
        }
    }
}
