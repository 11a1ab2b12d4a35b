using MusicRnn.Midi;
using MusicRnn.Model;

namespace MusicRnn.Performance;

/// <summary>
/// Hears what is played, the player's notes and the machine's alike, and feeds it: gathered by frames of 10 ms, each when it
/// is over, from low to high, as the network learned. What it remembers is therefore never more than what really sounded.
/// </summary>
internal sealed class Listener : IDisposable
{
    private const long Never = long.MinValue / 2;
    private readonly Timeline _timeline;
    private readonly ushort[] _holders = new ushort[128]; // bit c: channel c holds the key
    private readonly HeardNote[] _chord = new HeardNote[128]; // the open frame's notes, by pitch, where _struck has a bit
    private readonly long[] _chordRelease = new long[128];
    private HeldKeys _held;
    private UInt128 _struck;
    private UInt128 _released; // struck and released within the open frame
    private long _frame;
    private ushort _pedalHolders;
    private int _lastPhrase = 16;

    /// <summary>Makes a listener that has heard nothing.</summary>
    public Listener(Predictor predictor, Timeline timeline)
    {
        _timeline = timeline;
        Memory = new MusicalMemory(predictor);
    }

    /// <summary>What was heard, up to the last frame that is over.</summary>
    public MusicalMemory Memory { get; }

    /// <summary>Whether the player holds any key.</summary>
    public bool IsKeyDown => _held.Down != 0;

    /// <summary>Whether the player holds the sustain pedal.</summary>
    public bool PedalDown => _pedalHolders != 0;

    /// <summary>When the player last released a key or the pedal.</summary>
    public long LastRelease { get; private set; } = Never;

    /// <summary>Notes of the player since the last turn.</summary>
    public int PhraseNotes { get; private set; }

    /// <summary>Notes of the phrase, or where it has none of the one before: what an answer is as long as.</summary>
    public int Played => PhraseNotes > 0 ? PhraseNotes : _lastPhrase;

    /// <summary>The keys that the player holds.</summary>
    public ref readonly HeldKeys Held => ref _held;

    /// <summary>Whether a frame with notes is not over yet.</summary>
    public bool IsFrameOpen => _struck != 0;

    /// <summary>Whether the open frame has a note of the player.</summary>
    public bool HeardPlayer { get; private set; }

    /// <summary>The stamp that the open frame is over at, or <see cref="long.MaxValue"/>.</summary>
    public long FrameEnd => _struck == 0 ? long.MaxValue : _timeline.ToStamp(EndOf(_frame));

    /// <summary>The first nanosecond of the model's time that <see cref="Grid.FrameOf"/> counts to the next frame.</summary>
    public static long EndOf(long frame) => (frame * Grid.Frame) + (Grid.Frame / 2) - 1000;

    /// <summary>The player strikes a key.</summary>
    public void Press(long stamp, int channel, int pitch, int velocity)
    {
        if (!_timeline.HasBegun)
        {
            _timeline.Begin(stamp);
        }

        UInt128 bit = UInt128.One << pitch;
        Open(Grid.FrameOf(_timeline.ToModel(stamp)));
        _holders[pitch] |= (ushort)(1 << channel);
        _held.Press(pitch, _frame);
        _released &= ~bit;
        HeardPlayer = true;
        PhraseNotes++;
        if ((_struck & bit) == 0)
        {
            Memory.End(pitch, _frame);
            Strike(new HeardNote(pitch, velocity, false), MusicalMemory.Held);
        }
        else
        {
            // Two strikes of a key in one frame are one note, as loud as the louder.
            Strike(new HeardNote(pitch, Math.Max(velocity, _chord[pitch].Velocity), false), MusicalMemory.Held);
        }
    }

    /// <summary>The player does anything else.</summary>
    /// <returns>Whether a key or the pedal came up by it.</returns>
    public bool Hear(long stamp, MidiMessage message) => message.Kind switch
    {
        MidiKind.NoteOff or MidiKind.NoteOn => Release(stamp, message.Channel, message.Data1),
        MidiKind.ControlChange => message.Data1 switch
        {
            Controller.Sustain => MovePedal(stamp, message.Channel, message.Data2 >= 64),
            Controller.ResetAllControllers => MovePedal(stamp, message.Channel, false),

            // 124-127 change the mode, and release every note too (MIDI 1.0, "Channel Mode Messages").
            Controller.AllSoundOff or >= Controller.AllNotesOff => ReleaseKeys(stamp, message.Channel),
            _ => false,
        },
        _ => false,
    };

    /// <summary>A note of the machine sounds.</summary>
    public void Hear(in PlannedNote note)
    {
        Open(note.Frame);
        if ((_struck & (UInt128.One << note.Pitch)) == 0)
        {
            Memory.End(note.Pitch, _frame);
            Strike(new HeardNote(note.Pitch, note.Velocity, note.PedalDown), Math.Max(note.ReleaseFrame, _frame + 1));
        }
    }

