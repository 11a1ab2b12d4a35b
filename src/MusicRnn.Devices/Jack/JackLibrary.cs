using System.Runtime.InteropServices;

namespace MusicRnn.Devices.Jack;

/// <summary>The functions of libjack that are used (jack/jack.h, jack/midiport.h). PipeWire's libjack has the same.</summary>
internal static unsafe partial class JackLibrary
{
    /// <summary>The library's name.</summary>
    public const string Name = "libjack.so.0";

    /// <summary>Never start a server (JackNoStartServer).</summary>
    private const int NoStartServer = 0x01;

    /// <summary>A server's name follows the options (JackServerName).</summary>
    private const int ServerName = 0x04;

    /// <summary>The port receives (JackPortIsInput).</summary>
    public const ulong PortIsInput = 0x1;

    /// <summary>The port sends (JackPortIsOutput).</summary>
    public const ulong PortIsOutput = 0x2;

    /// <summary>The port is hardware (JackPortIsPhysical).</summary>
    public const ulong PortIsPhysical = 0x4;

    /// <summary>No more of the signal passes on than through this port (JackPortIsTerminal).</summary>
    public const ulong PortIsTerminal = 0x10;

    /// <summary>JackPlaybackLatency.</summary>
    public const int PlaybackLatency = 1;

    /// <summary>JACK_DEFAULT_AUDIO_TYPE.</summary>
    public const string AudioType = "32 bit float mono audio";

    /// <summary>JACK_DEFAULT_MIDI_TYPE.</summary>
    public const string MidiType = "8 bit raw midi";

    private static readonly string[] Functions =
    [
        "jack_client_open", "jack_client_close", "jack_get_client_name", "jack_activate", "jack_get_sample_rate",
        "jack_get_buffer_size", "jack_port_register", "jack_port_get_buffer", "jack_get_ports", "jack_free", "jack_connect",
        "jack_port_by_name", "jack_port_flags", "jack_port_type", "jack_port_get_aliases", "jack_port_name_size", "jack_port_get_all_connections",
        "jack_port_get_latency_range", "jack_set_process_callback", "jack_on_shutdown", "jack_set_xrun_callback",
        "jack_set_port_registration_callback", "jack_set_port_connect_callback", "jack_set_buffer_size_callback", "jack_last_frame_time", "jack_get_cycle_times", "jack_get_time",
        "jack_set_error_function", "jack_set_info_function", "jack_midi_get_event_count", "jack_midi_event_get", "jack_midi_clear_buffer",
        "jack_midi_max_event_size", "jack_midi_event_reserve", "jack_port_connected",
    ];

    private static readonly Lock LoadGate = new();
    private static string? _missing;
    private static bool _loaded;
    private static int _orphans;

    /// <summary>Loads the library once it is there; no other member may be called before.</summary>
    /// <returns>Null when it is loaded, or what is missing.</returns>
    public static string? Load()
    {
        lock (LoadGate)
        {
            if (_loaded)
            {
                return null;
            }

            _missing = Probe(Name);
            if (_missing is null)
            {
                // The library reports on stderr whatever fails, such as every look for a server; our status says it once.
                SetErrorFunction(&Ignore);
                SetInfoFunction(&Ignore);
                _loaded = true;
            }

            return _missing;
        }
    }

