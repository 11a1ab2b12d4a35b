using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MusicRnn.Devices.Jack;
using MusicRnn.Midi;

namespace MusicRnn.Tests.Devices.Jack;

/// <summary>Another program on the server: sends MIDI at exact frames of the server's counter, and records at which frames MIDI and sound arrive.</summary>
internal sealed unsafe class JackProbe : IDisposable
{
    private readonly nint _client;
    private readonly nint _out;
    private readonly nint _in;
    private readonly nint _sound;
    private readonly ConcurrentQueue<(uint Frame, MidiMessage Message)> _toSend = [];
    private GCHandle _handle;
    private uint _frame;
    private bool _lost;
    private int _dawdle;

    public JackProbe(JackServer server, string name, string output = "out", string input = "in")
    {
        _client = JackLibrary.Open(name, server.Name, out _);
        Assert.NotEqual(0, _client);
        _out = JackLibrary.RegisterPort(_client, output, JackLibrary.MidiType, JackLibrary.PortIsOutput, 0);
        _in = JackLibrary.RegisterPort(_client, input, JackLibrary.MidiType, JackLibrary.PortIsInput, 0);
        _sound = JackLibrary.RegisterPort(_client, "sound", JackLibrary.AudioType, JackLibrary.PortIsInput, 0);
        _handle = GCHandle.Alloc(this);
        JackLibrary.SetProcessCallback(_client, &Process, (void*)GCHandle.ToIntPtr(_handle));
        JackLibrary.OnShutdown(_client, &OnLost, (void*)GCHandle.ToIntPtr(_handle));
        JackLibrary.Activate(_client);
        Wait.Until(() => Frame != 0, "the probe's first cycle");
    }

    /// <summary>The first frame of the cycle that ran last.</summary>
    public uint Frame => Volatile.Read(ref _frame);

    public ConcurrentQueue<(uint Frame, MidiMessage Message)> Heard { get; } = [];

    /// <summary>The samples above silence.</summary>
    public ConcurrentQueue<(uint Frame, int Level)> Clicks { get; } = [];

    /// <summary>Sends at frames that must be in order, and have not come yet.</summary>
    public void Send(uint frame, MidiMessage message) => _toSend.Enqueue((frame, message));

    public void SetBufferSize(uint frames) => Assert.Equal(0, SetBufferSize(_client, frames));

    /// <summary>Holds one cycle up.</summary>
    public void Dawdle(int milliseconds) => Volatile.Write(ref _dawdle, milliseconds);

    public void Dispose()
    {
        if (_handle.IsAllocated)
        {
            if (Volatile.Read(ref _lost))
            {
                JackLibrary.CloseOrphan(_client);
            }
            else
            {
                JackLibrary.Close(_client);
            }

            _handle.Free();
        }
    }

    [DllImport(JackLibrary.Name, EntryPoint = "jack_set_buffer_size")]
    private static extern int SetBufferSize(nint client, uint frames);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLost(void* argument)
    {
        Volatile.Write(ref ((JackProbe)GCHandle.FromIntPtr((nint)argument).Target!)._lost, true);
        JackLibrary.Orphaned();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Process(uint frames, void* argument)
    {
        ((JackProbe)GCHandle.FromIntPtr((nint)argument).Target!).Run(frames);
        return 0;
    }

    private void Run(uint frames)
    {
        if (Interlocked.Exchange(ref _dawdle, 0) is int milliseconds and > 0)
        {
            Wait.For(milliseconds);
        }

        uint first = JackLibrary.LastFrameTime(_client);
        void* output = JackLibrary.GetBuffer(_out, frames);
        JackLibrary.ClearBuffer(output);
        while (_toSend.TryPeek(out var next) && (int)(next.Frame - (first + frames)) < 0)
        {
            byte* bytes = JackLibrary.ReserveEvent(output, (uint)Math.Max(0, (int)(next.Frame - first)), (nuint)next.Message.Length);
            bytes[0] = next.Message.Status;
            bytes[1] = next.Message.Data1;
            if (next.Message.Length == 3)
            {
                bytes[2] = next.Message.Data2;
            }

            _toSend.TryDequeue(out _);
        }

        void* input = JackLibrary.GetBuffer(_in, frames);
        JackMidiEvent received;
        for (uint i = 0; i < JackLibrary.GetEventCount(input); i++)
        {
            JackLibrary.GetEvent(&received, input, i);
            Heard.Enqueue((first + received.Time, new MidiMessage(received.Bytes[0], received.Bytes[1], received.Size > 2 ? received.Bytes[2] : (byte)0)));
        }

        Span<float> sound = new(JackLibrary.GetBuffer(_sound, frames), (int)frames);
        for (int i = 0; i < sound.Length; i++)
        {
            if (sound[i] != 0)
            {
                Clicks.Enqueue((first + (uint)i, (int)sound[i]));
            }
        }

        Volatile.Write(ref _frame, first);
    }
}
