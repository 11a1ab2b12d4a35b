using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>
/// What waits for its time on one lane, sorted by stamp and, within one stamp, in the order it came. Each note-off is paired
/// with the last note-on of its key, if that has none yet, so that withdrawing one takes the other with it. A key that is struck
/// again ends the note before it, as on any receiver: a note-off that never came leaves no later one without its note.
/// </summary>
internal sealed class PendingMessages
{
    private readonly PendingMessage[] _messages; // [capacity], [_first, _end) in use
    private readonly long[] _open = new long[16 * 128]; // [channel, pitch] the number of the note whose note-off has not come yet, or 0
    private int _first;
    private int _end;
    private int _count;
    private long _notes;

    /// <summary>Makes a store for so many messages.</summary>
    public PendingMessages(int capacity) => _messages = new PendingMessage[capacity];

    /// <summary>How many wait. Exact for the output's thread, a snapshot for any other.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The earliest message.</summary>
    public PendingMessage First => _messages[_first];

    /// <summary>The earliest message's stamp.</summary>
    public long FirstStamp => _messages[_first].Stamp;

    /// <summary>Forgets the earliest message.</summary>
    public void RemoveFirst()
    {
        _first++;
        Volatile.Write(ref _count, _end - _first);
    }

    /// <summary>Adds a message; false when there is no room.</summary>
    public bool TryAdd(long stamp, MidiMessage message)
    {
        long note = 0;
        int key = NoteLedger.NoteEntry(message.Channel, message.Data1);
        if (message.IsNoteOn)
        {
            // The end of the note before is a message of its own: it comes even where the strike is withdrawn.
            if (_open[key] != 0 && !Insert(new PendingMessage(stamp, _open[key], MidiMessage.NoteOff(message.Channel, message.Data1), false)))
            {
                return false;
            }

            note = ++_notes;
            _open[key] = note;
        }
        else if (message.IsNoteOff)
        {
            note = _open[key];
            if (note == 0)
            {
                return true; // the end of a note that was never to be sent, or was released: nothing to do
            }

            _open[key] = 0;
        }

        return Insert(new PendingMessage(stamp, note, message, false));
    }

    /// <summary>Adds a release of everything; false when there is no room.</summary>
    public bool TryAddRelease(long stamp) => Insert(new PendingMessage(stamp, 0, default, true));

    /// <summary>Forgets the note-ons due after a stamp, their note-offs whether these have come or not, and the pedal's moves due after it.</summary>
    public void Withdraw(long stamp)
    {
        // Numbers grow with time of coming, not of sounding, so each note-off looks for its note-on among those that go.
        int withdrawn = _end;
        for (int i = _end - 1; i >= _first && _messages[i].Stamp > stamp; i--)
        {
            withdrawn = i;
        }

        for (int i = withdrawn; i < _end; i++)
        {
            PendingMessage message = _messages[i];
            if (message.Message.IsNoteOff)
            {
                for (int on = withdrawn; on < _end; on++)
                {
                    if (_messages[on].Note == message.Note && _messages[on].Message.IsNoteOn)
                    {
                        _messages[i] = message with { Note = -1 };
                        break;
                    }
                }
            }
        }

        int kept = withdrawn;
        for (int i = withdrawn; i < _end; i++)
        {
            PendingMessage message = _messages[i];
            if (message.Message.IsNoteOn)
            {
                Close(message);
            }
            else if (message.Note >= 0 && !message.Message.IsControl(Controller.Sustain))
            {
                _messages[kept++] = message;
            }
        }

        Shorten(kept);
    }

    /// <summary>Forgets everything of notes and pedal due at or after a stamp; what comes later ends no note of before.</summary>
    public void RemoveNotes(long stamp)
    {
        int kept = _first;
        for (int i = _first; i < _end; i++)
        {
            if (_messages[i].Stamp < stamp || _messages[i].IsRelease || !_messages[i].IsOfNotes)
            {
                _messages[kept++] = _messages[i];
            }
        }

        Shorten(kept);
        Array.Clear(_open);
    }

    /// <summary>Forgets the releases that wait.</summary>
    public void RemoveReleases()
    {
        int kept = _first;
        for (int i = _first; i < _end; i++)
        {
            if (!_messages[i].IsRelease)
            {
                _messages[kept++] = _messages[i];
            }
        }

        Shorten(kept);
    }

    private void Close(in PendingMessage strike)
    {
        ref long open = ref _open[NoteLedger.NoteEntry(strike.Message.Channel, strike.Message.Data1)];
        if (open == strike.Note)
        {
            open = 0;
        }
    }

    private bool Insert(in PendingMessage message)
    {
        if (_end == _messages.Length)
        {
            if (_first == 0)
            {
                return false;
            }

            Array.Copy(_messages, _first, _messages, 0, _end - _first);
            _end -= _first;
            _first = 0;
        }

        int place = _end;
        while (place > _first && _messages[place - 1].Stamp > message.Stamp)
        {
            _messages[place] = _messages[place - 1];
            place--;
        }

        _messages[place] = message;
        _end++;
        Volatile.Write(ref _count, _end - _first);
        return true;
    }

    private void Shorten(int end)
    {
        _end = end;
        Volatile.Write(ref _count, _end - _first);
    }
}