    /// <summary>The player releases a key.</summary>
    /// <returns>False when it was not held, or another channel holds it still.</returns>
    public bool Release(long stamp, int channel, int pitch)
    {
        if ((_holders[pitch] & (1 << channel)) == 0)
        {
            return false;
        }

        _holders[pitch] &= (ushort)~(1 << channel);
        if (_holders[pitch] != 0)
        {
            return false;
        }

        _held.Release(pitch);
        LastRelease = stamp;
        UInt128 bit = UInt128.One << pitch;
        if ((_struck & bit) != 0)
        {
            _released |= bit;
        }
        else
        {
            Memory.Release(pitch, FrameAt(stamp));
        }

        return true;
    }

    /// <summary>The player releases every key of a channel.</summary>
    public bool ReleaseKeys(long stamp, int channel)
    {
        bool released = false;
        for (UInt128 down = _held.Down; down != 0; down &= down - 1)
        {
            released |= Release(stamp, channel, (int)UInt128.TrailingZeroCount(down));
        }

        return released;
    }

    /// <summary>The player releases everything, on every channel.</summary>
    public void ReleaseAll(long stamp)
    {
        for (int channel = 0; channel < 16; channel++)
        {
            ReleaseKeys(stamp, channel);
            MovePedal(stamp, channel, false);
        }
    }

    /// <summary>The player moves the pedal.</summary>
    /// <returns>Whether that lifted it.</returns>
    public bool MovePedal(long stamp, int channel, bool down)
    {
        bool was = PedalDown;
        _pedalHolders = (ushort)(down ? _pedalHolders | (1 << channel) : _pedalHolders & ~(1 << channel));
        if (!was || PedalDown)
        {
            return false;
        }

        LastRelease = stamp;
        return true;
    }

    /// <summary>The open frame is over: its notes are fed. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void CloseFrame()
    {
        FeedChord(Memory);
        _struck = 0;
        _released = 0;
        HeardPlayer = false;
    }

    /// <summary>Makes a fork of what was heard, the open frame included. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void CopyTo(MusicalMemory fork)
    {
        fork.CopyFrom(Memory);
        FeedChord(fork);
    }

    /// <summary>A phrase is over, answered or not.</summary>
    public void EndPhrase()
    {
        _lastPhrase = Played;
        PhraseNotes = 0;
    }

    /// <summary>The machine was silenced: its keys are up.</summary>
    public void ReleaseMachine(long stamp)
    {
        HeldKeys fed = _held; // what is struck in the open frame is not down before it is fed
        for (UInt128 struck = _struck; struck != 0; struck &= struck - 1)
        {
            int pitch = (int)UInt128.TrailingZeroCount(struck);
            if (_chordRelease[pitch] != MusicalMemory.Held)
            {
                _released |= UInt128.One << pitch;
                _chord[pitch] = _chord[pitch] with { PedalDown = PedalDown }; // lifted before the frame is over
            }
            else
            {
                fed.Release(pitch);
            }
        }

        Memory.ReleaseMachine(fed, FrameAt(stamp));
    }

    /// <summary>Forgets the music, but not what the player holds.</summary>
    public void Reset()
    {
        Memory.Reset();
        _timeline.Reset();
        _struck = 0;
        _released = 0;
        HeardPlayer = false;
        PhraseNotes = 0;
        for (UInt128 down = _held.Down; down != 0; down &= down - 1)
        {
            _held.Press((int)UInt128.TrailingZeroCount(down), 0);
        }

        Memory.ReleaseMachine(_held, 0);
    }

    /// <summary>The frame that a stamp falls into.</summary>
    public long FrameAt(long stamp) => _timeline.HasBegun ? Grid.FrameOf(_timeline.ToModel(stamp)) : 0;

    /// <inheritdoc/>
    public void Dispose() => Memory.Dispose();

    /// <summary>Opens the frame of a note, which by rounding of stretched time may seem to lie before the last one.</summary>
    private void Open(long frame)
    {
        if (_struck != 0 && frame != _frame)
        {
            frame = _frame;
        }

        _frame = Memory.IsEmpty ? Math.Max(frame, 0) : Math.Max(frame, Memory.Frame);
    }

    private void Strike(in HeardNote note, long release)
    {
        _struck |= UInt128.One << note.Pitch;
        _chord[note.Pitch] = note;
        _chordRelease[note.Pitch] = release;
    }

    private void FeedChord(MusicalMemory memory)
    {
        for (UInt128 struck = _struck; struck != 0; struck &= struck - 1)
        {
            int pitch = (int)UInt128.TrailingZeroCount(struck);
            bool isPlayers = _chordRelease[pitch] == MusicalMemory.Held;
            memory.Feed(isPlayers ? _chord[pitch] with { PedalDown = PedalDown } : _chord[pitch], _frame, _chordRelease[pitch]);
        }

        for (UInt128 released = _released; released != 0; released &= released - 1)
        {
            memory.End((int)UInt128.TrailingZeroCount(released), _frame); // a key is down for a frame at least
        }
    }
}