    /// <summary>What is missing of a library, or null.</summary>
    internal static string? Probe(string name)
    {
        if (!NativeLibrary.TryLoad(name, typeof(JackLibrary).Assembly, null, out nint library))
        {
            return $"{name} is not installed.";
        }

        foreach (string function in Functions)
        {
            if (!NativeLibrary.TryGetExport(library, function, out _))
            {
                return $"{name} is too old: it has no {function}.";
            }
        }

        return null;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void Ignore(byte* text)
    {
    }

    /// <summary>Opens a client; 0 when there is no server, or while a client of this process is still open on one that died: the
    /// library keeps one server's memory for all clients of a process, and another server's would be put under that client's feet.</summary>
    public static nint Open(string name, string? server, out int status)
    {
        const int ServerFailed = 0x10;
        if (Volatile.Read(ref _orphans) > 0)
        {
            status = ServerFailed;
            return 0;
        }

        return Open(name, NoStartServer | (server is null ? 0 : ServerName), out status, server);
    }

    /// <summary>Says that a client has lost its server. In the shutdown callback.</summary>
    public static void Orphaned() => Interlocked.Increment(ref _orphans);

    /// <summary>Closes a client that has lost its server.</summary>
    public static void CloseOrphan(nint client)
    {
        Close(client);
        Interlocked.Decrement(ref _orphans);
    }

    // Variadic: the server's name is passed as an ordinary fourth argument, which is how Linux passes it on x86-64 and ARM64.
    [LibraryImport(Name, EntryPoint = "jack_client_open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string name, int options, out int status, string? server);

    [LibraryImport(Name, EntryPoint = "jack_client_close")]
    public static partial int Close(nint client);

    [LibraryImport(Name, EntryPoint = "jack_get_client_name")]
    public static partial nint GetClientName(nint client);

    [LibraryImport(Name, EntryPoint = "jack_activate")]
    public static partial int Activate(nint client);

    [LibraryImport(Name, EntryPoint = "jack_get_sample_rate")]
    public static partial uint GetSampleRate(nint client);

    [LibraryImport(Name, EntryPoint = "jack_get_buffer_size")]
    public static partial uint GetBufferSize(nint client);

    [LibraryImport(Name, EntryPoint = "jack_port_register", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint RegisterPort(nint client, string name, string type, ulong flags, ulong bufferSize);

    [LibraryImport(Name, EntryPoint = "jack_port_get_buffer")]
    public static partial void* GetBuffer(nint port, uint frames);

    [LibraryImport(Name, EntryPoint = "jack_get_ports", StringMarshalling = StringMarshalling.Utf8)]
    public static partial byte** GetPorts(nint client, string? namePattern, string? typePattern, ulong flags);

    [LibraryImport(Name, EntryPoint = "jack_free")]
    public static partial void Free(void* memory);

    [LibraryImport(Name, EntryPoint = "jack_connect", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Connect(nint client, string source, string destination);

    /// <summary>How many ports one of ours is connected to. In the process callback it does not wait.</summary>
    [LibraryImport(Name, EntryPoint = "jack_port_connected")]
    public static partial int PortConnected(nint port);

    [LibraryImport(Name, EntryPoint = "jack_port_by_name", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint PortByName(nint client, string name);

    [LibraryImport(Name, EntryPoint = "jack_port_flags")]
    public static partial int PortFlags(nint port);

    [LibraryImport(Name, EntryPoint = "jack_port_type")]
    public static partial nint PortType(nint port);

    [LibraryImport(Name, EntryPoint = "jack_port_get_aliases")]
    public static partial int GetAliases(nint port, byte** aliases);

    [LibraryImport(Name, EntryPoint = "jack_port_name_size")]
    public static partial int PortNameSize();

    [LibraryImport(Name, EntryPoint = "jack_port_get_all_connections")]
    public static partial byte** GetConnections(nint client, nint port);

    [LibraryImport(Name, EntryPoint = "jack_port_get_latency_range")]
    public static partial void GetLatencyRange(nint port, int mode, uint* range);

    [LibraryImport(Name, EntryPoint = "jack_set_process_callback")]
    public static partial int SetProcessCallback(nint client, delegate* unmanaged[Cdecl]<uint, void*, int> callback, void* argument);

    [LibraryImport(Name, EntryPoint = "jack_on_shutdown")]
    public static partial void OnShutdown(nint client, delegate* unmanaged[Cdecl]<void*, void> callback, void* argument);

    [LibraryImport(Name, EntryPoint = "jack_set_xrun_callback")]
    public static partial int SetXrunCallback(nint client, delegate* unmanaged[Cdecl]<void*, int> callback, void* argument);

    [LibraryImport(Name, EntryPoint = "jack_set_port_registration_callback")]
    public static partial int SetPortRegistrationCallback(nint client, delegate* unmanaged[Cdecl]<uint, int, void*, void> callback, void* argument);

    [LibraryImport(Name, EntryPoint = "jack_set_port_connect_callback")]
    public static partial int SetPortConnectCallback(nint client, delegate* unmanaged[Cdecl]<uint, uint, int, void*, void> callback, void* argument);

    [LibraryImport(Name, EntryPoint = "jack_set_buffer_size_callback")]
    public static partial int SetBufferSizeCallback(nint client, delegate* unmanaged[Cdecl]<uint, void*, int> callback, void* argument);

    [LibraryImport(Name, EntryPoint = "jack_last_frame_time")]
    [SuppressGCTransition]
    public static partial uint LastFrameTime(nint client);

    [LibraryImport(Name, EntryPoint = "jack_get_cycle_times")]
    public static partial int GetCycleTimes(nint client, uint* frames, ulong* microseconds, ulong* next, float* period);

    /// <summary>The server's clock now, in microseconds: what <see cref="GetCycleTimes"/> counts on.</summary>
    [LibraryImport(Name, EntryPoint = "jack_get_time")]
    [SuppressGCTransition]
    public static partial ulong Time();

    [LibraryImport(Name, EntryPoint = "jack_set_error_function")]
    private static partial void SetErrorFunction(delegate* unmanaged[Cdecl]<byte*, void> function);

    [LibraryImport(Name, EntryPoint = "jack_set_info_function")]
    private static partial void SetInfoFunction(delegate* unmanaged[Cdecl]<byte*, void> function);

    [LibraryImport(Name, EntryPoint = "jack_midi_get_event_count")]
    [SuppressGCTransition]
    public static partial uint GetEventCount(void* buffer);

    [LibraryImport(Name, EntryPoint = "jack_midi_event_get")]
    [SuppressGCTransition]
    public static partial int GetEvent(JackMidiEvent* output, void* buffer, uint index);

    [LibraryImport(Name, EntryPoint = "jack_midi_clear_buffer")]
    [SuppressGCTransition]
    public static partial void ClearBuffer(void* buffer);

    [LibraryImport(Name, EntryPoint = "jack_midi_max_event_size")]
    [SuppressGCTransition]
    public static partial nuint MaxEventSize(void* buffer);

    [LibraryImport(Name, EntryPoint = "jack_midi_event_reserve")]
    [SuppressGCTransition]
    public static partial byte* ReserveEvent(void* buffer, uint time, nuint size);

    /// <summary>The names of a list that the library made, which is freed.</summary>
    public static List<string> Names(byte** list)
    {
        List<string> names = [];
        if (list == null)
        {
            return names;
        }

        for (byte** name = list; *name != null; name++)
        {
            names.Add(Marshal.PtrToStringUTF8((nint)(*name)) ?? "");
        }

        Free(list);
        return names;
    }
}

/// <summary>A MIDI event of a port's buffer (jack_midi_event_t).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct JackMidiEvent
{
    /// <summary>The frame within the cycle.</summary>
    public uint Time;

    /// <summary>The number of bytes.</summary>
    public nuint Size;

    /// <summary>The bytes.</summary>
    public byte* Bytes;
}
