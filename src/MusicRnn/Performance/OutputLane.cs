using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>
/// The way to one output: the improviser's events and the player's thru go in from their threads, and the output's own thread
/// collects, in order of time, what is due. Every note-on of the machine that is collected has exactly one note-off collected
/// after it, whatever is withdrawn, released or lost on the way; the ledger holds what sounds meanwhile.
/// </summary>
public sealed class OutputLane : IOutputSink
{
    private const int UsualCapacity = 4096;
    private const int ReleaseMachine = 1;
    private const int ReleasePlayer = 2;
    private const int ForgetMachine = 4;
    private const int ForgetPlayer = 8;
    private readonly NoteLedger _ledger;
    private readonly Ring<OutputEvent> _ring;
    private readonly PendingMessages _pending;
    private readonly long[] _soundingNote = new long[16 * 128]; // the number of the note that sounds on a key; 0 for one of an earlier run
    private readonly PlayerKeys _player;
    private Ring<TimedMessage>[] _thru = [];
    private int _asked; // flags of what to release, from any thread
    private int _releasing; // flags of what is being released
    private int _releaseEntry;
    private long _releaseStamp;
    private long _from; // the end of the last block
    private long _last = long.MinValue; // the stamp of the last message given
    private long _overflows;
    private bool _started;

    /// <summary>Makes a lane.</summary>
    /// <param name="ledger">What sounds on it: memory-mapped for MIDI, in native memory for a synthesiser.</param>
    /// <param name="returns">Whether what is sent can come back to an input, as MIDI can and sound cannot: the lane then keeps a trail for echo guards.</param>
    /// <param name="capacity">How many messages may wait: a power of two, by default 4096. A key that is struck while it sounds counts twice.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is not a power of two.</exception>
    public OutputLane(NoteLedger ledger, bool returns, int capacity = UsualCapacity)
    {
        _ledger = ledger;
        _ring = new Ring<OutputEvent>(capacity);
        _pending = new PendingMessages(capacity);
        _player = new PlayerKeys(ledger);
        Trail = returns ? new SentTrail() : null;
    }

    /// <summary>What was sent lately, for echo guards; null where nothing can come back.</summary>
    public SentTrail? Trail { get; }

    /// <summary>How far ahead of its stamp a message is handed to a queue that forgets it if the process is killed, in nanoseconds; 0 for none. Set before the first collection.</summary>
    public long HandOver { get; set; }

    /// <summary>Called on the writing threads after something was put in, to wake an output that sleeps; must not wait. Set before the first message.</summary>
    public Action? Wake { get; set; }

    /// <summary>How often the lane was too full and had to release everything. Any thread may ask.</summary>
    public long Overflows => Volatile.Read(ref _overflows);

    /// <summary>Whether nothing sounds, the machine's or the player's, and nothing of the machine waits. Any thread may ask, as when closing; an event on its way to the lane is not seen.</summary>
    public bool IsSilent => _ring.Count == 0 && _pending.Count == 0 && Volatile.Read(ref _asked) == 0 && Volatile.Read(ref _releasing) == 0 && _ledger.IsSilent;

    /// <summary>The stamp of the next message that waits, or <see cref="long.MaxValue"/>. [output-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public long NextDue
    {
        get
        {
            ReadRing();
            long due = _releasing != 0 || Volatile.Read(ref _asked) != 0 ? _from : _pending.Count > 0 ? _pending.FirstStamp : long.MaxValue;
            foreach (Ring<TimedMessage> thru in Volatile.Read(ref _thru))
            {
                if (thru.TryPeek(out TimedMessage message))
                {
                    due = Math.Min(due, message.Stamp);
                }
            }

            return due;
        }
    }

    /// <summary>Takes an event of the improviser. A full lane loses no note-off: it then releases everything. [improviser-thread] allocates nothing, locks nothing, waits for nothing.</summary>
    public void Emit(in OutputEvent output)
    {
        if (!_ring.TryWrite(output))
        {
            Overflow(ReleaseMachine | ForgetMachine);
        }

        Wake?.Invoke();
    }

    /// <summary>Releases whatever sounds, the machine's and the player's, at the next collection; what waits is still to come: for a
    /// receiver that has come back, or has just been found. Any thread; allocates nothing, locks nothing.</summary>
    public void ReleaseSounding() => Ask(ReleaseMachine | ReleasePlayer);

