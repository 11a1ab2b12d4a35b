using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>What of the player's thru sounds on one output, so that it can be released when the player no longer can, and, by the ledger, when this process no longer can.</summary>
internal sealed class PlayerKeys(NoteLedger ledger)
{
    private readonly byte[] _strikes = new byte[16 * 128]; // note-ons without a note-off; 0 also where an earlier run left one

    /// <summary>Notes a message of the player, before it is sent. [output-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <param name="message">The message, on the channel that it sounds on.</param>
    /// <param name="stamp">When it is due, in nanoseconds.</param>
    public void Note(MidiMessage message, long stamp)
    {
        int channel = message.Channel;
        int lever = Lever.Of(message);
        if (message.IsNoteOn)
        {
            ref byte strikes = ref _strikes[(channel * 128) + message.Data1];
            strikes = (byte)Math.Min(255, strikes + 1);
            ledger.Enter(NoteLedger.PlayerNoteEntry(channel, message.Data1));
        }
        else if (message.IsNoteOff)
        {
            Release((channel * 128) + message.Data1, stamp);
        }
        else if (lever >= 0 && !Lever.IsAtRest(message))
        {
            ledger.Enter(NoteLedger.PlayerLeverEntry(channel, lever));
        }
        else if (lever >= 0)
        {
            End(NoteLedger.PlayerLeverEntry(channel, lever), stamp);
        }
        else if (message.IsControl(Controller.ResetAllControllers))
        {
            for (int reset = 0; reset < Lever.Count; reset++)
            {
                End(NoteLedger.PlayerLeverEntry(channel, reset), stamp);
            }
        }
        else if (message.IsControl(Controller.AllNotesOff) || message.IsControl(Controller.AllSoundOff))
        {
            for (int pitch = 0; pitch < 128; pitch++)
            {
                _strikes[(channel * 128) + pitch] = 0;
                End(NoteLedger.PlayerNoteEntry(channel, pitch), stamp);
            }
        }
    }

    /// <summary>The next message that releases what sounds; false when nothing does. [output-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public bool TryRelease(long stamp, out MidiMessage message)
    {
        int firstNote = NoteLedger.PlayerNoteEntry(0, 0);
        int firstLever = NoteLedger.PlayerLeverEntry(0, 0);
        int note = ledger.NextSounding(firstNote, firstNote + _strikes.Length);
        if (note >= 0)
        {
            int key = note - firstNote;
            Release(key, stamp);
            message = MidiMessage.NoteOff(key / 128, key % 128);
            return true;
        }

        int held = ledger.NextSounding(firstLever, firstLever + (16 * Lever.Count));
        if (held >= 0)
        {
            ledger.End(held, stamp);
            message = Lever.Rest((held - firstLever) / Lever.Count, (held - firstLever) % Lever.Count);
            return true;
        }

        message = default;
        return false;
    }

    /// <summary>Takes one note-off of a key: the last ends it.</summary>
    private void Release(int key, long stamp)
    {
        if (_strikes[key] > 1)
        {
            _strikes[key]--;
            return;
        }

        _strikes[key] = 0;
        End(NoteLedger.PlayerNoteEntry(key / 128, key % 128), stamp);
    }

    private void End(int entry, long stamp)
    {
        if (ledger.IsSounding(entry))
        {
            ledger.End(entry, stamp);
        }
    }
}
