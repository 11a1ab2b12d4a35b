using MusicRnn.Model;

namespace MusicRnn.Performance;

/// <summary>
/// The music so far as the network has it: its state after the last note, who holds the keys that are down, and when that note
/// was. Keys outside the piano are folded in by octaves. One is what was heard; a copy of it, a fork, is what the machine is about to play.
/// </summary>
internal sealed class MusicalMemory : IDisposable
{
    /// <summary>The release frame of a key that a player holds: nobody knows it yet.</summary>
    public const long Held = long.MaxValue;

    // Of ten thousand notes of MAESTRO one is the last of more than so many within so long.
    private const int MostInBurst = 24;
    private const long Burst = 300_000_000 / Grid.Frame;

    private readonly Predictor _predictor;
    private readonly long[] _burst = new long[MostInBurst]; // frames of the last notes, by turns
    private int _oldest;
    private readonly long[] _releases = new long[NoteEncoding.Pitches]; // frame that the machine's key comes up in, where _machine has its bit
    private UInt128 _machine;

    /// <summary>Makes an empty memory.</summary>
    public MusicalMemory(Predictor predictor)
    {
        _predictor = predictor;
        State = new NetworkState(predictor.Network.Shape);
        Reset();
    }

    /// <summary>The network's state after the last note.</summary>
    public NetworkState State { get; }

    /// <summary>Whether no note was fed yet.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>The frame of the last note.</summary>
    public long Frame { get; private set; }

    /// <summary>The model's time from which on another note makes no denser passage than pianists play.</summary>
    public long DensestTime => (_burst[_oldest] + Burst) * Grid.Frame;

    /// <summary>The pitch of the last note: the highest so far of its frame.</summary>
    public int Pitch { get; private set; }

    /// <summary>The model's time that the network's step is counted from: the middle of the last note's frame.</summary>
    public long Time => Frame * Grid.Frame;

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        State.Reset();
        _machine = 0;
        Array.Fill(_burst, -Burst);
        IsEmpty = true;
        Frame = 0;
        Pitch = 0;
    }

    /// <summary>Becomes a copy. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void CopyFrom(MusicalMemory other)
    {
        State.CopyFrom(other.State);
        _machine = other._machine;
        other._releases.CopyTo(_releases, 0);
        other._burst.CopyTo(_burst, 0);
        _oldest = other._oldest;
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
        int index = NoteEncoding.PitchIndex(note.Pitch);
        Come(frame);
        int step = IsEmpty ? NoteInput.Start : (int)Math.Min(frame - Frame, int.MaxValue);
        _predictor.Feed(State, new NoteInput(step, note.Pitch, note.Velocity, note.PedalDown), frame);
        _machine &= ~(UInt128.One << index);
        if (release != Held)
        {
            _releases[index] = release;
            _machine |= UInt128.One << index;
        }

        _burst[_oldest] = frame;
        _oldest = (_oldest + 1) % MostInBurst;
        IsEmpty = false;
        Frame = frame;
        Pitch = note.Pitch;
    }

    /// <summary>A key of the player comes up in a frame.</summary>
    public void Release(int pitch, long frame)
    {
        int index = NoteEncoding.PitchIndex(pitch);
        if ((_machine & (UInt128.One << index)) == 0)
        {
            State.Context.Release(index, frame);
        }
    }

    /// <summary>A key comes up in a frame, whoever held it: it is struck again.</summary>
    public void End(int pitch, long frame)
    {
        int index = NoteEncoding.PitchIndex(pitch);
        Come(frame);
        State.Context.Release(index, frame);
        _machine &= ~(UInt128.One << index);
    }

    /// <summary>Keys of the player come up in a frame: all but those held still.</summary>
    public void ReleasePlayer(in HeldKeys held, long frame) => ReleaseAll(State.Context.Down & ~_machine & ~Fold(held), frame);

    /// <summary>The machine's keys come up in a frame: what is down then is what the player holds.</summary>
    public void ReleaseMachine(in HeldKeys held, long frame)
    {
        Come(frame);
        UInt128 down = State.Context.Down;
        ReleaseAll(down & ~Fold(held), frame);
        for (UInt128 keys = held.Down; keys != 0; keys &= keys - 1)
        {
            int pitch = (int)UInt128.TrailingZeroCount(keys), index = NoteEncoding.PitchIndex(pitch);
            if (((down & ~_machine) >> index & 1) == 0)
            {
                State.Context.Resume(index, held.Onset(pitch)); // the machine had struck it too
            }
        }

        _machine = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => State.Dispose();

    private static UInt128 Fold(in HeldKeys keys)
    {
        UInt128 folded = 0;
        for (UInt128 left = keys.Down; left != 0; left &= left - 1)
        {
            folded |= UInt128.One << NoteEncoding.PitchIndex((int)UInt128.TrailingZeroCount(left));
        }

        return folded;
    }

    /// <summary>It has become this frame: keys of the machine came up.</summary>
    private void Come(long frame)
    {
        for (UInt128 machine = _machine; machine != 0; machine &= machine - 1)
        {
            int key = (int)UInt128.TrailingZeroCount(machine);
            if (_releases[key] <= frame)
            {
                State.Context.Release(key, _releases[key]);
                _machine &= ~(UInt128.One << key);
            }
        }
    }

    private void ReleaseAll(UInt128 keys, long frame)
    {
        for (; keys != 0; keys &= keys - 1)
        {
            State.Context.Release((int)UInt128.TrailingZeroCount(keys), frame);
        }
    }
}
