using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MusicRnn.Performance;
using static MusicRnn.Devices.Jack.JackLibrary;

namespace MusicRnn.Devices.Jack;

/// <summary>
/// MusicRnn on a JACK server: a client with the ports <c>midi_in</c>, <c>midi_out</c>, <c>out_l</c> and <c>out_r</c>. A thread of its own
/// looks for the server every second, opens the client when there is one, and does so again when the server has died.
/// It never starts a server, and never throws because there is none.
/// </summary>
public sealed unsafe class JackClient : IDisposable
{
    private const int LookMilliseconds = 1000;
    private const int TickMilliseconds = 200;
    private const int SettledCycles = 64; // the first ones compile, and may be late
    private const int CloseMilliseconds = 300;
    private readonly JackOptions _options;
    private readonly JackClock _clock = new();
    private readonly JackCycle _cycle;
    private readonly JackWiring _wiring;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Lock _gate = new(); // the supervising thread against Start, Reload and Dispose; never taken in a callback
    private readonly Thread _thread;
    private GCHandle _cycleHandle;
    private GCHandle _ownHandle;
    private nint _client;
    private nint _midiIn;
    private nint _midiOut;
    private nint _left;
    private string _name;
    private long _nextLook; // of the monotonic clock
    private int _rate;
    private int _frames;
    private int _lost; // set by the server's callbacks
    private int _changed;
    private long _xruns;
    private bool _settled;
    private bool _wasOpen;
    private volatile bool _receiverDue; // a receiver was connected since the last tick: release on this one, now that it hears us
    private int _receivers;
    private List<string> _keyboards = [];
    private Exception? _fault;
    private volatile bool _closing;

    /// <summary>Begins to look for the server.</summary>
    public JackClient(JackOptions? options = null)
    {
        _options = options ?? new();
        _name = _options.ClientName;
        _cycle = new JackCycle(_clock);
        _wiring = new JackWiring(_options);
        MidiInput = new JackMidiInput(this);
        MidiOutput = new JackMidiOutput(this);
        Audio = new JackAudioOutput(this);
        _cycleHandle = GCHandle.Alloc(_cycle);
        _ownHandle = GCHandle.Alloc(this);
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

    /// <summary>Whether all that changed on the server has been followed.</summary>
    internal bool IsSettled => _client != 0 && !_receiverDue && Volatile.Read(ref _changed) == 0;

    /// <summary>Whether the first cycles, which compile, are over.</summary>
    internal bool CountsXruns => Volatile.Read(ref _settled);

    /// <summary>The server's frames a second; 0 without one.</summary>
    internal int SampleRate => Volatile.Read(ref _rate);

    /// <summary>The server's frames a cycle; 0 without one.</summary>
    internal int BlockFrames => Volatile.Read(ref _frames);

    /// <summary>How often the server was late since the client had settled.</summary>
    internal long Xruns => Volatile.Read(ref _xruns);

    /// <summary>How long before its stamp a message must be in a lane: a cycle is filled as it begins, and may itself be late.</summary>
    internal long Lead => SampleRate is int rate and > 0 ? (BlockFrames * 1_000_000_000L / rate) + 1_000_000 : 0;

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
        for (long until = MonotonicClock.Read() + (CloseMilliseconds * 1_000_000L); MonotonicClock.Read() < until && !IsSilent(); _wake.WaitOne(5))
        {
        }

        _closing = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
        _cycleHandle.Free();
        _ownHandle.Free();
    }

    /// <summary>Gives MIDI in to a player's input.</summary>
    internal void Start(PlayerInput player)
    {
        lock (_gate)
        {
            _cycle.Player = player;
        }
    }

