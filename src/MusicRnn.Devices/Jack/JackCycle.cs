using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Devices.Jack;

/// <summary>
/// What happens in one cycle of a JACK server: MIDI in, with thru in the same cycle at the same frame; MIDI out at exact
/// frames; and the sound, all on the server's own thread.
/// </summary>
internal sealed unsafe class JackCycle
{
    private const long Second = 1_000_000_000;
    private const int EventRoom = 16; // bytes of a port's buffer that an event of three bytes needs at most, in any implementation
    private readonly JackClock _clock;
    private readonly int _lightsController;
    private readonly TimedMessage[] _due = new TimedMessage[512];
    private nint _client;
    private nint _midiIn;
    private nint _midiOut;
    private nint _left;
    private nint _right;
    private FrameTime _time;
    private long _frame; // of this connection, from its first cycle
    private uint _counter; // the server's frame counter at the last cycle
    private bool _begun;
    private long _cycles;
    private PlayerInput? _player;
    private OutputLane? _midi;
    private LaneRenderer? _audio;
    private Exception? _fault;
    private int _releasePlayer;
    private nint _lights;

    /// <summary>Makes what runs in every cycle.</summary>
    /// <param name="clock">The clock that it sets.</param>
    /// <param name="lightsController">The controller that also goes to the port for lights; null for none.</param>
    public JackCycle(JackClock clock, int? lightsController)
    {
        _clock = clock;
        _lightsController = lightsController ?? -1;
    }

    /// <summary>The port for lights; 0 for none.</summary>
    public nint Lights
    {
        get => Volatile.Read(ref _lights);
        set => Volatile.Write(ref _lights, value);
    }

    /// <summary>Where what comes in goes; null for nowhere.</summary>
    public PlayerInput? Player
    {
        get => Volatile.Read(ref _player);
        set => Volatile.Write(ref _player, value);
    }

    /// <summary>Where MIDI that goes out comes from; null for nowhere.</summary>
    public OutputLane? Midi
    {
        get => Volatile.Read(ref _midi);
        set => Volatile.Write(ref _midi, value);
    }

    /// <summary>Where the sound comes from; null for silence.</summary>
    public LaneRenderer? Audio
    {
        get => Volatile.Read(ref _audio);
        set => Volatile.Write(ref _audio, value);
    }

    /// <summary>How many cycles have run in this connection. Any thread.</summary>
    public long Cycles => Volatile.Read(ref _cycles);

    /// <summary>The last exception in a cycle, which was silent then; null when there was none. Any thread.</summary>
    public Exception? Fault => Volatile.Read(ref _fault);

    /// <summary>In the next cycle releases what the player holds: a keyboard is gone. Any thread.</summary>
    public void ReleasePlayer() => Volatile.Write(ref _releasePlayer, 1);

    /// <summary>Prepares for a server; no cycle runs meanwhile.</summary>
    public void Begin(nint client, nint midiIn, nint midiOut, nint left, nint right, int rate)
    {
        (_client, _midiIn, _midiOut, _left, _right) = (client, midiIn, midiOut, left, right);
        _time = new FrameTime(0, rate);
        _begun = false;
        _cycles = 0;
    }

    /// <summary>The process callback; its argument is a handle of the cycle. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int Process(uint frames, void* argument)
    {
        ((JackCycle)GCHandle.FromIntPtr((nint)argument).Target!).Run(frames);
        return 0;
    }

    /// <summary>One cycle. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    internal void Run(uint frames)
    {
        try
        {
            Advance(frames);
            long next = _frame + frames;
            Receive(frames, next);
            Send(frames, next);
            Sound(frames);
        }
        catch (Exception exception)
        {
            // The server must not see it; the supervising thread tells the user.
            Volatile.Write(ref _fault, exception);
            new Span<float>(JackLibrary.GetBuffer(_left, frames), (int)frames).Clear();
            new Span<float>(JackLibrary.GetBuffer(_right, frames), (int)frames).Clear();
        }

        Volatile.Write(ref _cycles, _cycles + 1);
    }

