using System.Runtime.InteropServices;

namespace MusicRnn.Host.Tests.Jack;

/// <summary>The tests' own view of libjack (jack/jack.h, jack/midiport.h), apart from the program's, so that one does not repeat the other's mistakes.</summary>
internal static unsafe partial class LibJack
{
    public const string MidiType = "8 bit raw midi";
    public const string AudioType = "32 bit float mono audio";
    public const ulong IsInput = 1;
    public const ulong IsOutput = 2;
    public const int NoStartServer = 1;
    public const int ServerName = 4;

    private const string Library = "libjack.so.0";

    /// <summary>jack_client_open takes the server's name as a variable argument.</summary>
    [LibraryImport(Library, EntryPoint = "jack_client_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Open(string name, int options, out int status, string server);

    [LibraryImport(Library, EntryPoint = "jack_client_close")]
    public static partial int Close(nint client);

    [LibraryImport(Library, EntryPoint = "jack_set_process_callback")]
    public static partial int SetProcess(nint client, delegate* unmanaged<uint, void*, int> process, void* argument);

    [LibraryImport(Library, EntryPoint = "jack_on_shutdown")]
    public static partial void OnShutdown(nint client, delegate* unmanaged<void*, void> shutdown, void* argument);

    [LibraryImport(Library, EntryPoint = "jack_activate")]
    public static partial int Activate(nint client);

    [LibraryImport(Library, EntryPoint = "jack_port_register", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Register(nint client, string name, string type, ulong flags, ulong size);

    [LibraryImport(Library, EntryPoint = "jack_port_by_name", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint PortByName(nint client, string name);

    [LibraryImport(Library, EntryPoint = "jack_connect", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Connect(nint client, string from, string to);

    [LibraryImport(Library, EntryPoint = "jack_port_get_buffer")]
    public static partial void* Buffer(nint port, uint frames);

    [LibraryImport(Library, EntryPoint = "jack_last_frame_time")]
    public static partial uint LastFrameTime(nint client);

    [LibraryImport(Library, EntryPoint = "jack_midi_get_event_count")]
    public static partial uint EventCount(void* buffer);

    [LibraryImport(Library, EntryPoint = "jack_midi_event_get")]
    public static partial int EventGet(MidiEvent* midiEvent, void* buffer, uint index);

    [LibraryImport(Library, EntryPoint = "jack_midi_clear_buffer")]
    public static partial void Clear(void* buffer);

    [LibraryImport(Library, EntryPoint = "jack_midi_event_write")]
    public static partial int EventWrite(void* buffer, uint time, byte* data, nuint size);

    [StructLayout(LayoutKind.Sequential)]
    public struct MidiEvent
    {
        public uint Time;
        public nuint Size;
        public byte* Data;
    }
}