    /// <summary>Takes MIDI out from a lane.</summary>
    internal void Start(OutputLane lane)
    {
        lock (_gate)
        {
            _cycle.Midi = lane;
            _receivers = 0; // whoever listens is to be released of what an earlier run left
            Volatile.Write(ref _changed, 1);
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
            if (_client == 0 || Audio.Instruments is null)
            {
                return;
            }

            IInstrument instrument = Audio.Instruments(_rate);
            if (_cycle.Audio is LaneRenderer renderer)
            {
                renderer.Exchange(instrument);
            }
            else
            {
                _cycle.Audio = new LaneRenderer(Audio.Lane!, instrument);
            }

            Audio.InstrumentRate = _rate;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLost(void* argument)
    {
        if (Interlocked.Exchange(ref Of(argument)._lost, 1) == 0)
        {
            Orphaned();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnXrun(void* argument)
    {
        JackClient client = Of(argument);
        if (Volatile.Read(ref client._settled))
        {
            Interlocked.Increment(ref client._xruns);
        }

        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnBufferSize(uint frames, void* argument)
    {
        JackClient client = Of(argument);
        Volatile.Write(ref client._frames, (int)frames);
        Volatile.Write(ref client._changed, 1);
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnPort(uint port, int registered, void* argument) => Volatile.Write(ref Of(argument)._changed, 1);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnConnect(uint source, uint destination, int connected, void* argument) => Volatile.Write(ref Of(argument)._changed, 1);

    private static JackClient Of(void* argument) => (JackClient)GCHandle.FromIntPtr((nint)argument).Target!;

    private bool IsSilent() => _client == 0 || ((_cycle.Midi?.IsSilent ?? true) && (Audio.Lane?.IsSilent ?? true));

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
            CloseClient();
            SetStatus(DeviceState.Finished, "closed");
        }
    }

    private void Tick()
    {
        if (_client != 0 && Volatile.Read(ref _lost) != 0)
        {
            CloseClient();
            SetStatus(DeviceState.Lost, "the JACK server went away; it is looked for every second");
        }

        if (_client == 0)
        {
            long now = MonotonicClock.Read();
            if (now >= _nextLook)
            {
                _nextLook = now + (LookMilliseconds * 1_000_000L);
                OpenClient();
            }

            if (_client == 0)
            {
                _cycle.Midi?.Discard(_clock.Now);
                Audio.Lane?.Discard(_clock.Now);
                return;
            }
        }

        if (_receiverDue)
        {
            _receiverDue = false;
            _cycle.Midi?.ReleaseSounding();
        }

        if (!_settled && _cycle.Cycles >= SettledCycles)
        {
            Volatile.Write(ref _settled, true);
        }

        Exception? fault = _cycle.Fault;
        if (Interlocked.Exchange(ref _changed, 0) != 0 || !ReferenceEquals(fault, _fault))
        {
            _fault = fault;
            Look();
        }
    }

    private void OpenClient()
    {
        if (Load() is string missing)
        {
            SetStatus(DeviceState.Waiting, missing);
            return;
        }

        nint client = Open(_options.ClientName, _options.Server, out int status);
        if (client == 0)
        {
            if (!_wasOpen)
            {
                SetStatus(DeviceState.Waiting, $"{JackBackend.WhyNot(status, _options.Server)} It is looked for every second.");
            }

            return;
        }

        Volatile.Write(ref _lost, 0);
        Volatile.Write(ref _settled, false);
        Volatile.Write(ref _name, Marshal.PtrToStringUTF8(GetClientName(client)) ?? _options.ClientName);
        _midiIn = RegisterPort(client, "midi_in", MidiType, PortIsInput | PortIsTerminal, 0);
        _midiOut = RegisterPort(client, "midi_out", MidiType, PortIsOutput | PortIsTerminal, 0);
        _left = RegisterPort(client, "out_l", AudioType, PortIsOutput | PortIsTerminal, 0);
        nint right = RegisterPort(client, "out_r", AudioType, PortIsOutput | PortIsTerminal, 0);
        if (_midiIn == 0 || _midiOut == 0 || _left == 0 || right == 0)
        {
            Close(client);
            SetStatus(DeviceState.Waiting, "jack_port_register refused a port; it is tried again every second.");
            return;
        }

        void* own = (void*)GCHandle.ToIntPtr(_ownHandle);
        SetProcessCallback(client, &JackCycle.Process, (void*)GCHandle.ToIntPtr(_cycleHandle));
        OnShutdown(client, &OnLost, own);
        SetXrunCallback(client, &OnXrun, own);
        SetBufferSizeCallback(client, &OnBufferSize, own);
        SetPortRegistrationCallback(client, &OnPort, own);
        SetPortConnectCallback(client, &OnConnect, own);

        int rate = (int)GetSampleRate(client);
        Volatile.Write(ref _rate, rate);
        Volatile.Write(ref _frames, (int)GetBufferSize(client));
        _client = client;
        if (Audio.Instruments is not null && Audio.InstrumentRate != rate)
        {
            MakeInstrument();
        }

        if (_wasOpen)
        {
            Audio.Lane?.ReleaseSounding(); // the sound stood still while there was no server
        }

        _cycle.Begin(client, _midiIn, _midiOut, _left, right, rate);
        int activated = Activate(client);
        if (activated != 0)
        {
            CloseClient();
            SetStatus(DeviceState.Waiting, $"jack_activate failed (error {activated}); it is tried again every second.");
            return;
        }

        _wasOpen = true;
        _receivers = 0;
        _keyboards = [];
        _wiring.Forget();
        Volatile.Write(ref _changed, 1);
    }

    /// <summary>Closes the client, whether its server lives or not. Whatever the player held there is up.</summary>
    private void CloseClient()
    {
        if (_client == 0)
        {
            return;
        }

        if (Volatile.Read(ref _lost) != 0)
        {
            CloseOrphan(_client);
        }
        else
        {
            Close(_client);
        }

        _client = 0;
        Volatile.Write(ref _rate, 0);
        Volatile.Write(ref _frames, 0);
        Audio.SetLatency(0);
        _cycle.Player?.Lost(_clock.Now);
    }

    /// <summary>Connects what has appeared, and says what is connected.</summary>
    private void Look()
    {
        List<string> failures = _wiring.Connect(_client, _name);
        if (_fault is not null)
        {
            failures.Add($"A cycle failed and was silent: {_fault.Message}");
        }

        string faults = string.Concat(failures.Select(failure => " " + failure));
        List<string> keyboards = Names(GetConnections(_client, _midiIn));
        List<string> receivers = Names(GetConnections(_client, _midiOut));
        List<string> speakers = Names(GetConnections(_client, _left));
        MidiInput.State.Set(DeviceState.Running, $"{Wired("hears", keyboards)}{faults}");
        MidiOutput.State.Set(DeviceState.Running, $"{Wired("plays to", receivers)}{faults}");

        uint* range = stackalloc uint[2]; // jack_latency_range_t: min, max
        GetLatencyRange(_left, PlaybackLatency, range);
        Audio.SetLatency(range[1] * 1_000_000_000L / _rate);
        Audio.State.Set(DeviceState.Running, $"{Wired("plays to", speakers)}, {_rate} Hz, {_frames} frames ({_frames * 1000.0 / _rate:0.0} ms){faults}");

        // A new receiver may hear a connection's first cycle late, so what is left sounding is released a tick from now.
        _receiverDue = receivers.Count > 0 && _receivers == 0;
        _receivers = receivers.Count;

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
