using MusicRnn.Performance;

namespace MusicRnn.Devices.Jack;

/// <summary>
/// MusicRnn on a JACK server: a client with the ports <c>midi_in</c>, <c>midi_out</c>, <c>out_l</c> and <c>out_r</c>. A thread of its own
/// looks for the server every second, opens the client when there is one, and does so again when the server has died.
/// It never starts a server, and never throws because there is none.
/// </summary>
public sealed class JackClient : IDisposable
{
    private const int TickMilliseconds = 200;
    private const long LookEvery = 1_000_000_000;
    private const long LongestFarewell = 300_000_000;
    private readonly JackOptions _options;
    private readonly JackClock _clock = new();
    private readonly JackCycle _cycle;
    private readonly JackWiring _wiring;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Lock _gate = new(); // the supervising thread against Start, Reload and Dispose; never taken in a callback
    private readonly Thread _thread;
    private JackConnection? _connection;
    private string _name;
    private long _nextLook; // of the monotonic clock
    private long _xrunsBefore; // of earlier connections
    private bool _wasOpen;
    private volatile bool _receiverDue; // a receiver was connected at the last tick: release on this one, now that it hears us
    private List<string> _receivers = [];
    private List<string> _keyboards = [];
    private Exception? _fault;
    private volatile bool _closing;

    /// <summary>Begins to look for the server.</summary>
    public JackClient(JackOptions? options = null)
    {
        _options = options ?? new();
        _name = _options.ClientName;
        _cycle = new JackCycle(_clock, _options.LightsController);
        _wiring = new JackWiring(_options);
        MidiInput = new JackMidiInput(this);
        MidiOutput = new JackMidiOutput(this);
        Audio = new JackAudioOutput(this);
        SetStatus(DeviceState.Waiting, "looking for a JACK server");
        _thread = new Thread(Supervise) { IsBackground = true, Name = "musicrnn-jack" };
        _thread.Start();
    }

    /// <summary>The server's frames as a clock; it runs without a server too.</summary>
    public IClock Clock => _clock;

    /// <summary>The port <c>midi_in</c>.</summary>
    public JackMidiInput MidiInput { get; }

    /// <summary>The port <c>midi_out</c>.</summary>
    public JackMidiOutput MidiOutput { get; }

    /// <summary>The ports <c>out_l</c> and <c>out_r</c>.</summary>
    public JackAudioOutput Audio { get; }

    /// <summary>The client's name, on the server when there is one.</summary>
    internal string Name => Volatile.Read(ref _name);

    /// <summary>The ports that hear <see cref="MidiOutput"/>.</summary>
    internal IReadOnlyList<string> ReceiverNames => Volatile.Read(ref _receivers);

    /// <summary>Whether all that changed on the server has been followed.</summary>
    internal bool IsSettled => Connection is JackConnection connection && !_receiverDue && !connection.HasChanged;

    /// <summary>Whether the first cycles, which compile, are over, and late ones are counted.</summary>
    internal bool CountsXruns => Connection?.IsSettled ?? false;

    /// <summary>The server's frames a second; 0 without one.</summary>
    internal int SampleRate => Connection?.Rate ?? 0;

    /// <summary>The server's frames a cycle; 0 without one.</summary>
    internal int BlockFrames => Connection?.Frames ?? 0;

    /// <summary>How often a server was late since the client had settled.</summary>
    internal long Xruns => Volatile.Read(ref _xrunsBefore) + (Connection?.Xruns ?? 0);

    private JackConnection? Connection => Volatile.Read(ref _connection);

    /// <summary>Closes the client, after every note has been released.</summary>
    public void Dispose()
    {
        if (_closing)
        {
            return;
        }

        _cycle.Midi?.Silence();
        Audio.Lane?.Silence();

        // What is collected in one cycle counts as sent in the next.
        for (long until = MonotonicClock.Read() + LongestFarewell; MonotonicClock.Read() < until && !IsSilent(); _wake.WaitOne(5))
        {
        }

        _closing = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
    }

    /// <summary>Gives MIDI in to a player's input.</summary>
    internal void Start(PlayerInput player) => _cycle.Player = player;

    /// <summary>Takes MIDI out from a lane.</summary>
    internal void Start(OutputLane lane)
    {
        lock (_gate)
        {
            _cycle.Midi = lane;
            _receiverDue = _receivers.Count > 0; // whoever listens is to be released of what an earlier run left
        }
    }

    /// <summary>Takes the sound from a lane.</summary>
    internal void Start(OutputLane lane, Func<int, IInstrument> instruments)
    {
        lock (_gate)
        {
            Audio.Attach(lane, instruments);
            MakeInstrument();
        }
    }