    /// <summary>Finds this cycle's first frame, and sets the clock by it.</summary>
    private void Advance(uint frames)
    {
        uint counter = JackLibrary.LastFrameTime(_client);
        long monotonic = MonotonicClock.Read();
        uint current;
        ulong microseconds, following;
        float period;
        if (JackLibrary.GetCycleTimes(_client, &current, &microseconds, &following, &period) == 0)
        {
            // The server's own, smoothed estimate of the cycle's beginning. It may count on another clock: JACK2's is CLOCK_MONOTONIC_RAW,
            // which parts from ours as that is slewed. And it may be far off on a server that is late or catches up; the cycle has begun, and
            // a clock that said otherwise would keep the improviser from what has come in.
            long begin = monotonic - (((long)JackLibrary.Time() - (long)microseconds) * 1000);
            monotonic = Math.Clamp(begin, monotonic - (frames * Second / _time.Rate), monotonic);
        }

        if (!_begun)
        {
            _begun = true;
            _frame = 0;
            _time = _time with { Origin = _clock.StampAt(monotonic) };
        }
        else
        {
            _frame += (uint)(counter - _counter); // wraps after a day; a late cycle skips frames
        }

        _counter = counter;
        _clock.Set(monotonic, _time.StampOf(_frame));
    }

    private void Receive(uint frames, long next)
    {
        PlayerInput? player = Player;
        if (player is null)
        {
            return;
        }

        if (Volatile.Read(ref _releasePlayer) != 0)
        {
            Volatile.Write(ref _releasePlayer, 0);
            player.Left(_time.StampOf(_frame));
        }

        void* buffer = JackLibrary.GetBuffer(_midiIn, frames);
        uint count = JackLibrary.GetEventCount(buffer);
        JackMidiEvent received;
        for (uint i = 0; i < count; i++)
        {
            if (JackLibrary.GetEvent(&received, buffer, i) == 0 && received.Size is >= 2 and <= 3 && received.Bytes[0] is >= 0x80 and < 0xF0)
            {
                byte third = received.Size == 3 ? received.Bytes[2] : (byte)0;
                player.Receive(_time.StampOf(_frame + received.Time), new MidiMessage(received.Bytes[0], (byte)(received.Bytes[1] & 0x7F), (byte)(third & 0x7F)));
            }
        }

        player.CompleteBefore(_time.StampOf(next));
    }

    private void Send(uint frames, long next)
    {
        void* buffer = JackLibrary.GetBuffer(_midiOut, frames);
        JackLibrary.ClearBuffer(buffer);
        nint lightsPort = Lights;
        void* lights = lightsPort == 0 ? null : JackLibrary.GetBuffer(lightsPort, frames);
        if (lights != null)
        {
            JackLibrary.ClearBuffer(lights);
        }

        OutputLane? lane = Midi;
        if (lane is null)
        {
            return;
        }

        if (lights == null && JackLibrary.PortConnected(_midiOut) <= 0)
        {
            lane.Discard(_time.StampOf(next)); // what an earlier run left sounding stays in the ledger until somebody hears its end
            return;
        }

        int room = (int)Math.Min((nuint)_due.Length, JackLibrary.MaxEventSize(buffer) / EventRoom);
        int count = lane.Collect(_time.StampOf(next), _due.AsSpan(0, room));
        long offset = 0;
        for (int i = 0; i < count; i++)
        {
            MidiMessage message = _due[i].Message;
            offset = Math.Clamp(_time.FrameAt(_due[i].Stamp) - _frame, offset, frames - 1);
            Write(buffer, (uint)offset, message);
            if (lights != null && message.IsControl(_lightsController))
            {
                Write(lights, (uint)offset, message);
            }
        }
    }

    private static void Write(void* buffer, uint offset, MidiMessage message)
    {
        byte* bytes = JackLibrary.ReserveEvent(buffer, offset, (nuint)message.Length);
        if (bytes == null)
        {
            throw new InvalidOperationException($"jack_midi_event_reserve refused a message at frame {offset}.");
        }

        bytes[0] = message.Status;
        bytes[1] = message.Data1;
        if (message.Length == 3)
        {
            bytes[2] = message.Data2;
        }
    }

    private void Sound(uint frames)
    {
        Span<float> left = new(JackLibrary.GetBuffer(_left, frames), (int)frames);
        Span<float> right = new(JackLibrary.GetBuffer(_right, frames), (int)frames);
        if (Audio is LaneRenderer audio)
        {
            audio.Render(_time, _frame, left, right);
        }
        else
        {
            left.Clear();
            right.Clear();
        }
    }
}
