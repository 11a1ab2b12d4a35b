using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>
/// The machine's mouth: what goes out on its channel. Each note-on is followed by one note-off, a key that sounds is released
/// before it is struck again, and the pedal is sent only to instruments that die away under it.
/// </summary>
internal sealed class MachineVoice(ImproviserSettings settings, IOutputSink sink)
{
    private readonly int _channel = settings.MachineChannel;
    private readonly long[] _off = new long[128]; // when a sounding key is released, where _sounding has its bit
    private UInt128 _sounding;
    private bool _sendsPedal = true;
    private bool _pedalSent;

    /// <summary>Whether the machine's pedal is down, sent or not.</summary>
    public bool PedalDown { get; private set; }

    /// <summary>When the next sounding key is to be released, or <see cref="long.MaxValue"/>.</summary>
    public long NextOff
    {
        get
        {
            long next = long.MaxValue;
            for (UInt128 sounding = _sounding; sounding != 0; sounding &= sounding - 1)
            {
                next = Math.Min(next, _off[(int)UInt128.TrailingZeroCount(sounding)]);
            }

            return next;
        }
    }

    /// <summary>When the last of the sounding keys is to be released; 0 where none sounds.</summary>
    public long LastOff
    {
        get
        {
            long last = 0;
            for (UInt128 sounding = _sounding; sounding != 0; sounding &= sounding - 1)
            {
                last = Math.Max(last, _off[(int)UInt128.TrailingZeroCount(sounding)]);
            }

            return last;
        }
    }

    /// <summary>Strikes a key. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Strike(long stamp, int pitch, int velocity, long off)
    {
        UInt128 bit = UInt128.One << pitch;
        if ((_sounding & bit) != 0)
        {
            Send(stamp, MidiMessage.NoteOff(_channel, pitch));
        }

        Send(stamp, MidiMessage.NoteOn(_channel, pitch, velocity));
        _sounding |= bit;
        _off[pitch] = off;
    }

    /// <summary>Releases the keys whose time is a stamp. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void ReleaseAt(long stamp)
    {
        for (UInt128 sounding = _sounding; sounding != 0; sounding &= sounding - 1)
        {
            int pitch = (int)UInt128.TrailingZeroCount(sounding);
            if (_off[pitch] <= stamp)
            {
                Send(_off[pitch], MidiMessage.NoteOff(_channel, pitch));
                _sounding &= ~(UInt128.One << pitch);
            }
        }
    }

    /// <summary>Moves the pedal; a move to where it is already is none. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void MovePedal(long stamp, bool down)
    {
        PedalDown = down;
        if (_sendsPedal && down != _pedalSent)
        {
            _pedalSent = down;
            Send(stamp, MidiMessage.Control(_channel, Controller.Sustain, down ? 127 : 0));
        }
    }

    /// <summary>Withdraws what is not due yet and releases what sounds. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Silence(long stamp)
    {
        sink.Emit(new OutputEvent(stamp - 1, OutputKind.Withdraw, default)); // what is due at the stamp itself is not heard either
        sink.Emit(new OutputEvent(stamp, OutputKind.Release, default));
        _sounding = 0;
        PedalDown = false;
        _pedalSent = false;
    }

    /// <summary>Silences the machine's channel and the player's, whatever sounds there, and puts every pedal, wheel and pressure of theirs to rest. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Panic(long stamp)
    {
        Silence(stamp);
        Quiet(stamp, _channel);
        Quiet(stamp, settings.PlayerChannel);
    }

    /// <summary>Chooses the instrument, while nothing sounds. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Choose(long stamp, int program)
    {
        _sendsPedal = !GeneralMidi.Sustains(program);
        Send(stamp, MidiMessage.Program(_channel, program));
    }

    /// <summary>Says what the improviser is doing. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Say(long stamp, ImproviserState state)
    {
        if (settings.StateController is int controller)
        {
            Send(stamp, MidiMessage.Control(_channel, controller, (int)state));
        }
    }

    private void Quiet(long stamp, int channel)
    {
        // Each by itself as well: many a receiver does not know the reset (CC121), or leaves some of them out.
        for (int lever = 0; lever < Lever.Count; lever++)
        {
            Send(stamp, Lever.Rest(channel, lever));
        }

        Send(stamp, MidiMessage.Control(channel, Controller.AllNotesOff, 0));
        Send(stamp, MidiMessage.Control(channel, Controller.AllSoundOff, 0));
        Send(stamp, MidiMessage.Control(channel, Controller.ResetAllControllers, 0));
    }

    private void Send(long stamp, MidiMessage message) => sink.Emit(new OutputEvent(stamp, OutputKind.Midi, message));
}