    /// <summary>Makes the instrument, or makes it anew, if there is a server.</summary>
    internal void MakeInstrument()
    {
        lock (_gate)
        {
            if (_connection is null || Audio.Instruments is null)
            {
                return;
            }

            IInstrument instrument = Audio.Instruments(_connection.Rate);
            if (_cycle.Audio is LaneRenderer renderer)
            {
                renderer.Exchange(instrument);
            }
            else
            {
                _cycle.Audio = new LaneRenderer(Audio.Lane!, instrument);
            }

            Audio.InstrumentRate = _connection.Rate;
        }
    }

    private bool IsSilent() => Connection is null || ((_cycle.Midi?.IsSilent ?? true) && (Audio.Lane?.IsSilent ?? true));

    private void Supervise()
    {
        while (!_closing)
        {
            lock (_gate)
            {
                Tick();
            }

            _wake.WaitOne(TickMilliseconds);
        }

        lock (_gate)
        {
            Close();
            SetStatus(DeviceState.Finished, "closed");
        }
    }

    private void Tick()
    {
        if (_connection is { IsLost: true })
        {
            Close();
            SetStatus(DeviceState.Lost, "the JACK server went away; it is looked for every second");
        }

        if (_connection is null && MonotonicClock.Read() >= _nextLook)
        {
            _nextLook = MonotonicClock.Read() + LookEvery;
            Open();
        }

        if (_connection is null)
        {
            _cycle.Midi?.Discard(_clock.Now);
            Audio.Lane?.Discard(_clock.Now);
            return;
        }

        if (_receiverDue)
        {
            _cycle.Midi?.ReleaseSounding();
            _receiverDue = false;
        }

        _connection.Settle();
        if (_connection.TakeChange() || !ReferenceEquals(_cycle.Fault, _fault))
        {
            _fault = _cycle.Fault;
            Look(_connection);
        }
    }

    private void Open()
    {
        JackConnection? connection = JackConnection.Open(_options, _cycle, out string whyNot);
        if (connection is not null)
        {
            Volatile.Write(ref _name, connection.Name);
            Volatile.Write(ref _connection, connection);
            if (Audio.InstrumentRate != connection.Rate)
            {
                MakeInstrument();
            }

            if (_wasOpen)
            {
                Audio.Lane?.ReleaseSounding(); // the sound stood still while there was no server
            }

            Volatile.Write(ref _receivers, []);
            _keyboards = [];
            _wiring.Forget();
            whyNot = connection.Activate() ?? "";
            if (whyNot.Length == 0)
            {
                _wasOpen = true;
                return;
            }

            Close();
        }

        if (!_wasOpen)
        {
            SetStatus(DeviceState.Waiting, $"{whyNot} It is looked for every second.");
        }
    }

    /// <summary>Closes the connection. Whatever the player held there is up.</summary>
    private void Close()
    {
        if (_connection is JackConnection connection)
        {
            connection.Close();
            Volatile.Write(ref _connection, null);
            Volatile.Write(ref _xrunsBefore, _xrunsBefore + connection.Xruns);
            Audio.SetLatency(0);
            _cycle.Player?.Lost(_clock.Now);
        }
    }

    /// <summary>Connects what has appeared, and says what is connected.</summary>
    private void Look(JackConnection connection)
    {
        List<string> failures = connection.Wire(_wiring);
        if (_fault is not null)
        {
            failures.Add($"A cycle failed and was silent: {_fault.Message}");
        }

        string faults = string.Concat(failures.Select(failure => " " + failure));
        int rate = connection.Rate;
        int frames = connection.Frames;
        List<string> keyboards = connection.Keyboards;
        List<string> receivers = connection.Receivers;
        MidiInput.State.Set(DeviceState.Running, $"{Wired("hears", keyboards)}{faults}");
        MidiOutput.State.Set(DeviceState.Running, $"{Wired("plays to", receivers)}{faults}");
        Audio.SetLatency(connection.LatencyFrames * 1_000_000_000L / rate);
        Audio.State.Set(DeviceState.Running, $"{Wired("plays to", connection.Speakers)}, {rate} Hz, {frames} frames ({frames * 1000.0 / rate:0.0} ms){faults}");

        // A new receiver may hear a connection's first cycle late, so what is left sounding is released a tick from now.
        _receiverDue |= receivers.Count > 0 && _receivers.Count == 0;
        Volatile.Write(ref _receivers, receivers);
        if (_keyboards.Except(keyboards).Any())
        {
            _cycle.ReleasePlayer(); // a keyboard that was unplugged holds nothing
        }

        _keyboards = keyboards;
    }

    private static string Wired(string how, List<string> ports) =>
        ports.Count == 0 ? "is not connected to anything yet" : $"{how} {string.Join(", ", ports)}";

    private void SetStatus(DeviceState state, string text)
    {
        MidiInput.State.Set(state, text);
        MidiOutput.State.Set(state, text);
        Audio.State.Set(state, text);
    }
}
