namespace MusicRnn.Devices.Alsa;

/// <summary>Lets any thread wake the one that waits on a device (eventfd(2)).</summary>
internal sealed unsafe class WakeUp
{
    private const int NonBlockCloseOnExec = 0x800 | 0x80000; // EFD_NONBLOCK | EFD_CLOEXEC
    private readonly int _file;
    private int _signalled;
    private int _waiter;

    /// <summary>Makes it.</summary>
    /// <exception cref="IOException">The process has no file left.</exception>
    public WakeUp()
    {
        _file = LibC.eventfd(0, NonBlockCloseOnExec);
        if (_file < 0)
        {
            throw new IOException("eventfd: the process may open no more files (ulimit -n).");
        }
    }

    // Only when nobody can signal it any more: the file may be another's by the time that a late signal is written.
    ~WakeUp() => LibC.close(_file);

    /// <summary>Says which thread waits: it need not wake itself. On that thread.</summary>
    public void Claim() => Volatile.Write(ref _waiter, Environment.CurrentManagedThreadId);

    /// <summary>Wakes the waiting thread; the work was put where it looks before. Any thread; allocates nothing, locks nothing, waits for nothing.</summary>
    public void Signal()
    {
        if (Environment.CurrentManagedThreadId != Volatile.Read(ref _waiter) && Interlocked.Exchange(ref _signalled, 1) == 0)
        {
            ulong one = 1;
            LibC.write(_file, &one, sizeof(ulong));
        }
    }

    /// <summary>Ready for the next signal: what was put anywhere before is seen from now on. [device-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public void Reset()
    {
        // In this order: a signal that comes in between finds the flag up and leaves the writing to one whose work is seen from now
        // on; and what another thread was yet to write is read the next time.
        ulong count;
        LibC.read(_file, &count, sizeof(ulong));
        Interlocked.Exchange(ref _signalled, 0);
    }

    /// <summary>Waits for a signal, or for something to read on a file, or for the time to pass. [device-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <param name="file">The file, or -1 for none.</param>
    /// <param name="nanoseconds">How long at most; 0 does not wait.</param>
    public void Wait(int file, long nanoseconds)
    {
        PollDescriptor* descriptors = stackalloc PollDescriptor[2];
        descriptors[0] = new PollDescriptor { File = _file, Events = PollDescriptor.Readable };
        descriptors[1] = new PollDescriptor { File = file, Events = PollDescriptor.Readable };
        TimeSpecification timeout = new(Math.Max(0, nanoseconds));
        LibC.ppoll(descriptors, file < 0 ? 1u : 2u, &timeout, null);
    }
}