    /// <summary>Forgets every note that waits and releases whatever sounds, the machine's and the player's, at the next collection:
    /// before closing. Any thread; allocates nothing, locks nothing.</summary>
    public void Silence() => Ask(ReleaseMachine | ReleasePlayer | ForgetMachine | ForgetPlayer);

    /// <summary>Takes what is due before a stamp, in order of time. Calling it again says that what it gave before has been sent. [output-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <param name="until">The end of the block, in nanoseconds; messages stamped before it are due. Later calls never ask for less.</param>
    /// <param name="due">Where they go; their stamps never go back. A late one has a stamp before the block.</param>
    /// <returns>How many there are. When all of the span was filled, more may be due.</returns>
    public int Collect(long until, Span<TimedMessage> due)
    {
        _ledger.Confirm(HandOver == 0 ? long.MaxValue : until - HandOver);
        if (!_started)
        {
            _started = true;
            _from = until - 1;
        }

        int count = 0;
        while (count < due.Length && TryNext(until, out TimedMessage next))
        {
            _last = Math.Max(_last, next.Stamp);
            due[count++] = next with { Stamp = _last };
            Trail?.Add(_last, next.Message);
        }

        if (count < due.Length)
        {
            _from = Math.Max(_from, until);
        }

        return count;
    }

    /// <summary>Takes what the player plays, at once and whenever it is stamped: for an output that hands the machine's messages over ahead of time,
    /// among which thru would wait, before each <see cref="Collect"/>. [output-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <param name="due">Where it goes.</param>
    /// <returns>How many there are. When all of the span was filled, there may be more.</returns>
    public int CollectThru(Span<TimedMessage> due)
    {
        int count = 0;
        while (count < due.Length && EarliestThru(out TimedMessage next) is Ring<TimedMessage> thru)
        {
            thru.TryRead(out next);
            _player.Note(next.Message, next.Stamp);
            due[count++] = next;
            Trail?.Add(next.Stamp, next.Message);
        }

        return count;
    }

    /// <summary>Lets what is due before a stamp go by, while there is no device to send it to. The ledger keeps what sounds at the receiver. On the output's thread, or on another while that does not run.</summary>
    public void Discard(long until)
    {
        ReadRing();
        while (_pending.Count > 0 && _pending.FirstStamp < until)
        {
            _pending.RemoveFirst();
        }

        DiscardThru(until);
    }

    /// <summary>Adds a ring for the thru of one more player's input. Before that input is started.</summary>
    internal Ring<TimedMessage> AddThru()
    {
        Ring<TimedMessage> ring = new(UsualCapacity / 4);
        Volatile.Write(ref _thru, [.. _thru, ring]);
        return ring;
    }

    /// <summary>Says that a thru ring was too full: what the player holds is released. [input-thread] allocates nothing, locks nothing, logs nothing.</summary>
    internal void ThruOverflowed() => Overflow(ReleasePlayer | ForgetPlayer);

    private Ring<TimedMessage>? EarliestThru(out TimedMessage message)
    {
        Ring<TimedMessage>? earliest = null;
        message = default;
        foreach (Ring<TimedMessage> thru in Volatile.Read(ref _thru))
        {
            if (thru.TryPeek(out TimedMessage candidate) && (earliest is null || candidate.Stamp < message.Stamp))
            {
                earliest = thru;
                message = candidate;
            }
        }

        return earliest;
    }

    private void DiscardThru(long until)
    {
        foreach (Ring<TimedMessage> thru in Volatile.Read(ref _thru))
        {
            while (thru.TryPeek(out TimedMessage message) && message.Stamp < until)
            {
                thru.TryRead(out _);
            }
        }
    }

    private void Overflow(int what)
    {
        Interlocked.Increment(ref _overflows);
        Interlocked.Or(ref _asked, what);
    }

    private void Ask(int what)
    {
        Interlocked.Or(ref _asked, what);
        Wake?.Invoke();
    }

    private bool TryNext(long until, out TimedMessage next)
    {
        while (true)
        {
            int asked = Interlocked.Exchange(ref _asked, 0);
            ReadRing();
            if (asked != 0)
            {
                StartRelease(asked);
            }

            if (_releasing != 0)
            {
                if (TryRelease(out MidiMessage release))
                {
                    next = new TimedMessage(_releaseStamp, release);
                    return true;
                }

                continue;
            }

            Ring<TimedMessage>? earliest = EarliestThru(out next);
            if (earliest is not null && next.Stamp < until && (_pending.Count == 0 || next.Stamp <= _pending.FirstStamp))
            {
                earliest.TryRead(out next);
                _player.Note(next.Message, Math.Max(_last, next.Stamp));
                return true;
            }
            else if (_pending.Count > 0 && _pending.FirstStamp < until)
            {
                if (TryMachine(out next))
                {
                    return true;
                }
            }
            else
            {
                return false;
            }
        }
    }

