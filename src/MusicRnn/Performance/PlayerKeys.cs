using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>What of the player's thru sounds on one output, so that it can be released when the player no longer can.</summary>
internal sealed class PlayerKeys
{
    private readonly byte[] _sounding = new byte[16 * 128]; // note-ons without a note-off
    private readonly bool[] _pedal = new bool[16];

    /// <summary>Notes a message of the player; false for a note-off of nothing that sounds, which need not be sent. [output-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public bool Pass(MidiMessage message)
    {
        int key = (message.Channel * 128) + message.Data1;
        if (message.IsNoteOn)
        {
            _sounding[key] = (byte)Math.Min(255, _sounding[key] + 1);
        }
        else if (message.IsNoteOff)
        {
            if (_sounding[key] == 0)
            {
                return false;
            }

            _sounding[key]--;
        }
        else if (message.IsControl(Controller.Sustain))
        {
            _pedal[message.Channel] = message.Data2 > 0;
        }
        else if (message.IsControl(Controller.ResetAllControllers))
        {
            _pedal[message.Channel] = false;
        }
        else if (message.IsControl(Controller.AllNotesOff) || message.IsControl(Controller.AllSoundOff))
        {
            _sounding.AsSpan(message.Channel * 128, 128).Clear();
        }

        return true;
    }

    /// <summary>The next message that releases what sounds; false when nothing does. [output-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public bool TryRelease(out MidiMessage message)
    {
        int key = _sounding.AsSpan().IndexOfAnyExcept((byte)0);
        if (key >= 0)
        {
            _sounding[key]--;
            message = MidiMessage.NoteOff(key / 128, key % 128);
            return true;
        }

        int channel = _pedal.AsSpan().IndexOf(true);
        if (channel >= 0)
        {
            _pedal[channel] = false;
            message = MidiMessage.Control(channel, Controller.Sustain, 0);
            return true;
        }

        message = default;
        return false;
    }
}
