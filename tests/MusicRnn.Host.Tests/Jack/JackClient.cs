using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MusicRnn.Midi;

namespace MusicRnn.Host.Tests.Jack;

/// <summary>A program beside MusicRnn on the same JACK server: plays messages at exact frames, and records what it hears, with the frames.</summary>
internal sealed unsafe class JackClient : IDisposable
{
    private const int Capacity = 1 << 16;
    private readonly State* _state;
    private readonly string _name;

    public JackClient(string server, string name)
    {
        _name = name;
        _state = (State*)NativeMemory.AllocZeroed((nuint)sizeof(State));
        _state->Played = (FramedMessage*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(FramedMessage));
        _state->Sent = (uint*)NativeMemory.AllocZeroed(Capacity, sizeof(uint));
        _state->Recorded = (FramedMessage*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(FramedMessage));
        nint client = LibJack.Open(name, LibJack.NoStartServer | LibJack.ServerName, out int status, server);
        Assert.True(client != 0, $"jack_client_open({name}) failed with status 0x{status:X}.");
        _state->Client = client;
        _state->Out = LibJack.Register(client, "play", LibJack.MidiType, LibJack.IsOutput, 0);
        _state->In = LibJack.Register(client, "record", LibJack.MidiType, LibJack.IsInput, 0);
        _state->Audio = LibJack.Register(client, "listen", LibJack.AudioType, LibJack.IsInput, 0);
        RuntimeHelpers.PrepareMethod(typeof(JackClient).GetMethod(nameof(Process), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.MethodHandle);
        Assert.Equal(0, LibJack.SetProcess(client, &Process, _state));
        Assert.Equal(0, LibJack.Activate(client));
    }

    /// <summary>The frame that the cycle under way began at.</summary>
    public uint Now => Volatile.Read(ref _state->Now);

    /// <summary>The loudest sample heard since it was last asked.</summary>
    public float Peak
    {
        get
        {
            float peak = _state->Peak;
            _state->Peak = 0;
            return peak;
        }
    }

    public IReadOnlyList<FramedMessage> Recorded => new ReadOnlySpan<FramedMessage>(_state->Recorded, Volatile.Read(ref _state->RecordedCount)).ToArray();

    /// <summary>What was played, at the frames that it really went out at: later than asked for where the server was.</summary>
    public IReadOnlyList<FramedMessage> Sent =>
        [.. Enumerable.Range(0, Volatile.Read(ref _state->PlayedNext)).Select(i => _state->Played[i] with { Frame = _state->Sent[i] })];

    public bool PortExists(string port) => LibJack.PortByName(_state->Client, port) != 0;

    public void ConnectTo(string input) => Connect($"{_name}:play", input);

    public void RecordFrom(string output) => Connect(output, $"{_name}:record");

    public void ListenTo(string output) => Connect(output, $"{_name}:listen");

    /// <summary>Plays messages whose frames count from the returned one, which is a little ahead.</summary>
    public uint Play(IEnumerable<FramedMessage> messages)
    {
        uint start = Now + 9600;
        foreach (FramedMessage message in messages)
        {
            _state->Played[_state->PlayedCount] = message with { Frame = message.Frame + start };
            Volatile.Write(ref _state->PlayedCount, _state->PlayedCount + 1);
        }

        return start;
    }

    public void Dispose() => _ = LibJack.Close(_state->Client); // the buffers stay: a late callback must find them

    private void Connect(string from, string to)
    {
        const int AlreadyConnected = 17; // EEXIST
        int result = LibJack.Connect(_state->Client, from, to);
        Assert.True(result is 0 or AlreadyConnected, $"jack_connect({from}, {to}) returned {result}.");
    }

    [UnmanagedCallersOnly]
    private static int Process(uint frames, void* argument)
    {
        var state = (State*)argument;
        uint start = LibJack.LastFrameTime(state->Client);
        Volatile.Write(ref state->Now, start);

        void* output = LibJack.Buffer(state->Out, frames);
        LibJack.Clear(output);
        byte* bytes = stackalloc byte[3];
        int count = Volatile.Read(ref state->PlayedCount);
        while (state->PlayedNext < count && (int)(state->Played[state->PlayedNext].Frame - start) < (int)frames)
        {
            FramedMessage next = state->Played[state->PlayedNext];
            uint offset = (uint)Math.Max(0, (int)(next.Frame - start));
            state->Sent[state->PlayedNext] = start + offset;
            Volatile.Write(ref state->PlayedNext, state->PlayedNext + 1);
            (bytes[0], bytes[1], bytes[2]) = (next.Message.Status, next.Message.Data1, next.Message.Data2);
            _ = LibJack.EventWrite(output, offset, bytes, (nuint)next.Message.Length);
        }

        void* input = LibJack.Buffer(state->In, frames);
        uint events = LibJack.EventCount(input);
        for (uint i = 0; i < events && state->RecordedCount < Capacity; i++)
        {
            LibJack.MidiEvent heard;
            if (LibJack.EventGet(&heard, input, i) == 0)
            {
                var message = new MidiMessage(heard.Data[0], heard.Size > 1 ? heard.Data[1] : (byte)0, heard.Size > 2 ? heard.Data[2] : (byte)0);
                state->Recorded[state->RecordedCount] = new FramedMessage(start + heard.Time, message);
                Volatile.Write(ref state->RecordedCount, state->RecordedCount + 1);
            }
        }

        var audio = (float*)LibJack.Buffer(state->Audio, frames);
        for (uint i = 0; i < frames; i++)
        {
            state->Peak = Math.Max(state->Peak, Math.Abs(audio[i]));
        }

        return 0;
    }

    private struct State
    {
        public nint Client;
        public nint Out;
        public nint In;
        public nint Audio;
        public FramedMessage* Played;
        public uint* Sent;
        public FramedMessage* Recorded;
        public int PlayedCount;
        public int PlayedNext;
        public int RecordedCount;
        public uint Now;
        public float Peak;
    }
}
