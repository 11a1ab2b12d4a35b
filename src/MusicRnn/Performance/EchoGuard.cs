using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>
/// Keeps what MusicRnn sends from being taken for what the player plays, when a DAW or a cable leads the output back to the
/// input: each message sent cancels one equal message that returns within the window. Where that goes on steadily, it is a
/// loop, and the input is muted until no echo has come for a while.
/// </summary>
/// <remarks>
/// What the player's own thru sent proves nothing by coming again: a wheel that trembles between two values, or a key struck twice
/// alike, looks the same. So such a message is an echo only once something has come that nobody can play - what the machine sent, or
/// a note-on of a key that is down - or once more of them came than hands send. And no controller ever mutes the input, nor does a
/// note-off: hosts that stop send every one of them, and again.
/// </remarks>
/// <remarks>The outputs' threads write their trails, the input's thread reads them here; nothing is shared but those.</remarks>
public sealed class EchoGuard
{
    /// <summary>So many echoes more than the leak takes away are a steady loop.</summary>
    internal const int LoopEchoes = 32;

    /// <summary>So many messages more than the leak takes away are echoes, although each of them might have been played.</summary>
    internal const int DoubtfulEchoes = 16;

    /// <summary>For so long after an echo that nobody can have played, what might have been played is taken for an echo too.</summary>
    internal const long Suspicion = 4_000_000_000;

    /// <summary>An echo is forgotten after so long: 8 a second leak away, so that a mute ends 4 s after the last echo.</summary>
    internal const long EchoLeak = 125_000_000;

    private const int EarlyMicroseconds = 2000; // an output's stamp and an input's stamp come from different readings of the clock
    private readonly SentTrail[] _trails;
    private readonly long[] _cursors;
    private readonly long[] _waiting = new long[1024];
    private int _waitingCount;
    private long _level;
    private long _doubtful;
    private long _suspectedUntil;
    private long _leaked;
    private bool _muted;

    /// <summary>Makes a guard over the outputs' trails.</summary>
    public EchoGuard(IReadOnlyList<SentTrail> trails)
    {
        _trails = [.. trails];
        _cursors = new long[_trails.Length];
        for (int i = 0; i < _trails.Length; i++)
        {
            _cursors[i] = _trails[i].Written;
        }
    }

    /// <summary>Whether a steady loop has muted the input. Any thread may ask.</summary>
    public bool IsMuted => Volatile.Read(ref _muted);

    /// <summary>Whether a message that has just come in is one of ours returning; it then counts as returned. [input-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <param name="stamp">When it came in, in nanoseconds.</param>
    /// <param name="message">The message as it came, before any curve.</param>
    /// <param name="window">How long a message that was sent may take to return, in nanoseconds.</param>
    /// <param name="isHeld">Whether the player holds the key that the message is about. Its note-off is then the player's:
    /// keyboards send every note-off alike, and losing one would hang the key on a fast repetition.</param>
    /// <param name="isThru">Whether the message is on the channel that the player's own messages are sent on.</param>
    public bool IsEcho(long stamp, MidiMessage message, long window, bool isHeld, bool isThru)
    {
        Leak(stamp);
        long windowMicroseconds = window / 1000;
        for (int i = 0; i < _trails.Length; i++)
        {
            while (_trails[i].TryRead(ref _cursors[i], out long entry))
            {
                if (_waitingCount == _waiting.Length)
                {
                    Array.Copy(_waiting, 1, _waiting, 0, --_waitingCount); // the oldest makes room
                }

                _waiting[_waitingCount++] = entry;
            }
        }

        long key = SentTrail.Key(message);
        bool found = false;
        int kept = 0;
        for (int i = 0; i < _waitingCount; i++)
        {
            long entry = _waiting[i];
            long age = SentTrail.Since(entry, stamp);
            if (age > windowMicroseconds)
            {
                continue;
            }

            if (!found && age >= -EarlyMicroseconds && SentTrail.KeyOf(entry) == key && !(isHeld && message.IsNoteOff))
            {
                found = true;
                continue;
            }

            _waiting[kept++] = entry;
        }

        _waitingCount = kept;
        return found && Judge(stamp, message, isHeld, isThru);
    }

    /// <summary>Forgets echoes as time passes; ends a mute when all are forgotten. [input-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public void Leak(long stamp)
    {
        long periods = (stamp - _leaked) / EchoLeak;
        if (periods <= 0)
        {
            return;
        }

        _leaked += periods * EchoLeak;
        _level = Math.Max(0, _level - periods);
        _doubtful = Math.Max(0, _doubtful - periods);
        if (_level == 0 && _muted)
        {
            Volatile.Write(ref _muted, false);
        }
    }

    /// <summary>Whether a message that equals one that was sent is an echo, and no second one of the player's.</summary>
    private bool Judge(long stamp, MidiMessage message, bool isHeld, bool isThru)
    {
        if (isThru && message.IsNoteOff)
        {
            return true; // whoever sent it, the key is up already
        }

        bool isNote = message.IsNoteOn || message.IsNoteOff;
        bool isDoubtful = isThru && !(message.IsNoteOn && isHeld);
        if (isDoubtful && stamp >= _suspectedUntil && ++_doubtful < DoubtfulEchoes)
        {
            return false;
        }

        if (!isDoubtful || _doubtful >= DoubtfulEchoes)
        {
            _suspectedUntil = stamp + Suspicion;
        }

        if ((isNote || !isThru) && ++_level >= LoopEchoes)
        {
            _level = LoopEchoes;
            Volatile.Write(ref _muted, true);
        }

        return true;
    }
}