    /// <summary>Takes the first pending message of the machine through the ledger; false when nothing of it is to be sent.</summary>
    private bool TryMachine(out TimedMessage next)
    {
        PendingMessage first = _pending.First;
        MidiMessage message = first.Message;
        next = new TimedMessage(first.Stamp, message);
        if (first.IsRelease)
        {
            _pending.RemoveFirst();
            Begin(ReleaseMachine, first.Stamp);
            return false;
        }

        int key = NoteLedger.NoteEntry(message.Channel, message.Data1);
        if (message.IsNoteOn)
        {
            if (_ledger.IsSounding(key))
            {
                next = next with { Message = MidiMessage.NoteOff(message.Channel, message.Data1) };
                _ledger.End(key, Math.Max(_last, first.Stamp));
                return true; // the note-on stays, and is next
            }

            _pending.RemoveFirst();
            _ledger.Enter(NoteLedger.PedalEntry(message.Channel)); // whatever played is ended with a lifted pedal
            _ledger.Enter(key);
            _soundingNote[key] = first.Note;
            return true;
        }

        _pending.RemoveFirst();
        if (message.IsNoteOff)
        {
            if (!_ledger.IsSounding(key) || _soundingNote[key] != first.Note)
            {
                return false;
            }

            _ledger.End(key, Math.Max(_last, first.Stamp));
        }
        else if (message.IsControl(Controller.Sustain))
        {
            if (message.Data2 > 0)
            {
                _ledger.Enter(NoteLedger.PedalEntry(message.Channel));
            }
            else if (_ledger.IsSounding(NoteLedger.PedalEntry(message.Channel)))
            {
                _ledger.End(NoteLedger.PedalEntry(message.Channel), Math.Max(_last, first.Stamp));
            }
        }

        return true;
    }

    /// <summary>The next message of a release of everything; false when it is complete.</summary>
    private bool TryRelease(out MidiMessage message)
    {
        if ((_releasing & ReleaseMachine) != 0)
        {
            int key = _ledger.NextSounding(_releaseEntry, NoteLedger.PedalEntry(0));
            if (key >= 0)
            {
                _releaseEntry = key;
                _ledger.End(key, Math.Max(_last, _releaseStamp));
                message = MidiMessage.NoteOff(key / 128, key % 128);
                return true;
            }

            for (int channel = 0; channel < 16; channel++)
            {
                if (_ledger.IsSounding(NoteLedger.PedalEntry(channel)))
                {
                    _ledger.End(NoteLedger.PedalEntry(channel), Math.Max(_last, _releaseStamp));
                    message = MidiMessage.Control(channel, Controller.Sustain, 0);
                    return true;
                }
            }
        }

        if ((_releasing & ReleasePlayer) != 0 && _player.TryRelease(Math.Max(_last, _releaseStamp), out message))
        {
            return true;
        }

        Volatile.Write(ref _releasing, 0);
        message = default;
        return false;
    }

    /// <summary>A release that is not the improviser's own. Programs and settings of the sound are not forgotten.</summary>
    private void StartRelease(int what)
    {
        if ((what & ForgetMachine) != 0)
        {
            _pending.RemoveNotes(long.MinValue);
            _pending.RemoveReleases();
        }

        if ((what & ForgetPlayer) != 0)
        {
            DiscardThru(long.MaxValue);
        }

        Begin(what & (ReleaseMachine | ReleasePlayer), _from);
    }

    private void Begin(int release, long stamp)
    {
        _releaseEntry = 0;
        _releaseStamp = stamp;
        Volatile.Write(ref _releasing, _releasing | release);
    }

    private void ReadRing()
    {
        while (_ring.TryRead(out OutputEvent output))
        {
            switch (output.Kind)
            {
                case OutputKind.Withdraw:
                    _pending.Withdraw(output.Stamp);
                    break;
                case OutputKind.Release:
                    _pending.RemoveNotes(output.Stamp);
                    if (!_pending.TryAddRelease(output.Stamp))
                    {
                        Overflow(ReleaseMachine | ForgetMachine);
                    }

                    break;
                default:
                    if (!_pending.TryAdd(output.Stamp, output.Message))
                    {
                        Overflow(ReleaseMachine | ForgetMachine);
                    }

                    break;
            }
        }
    }
}
