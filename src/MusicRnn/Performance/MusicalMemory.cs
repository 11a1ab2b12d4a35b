using MusicRnn.Model;

namespace MusicRnn.Performance;

/// <summary>
/// The music so far as the network has it: its state after the last note, the keys that are down and when that note was.
/// One is what was heard; a copy of it, a fork, is what the machine is about to play.
/// </summary>
internal sealed class MusicalMemory : IDisposable
{
    /// <summary>The release frame of a key that a player holds: nobody knows it yet.</summary>
    public const long Held = long.MaxValue;

    private readonly Predictor _predictor;
    private readonly long[] _releases = new long[128]; // frame that the machine's key comes up in, where _machine has its bit
    private SoundingKeys _keys;
    private UInt128 _machine;

    /// <summary>Makes an empty memory.</summary>
    public MusicalMemory(Predictor predictor)
    {
        _predictor = predictor;
        State = new NetworkState(predictor.Network.Shape);
    }

    /// <summary>The network's state after the last note.</summary>
    public NetworkState State { get; }

    /// <summary>Whether no note was fed yet.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>The frame of the last note.</summary>
    public long Frame { get; private set; }

    /// <summary>The pitch of the last note: the highest so far of its frame.</summary>
    public int Pitch { get; private set; }

    /// <summary>The model's time that the network's step is counted from: the middle of the last note's frame.</summary>
    public long Time => Frame * Grid.Frame;

    /// <summary>The keys that are down.</summary>
    public ref readonly SoundingKeys Keys => ref _keys;

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        State.Reset();
        _keys.Clear();
        _machine = 0;
        IsEmpty = true;
        Frame = 0;
        Pitch = 0;
    }

    /// <summary>Becomes a copy. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void CopyFrom(MusicalMemory other)
    {
        State.CopyFrom(other.State);
        _keys = other._keys;
        _machine = other._machine;
        other._releases.CopyTo(_releases, 0);
        IsEmpty = other.IsEmpty;
        Frame = other.Frame;
        Pitch = other.Pitch;
    }

    /// <summary>Feeds a note. Within a frame notes come from low to high. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="note">The note.</param>
    /// <param name="frame">Its frame, not before the last note's.</param>
    /// <param name="release">The frame it is released in, or <see cref="Held"/>.</param>
    public void Feed(in HeardNote note, long frame, long release)
    {
        for (UInt128 machine = _machine; machine != 0; machine &= machine - 1)
        {
            int pitch = (int)UInt128.TrailingZeroCount(machine);
            if (_releases[pitch] <= frame)
            {
                _keys.Release(pitch);
                _machine &= ~(UInt128.One << pitch);
            }
        }

        End(note.Pitch); // struck again while it sounds: the one before is over
        int step = IsEmpty ? NoteInput.Start : (int)Math.Min(frame - Frame, int.MaxValue);
        _predictor.Feed(State, new NoteInput(step, note.Pitch, note.Velocity, note.PedalDown), _keys, frame);
        _keys.Press(note.Pitch, frame);
        if (release != Held)
        {
            _releases[note.Pitch] = release;
            _machine |= UInt128.One << note.Pitch;
        }

        IsEmpty = false;
        Frame = frame;
        Pitch = note.Pitch;
    }

    /// <summary>A key of the player comes up.</summary>
    public void Release(int pitch)
    {
        if ((_machine & (UInt128.One << pitch)) == 0)
        {
            _keys.Release(pitch);
        }
    }

    /// <summary>A key comes up, whoever held it: it is struck again.</summary>
    public void End(int pitch)
    {
        _keys.Release(pitch);
        _machine &= ~(UInt128.One << pitch);
    }

    /// <summary>Keys of the player come up: all but those held still.</summary>
    public void ReleasePlayer(in SoundingKeys held)
    {
        for (UInt128 up = _keys.Down & ~_machine & ~held.Down; up != 0; up &= up - 1)
        {
            _keys.Release((int)UInt128.TrailingZeroCount(up));
        }
    }

    /// <summary>The machine's keys come up: what is down then is what the player holds.</summary>
    public void ReleaseMachine(in SoundingKeys held)
    {
        _keys = held;
        _machine = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => State.Dispose();
}
