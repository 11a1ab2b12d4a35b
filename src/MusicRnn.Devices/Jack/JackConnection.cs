using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static MusicRnn.Devices.Jack.JackLibrary;

namespace MusicRnn.Devices.Jack;

/// <summary>One connection to a server, from its opening to its closing or the server's end: the client with its ports, and what the server reports.</summary>
internal sealed unsafe class JackConnection
{
    private const int SettledCycles = 64; // the first ones compile, and may be late
    private readonly JackCycle _cycle;
    private readonly nint _client;
    private readonly nint _left;
    private readonly nint _right;
    private readonly nint _midiIn;
    private readonly nint _midiOut;
    private nint _lights;
    private GCHandle _cycleHandle;
    private GCHandle _ownHandle;
    private int _frames;
    private int _lost;
    private int _changed = 1;
    private long _xruns;
    private bool _settled;

    private JackConnection(nint client, JackCycle cycle)
    {
        _client = client;
        _cycle = cycle;
        Name = Marshal.PtrToStringUTF8(GetClientName(client)) ?? "";
        Rate = (int)GetSampleRate(client);
        _frames = (int)GetBufferSize(client);
        _midiIn = RegisterPort(client, "midi_in", MidiType, PortIsInput | PortIsTerminal, 0);
        _midiOut = RegisterPort(client, "midi_out", MidiType, PortIsOutput | PortIsTerminal, 0);
        _left = RegisterPort(client, "out_l", AudioType, PortIsOutput | PortIsTerminal, 0);
        _right = RegisterPort(client, "out_r", AudioType, PortIsOutput | PortIsTerminal, 0);
        _cycleHandle = GCHandle.Alloc(cycle);
        _ownHandle = GCHandle.Alloc(this);
        void* own = (void*)GCHandle.ToIntPtr(_ownHandle);
        SetProcessCallback(client, &JackCycle.Process, (void*)GCHandle.ToIntPtr(_cycleHandle));
        OnShutdown(client, &OnLost, own);
        SetXrunCallback(client, &OnXrun, own);
        SetBufferSizeCallback(client, &OnBufferSize, own);
        SetPortRegistrationCallback(client, &OnPort, own);
        SetPortConnectCallback(client, &OnConnect, own);
    }

    /// <summary>The client's name on the server.</summary>
    public string Name { get; }

    /// <summary>Frames a second.</summary>
    public int Rate { get; }

    /// <summary>Frames a cycle. Any thread.</summary>
    public int Frames => Volatile.Read(ref _frames);

    /// <summary>Whether the server is gone.</summary>
    public bool IsLost => Volatile.Read(ref _lost) != 0;

    /// <summary>How often the server was late since the client had settled. Any thread.</summary>
    public long Xruns => Volatile.Read(ref _xruns);

    /// <summary>Whether the first cycles, which compile, are over. Any thread.</summary>
    public bool IsSettled => Volatile.Read(ref _settled);

    /// <summary>Whether ports or sizes have changed since they were last looked at.</summary>
    public bool HasChanged => Volatile.Read(ref _changed) != 0;

    /// <summary>The ports that <c>midi_in</c> hears.</summary>
    public List<string> Keyboards => Names(GetConnections(_client, _midiIn));

    /// <summary>The ports that <c>midi_out</c> plays to.</summary>
    public List<string> Receivers => Names(GetConnections(_client, _midiOut));

    /// <summary>The ports that <c>out_l</c> plays to.</summary>
    public List<string> Speakers => Names(GetConnections(_client, _left));

    /// <summary>From <c>out_l</c> to the hardware, in frames.</summary>
    public int LatencyFrames
    {
        get
        {
            uint* range = stackalloc uint[2]; // jack_latency_range_t: min, max
            GetLatencyRange(_left, PlaybackLatency, range);
            return (int)range[1];
        }
    }

    /// <summary>Opens a client, which does not run yet.</summary>
    /// <param name="options">Its name and its server's.</param>
    /// <param name="cycle">What is to run in every cycle.</param>
    /// <param name="whyNot">When null is returned, why, as a sentence.</param>
    public static JackConnection? Open(JackOptions options, JackCycle cycle, out string whyNot)
    {
        whyNot = Load() ?? "";
        if (whyNot.Length > 0)
        {
            return null;
        }

        nint client = JackLibrary.Open(options.ClientName, options.Server, out int status);
        if (client == 0)
        {
            whyNot = JackBackend.WhyNot(status, options.Server);
            return null;
        }

        JackConnection connection = new(client, cycle);
        if (connection._midiIn == 0 || connection._midiOut == 0 || connection._left == 0 || connection._right == 0)
        {
            connection.Close();
            whyNot = "jack_port_register refused a port.";
            return null;
        }

        return connection;
    }

    /// <summary>Begins to run, and says why not as a sentence, or null.</summary>
    public string? Activate()
    {
        _cycle.Begin(_client, _midiIn, _midiOut, _left, _right, Rate);
        int result = JackLibrary.Activate(_client);
        return result == 0 ? null : $"jack_activate failed (error {result}).";
    }

    /// <summary>Says whether ports or sizes have changed since the last time it was asked.</summary>
    public bool TakeChange() => Interlocked.Exchange(ref _changed, 0) != 0;

    /// <summary>Counts late cycles from now on, when the first are over.</summary>
    public void Settle()
    {
        if (!_settled && _cycle.Cycles >= SettledCycles)
        {
            Volatile.Write(ref _settled, true);
        }
    }

    /// <summary>Connects what has appeared, and the lights of the keyboards that are heard.</summary>
    /// <returns>What failed, as a sentence each.</returns>
    public List<string> Wire(JackWiring wiring)
    {
        List<string> failures = wiring.Connect(_client, Name);
        foreach (string lights in wiring.Lights(_client, Keyboards))
        {
            if (_lights == 0)
            {
                _lights = RegisterPort(_client, "lights_out", MidiType, PortIsOutput | PortIsTerminal, 0);
                _cycle.Lights = _lights;
            }

            JackWiring.Connect(_client, $"{Name}:lights_out", lights, failures);
        }

        return failures;
    }

    /// <summary>Closes the client, whether its server lives or not; no cycle runs afterwards.</summary>
    public void Close()
    {
        _cycle.Lights = 0;
        if (IsLost)
        {
            CloseOrphan(_client);
        }
        else
        {
            JackLibrary.Close(_client);
        }

        _cycleHandle.Free();
        _ownHandle.Free();
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
        JackConnection connection = Of(argument);
        if (connection.IsSettled)
        {
            Interlocked.Increment(ref connection._xruns);
        }

        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnBufferSize(uint frames, void* argument)
    {
        JackConnection connection = Of(argument);
        Volatile.Write(ref connection._frames, (int)frames);
        Volatile.Write(ref connection._changed, 1);
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnPort(uint port, int registered, void* argument) => Volatile.Write(ref Of(argument)._changed, 1);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnConnect(uint source, uint destination, int connected, void* argument) => Volatile.Write(ref Of(argument)._changed, 1);

    private static JackConnection Of(void* argument) => (JackConnection)GCHandle.FromIntPtr((nint)argument).Target!;
}
