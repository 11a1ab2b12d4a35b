namespace MusicRnn.Host.Panel;

/// <summary>
/// What waits to be sent to one page: whole records in a buffer of fixed size, while the buffer before it is being sent. Whoever
/// writes never waits and allocates nothing; a page that does not keep up overflows it, and is to be dropped.
/// </summary>
internal sealed class SendQueue : IDisposable
{
    /// <summary>About a second of sound, and as much on its way.</summary>
    public const int Capacity = 192 * 1024;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _filled = new(0);
    private byte[] _filling = new byte[Capacity];
    private byte[] _sending = new byte[Capacity];
    private int _length;
    private readonly TaskCompletionSource _overflow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _signalled;
    private bool _disposed;

    /// <summary>Ends when something found no room.</summary>
    public Task Overflow => _overflow.Task;

    /// <summary>Adds a record.</summary>
    /// <returns>False when there is no room: the page is too slow.</returns>
    public bool TryWrite(ReadOnlySpan<byte> record)
    {
        lock (_lock)
        {
            if (_length + record.Length > Capacity)
            {
                _overflow.TrySetResult();
                return false;
            }

            record.CopyTo(_filling.AsSpan(_length));
            _length += record.Length;
            return true;
        }
    }

    /// <summary>Lets what was added be sent. The page thread may still hold a page that has gone: nothing happens then.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_length == 0 || _signalled || _disposed)
            {
                return;
            }

            _signalled = true;
            _filled.Release();
        }
    }

    /// <summary>Waits for records, and takes all there are; they stay until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> TakeAsync(CancellationToken stop)
    {
        await _filled.WaitAsync(stop);
        lock (_lock)
        {
            _signalled = false;
            (_filling, _sending) = (_sending, _filling);
            int length = _length;
            _length = 0;
            return _sending.AsMemory(0, length);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _filled.Dispose();
        }
    }
}
