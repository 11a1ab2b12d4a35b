using System.Buffers.Binary;
using System.Net.WebSockets;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Host.Panel;

/// <summary>One page at the other end of a WebSocket: what it plays and turns comes in, what waits in its queue goes out. One that is too slow, or says too much or what nobody understands, is dropped.</summary>
internal sealed class PageClient : IDisposable
{
    private const int LongestMessage = 4096;
    private const byte FirstStatus = 0x80;
    private const byte FirstSystemStatus = 0xF0;
    private const int NothingToLearn = 0xFF;
    private readonly WebSocket _socket;
    private readonly Pages _pages;
    private readonly MessageBudget _budget;
    private readonly PageRecord _pong = new(2 * sizeof(double));
    private readonly SendQueue _queue = new();
    private readonly bool[] _held = new bool[16 * 128];
    private readonly bool[] _levers = new bool[16 * Lever.Count];
    private volatile PageWants _wants;

    /// <summary>Makes the near end of a connection.</summary>
    public PageClient(WebSocket socket, Pages pages, TimeProvider time)
    {
        _socket = socket;
        _pages = pages;
        _budget = new MessageBudget(time);
    }

    /// <summary>What it wants to be sent.</summary>
    public PageWants Wants => _wants;

    /// <summary>Whether it was told nothing yet of what plays. The page thread's own.</summary>
    public bool IsNew { get; set; } = true;

    /// <summary>Why it was dropped; null where it went by itself.</summary>
    public string? Dropped { get; private set; }

    /// <summary>Sends a record, later. Any thread; waits for nothing.</summary>
    public void Send(ReadOnlySpan<byte> record) => _queue.TryWrite(record);

    /// <summary>Lets what was sent go.</summary>
    public void Flush() => _queue.Flush();

    /// <summary>Serves it until it goes or is dropped. What it held or bent is released then.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task sending = SendAsync(ending.Token);
        Task receiving = ReceiveAsync(ending.Token);
        try
        {
            if (await Task.WhenAny(sending, receiving, _queue.Overflow) == _queue.Overflow)
            {
                Dropped = "it does not keep up";
            }
        }
        finally
        {
            await ending.CancelAsync();
            if (_socket.State is not (WebSocketState.CloseSent or WebSocketState.Closed))
            {
                _socket.Abort(); // it would wait for a page that reads no more
            }

            await Settle(sending);
            await Settle(receiving);
            Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();

    private static async Task Settle(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            // The other end went away, as it may at any time.
        }
    }

    private async Task SendAsync(CancellationToken stop)
    {
        while (true)
        {
            await _socket.SendAsync(await _queue.TakeAsync(stop), WebSocketMessageType.Binary, endOfMessage: true, stop);
        }
    }

    private async Task ReceiveAsync(CancellationToken stop)
    {
        byte[] buffer = new byte[LongestMessage];
        while (true)
        {
            ValueWebSocketReceiveResult result = await _socket.ReceiveAsync(buffer.AsMemory(), stop);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, stop);
                return;
            }

            if (!result.EndOfMessage || result.MessageType != WebSocketMessageType.Binary || !TryReceive(buffer.AsSpan(0, result.Count)))
            {
                Dropped ??= "it sent what is no message of this protocol";
                await _socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, $"The page was dropped: {Dropped}", stop);
                return;
            }
        }
    }

    /// <summary>Takes the records of a message.</summary>
    /// <returns>False where it is none, or the page has sent too much.</returns>
    private bool TryReceive(ReadOnlySpan<byte> message)
    {
        while (message.Length > 0)
        {
            if (message.Length < PageRecord.Head)
            {
                return false;
            }

            int length = BinaryPrimitives.ReadUInt16LittleEndian(message[2..]);
            if (message.Length < PageRecord.Head + length)
            {
                return false;
            }

            if (!_budget.TryTake())
            {
                Dropped = "it sends too much";
                return false;
            }

            if (!TryTake((RecordKind)message[0], message.Slice(PageRecord.Head, length)))
            {
                return false;
            }

            message = message[(PageRecord.Head + length)..];
        }

        return true;
    }

    private bool TryTake(RecordKind kind, ReadOnlySpan<byte> payload)
    {
        switch (kind)
        {
            case RecordKind.Ping when payload.Length == sizeof(double):
                if (_pages.Ports is { } ports) // there is no time while devices are opened
                {
                    Send(_pong.Begin(RecordKind.Pong).Double(BinaryPrimitives.ReadDoubleLittleEndian(payload)).Double(PageRecord.Seconds(ports.Now)).Bytes);
                    Flush();
                }

                return true;
            case RecordKind.Play when payload.Length == 3 && payload[0] is >= FirstStatus and < FirstSystemStatus && (payload[1] | payload[2]) < 0x80:
                Play(new MidiMessage(payload[0], payload[1], payload[2]));
                return true;
            case RecordKind.Set when payload.Length == 1 + sizeof(float):
                float value = BinaryPrimitives.ReadSingleLittleEndian(payload[1..]);
                if (!float.IsFinite(value))
                {
                    return false;
                }

                _pages.Ports?.Turn(payload[0], value);
                return true;
            case RecordKind.Want when payload.Length == 1:
                _wants = (PageWants)payload[0] & (PageWants.Sound | PageWants.Expectation | PageWants.SoundAlone);
                return true;
            case RecordKind.Learn when payload.Length == 1:
                _pages.Learning = payload[0] == NothingToLearn ? -1 : payload[0];
                return true;
            default:
                return false;
        }
    }

    private void Play(MidiMessage message)
    {
        int key = (message.Channel * 128) + message.Data1;
        if (message.IsNoteOn || message.IsNoteOff)
        {
            _held[key] = message.IsNoteOn;
        }
        else if (Lever.Of(message) is >= 0 and int lever)
        {
            _levers[(message.Channel * Lever.Count) + lever] = !Lever.IsAtRest(message);
        }

        _pages.Ports?.Play(message);
    }

    private void Release()
    {
        for (int key = 0; key < _held.Length; key++)
        {
            if (_held[key])
            {
                Play(MidiMessage.NoteOff(key / 128, key % 128));
            }
        }

        for (int lever = 0; lever < _levers.Length; lever++)
        {
            if (_levers[lever])
            {
                Play(Lever.Rest(lever / Lever.Count, lever % Lever.Count));
            }
        }
    }
}
