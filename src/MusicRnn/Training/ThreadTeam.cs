namespace MusicRnn.Training;

/// <summary>
/// A few threads that share out numbered pieces of work. Which thread takes a piece is left to chance, so that a thread
/// that loses its core does not hold the others up; no piece's result may depend on it.
/// </summary>
public sealed class ThreadTeam : IDisposable
{
    // Long enough to span the gap between two pieces of work, short enough not to burn a core that another program wants.
    private const int SpinsBeforeParking = 200;

    private readonly Thread[] _threads;
    private readonly object _gate = new();
    private Action<int, int>? _work;
    private int _pieces;
    private int _next;
    private int _finished;
    private volatile int _round;
    private volatile bool _stopping;
    private volatile Exception? _failure;

    /// <summary>Starts a team.</summary>
    /// <param name="size">The number of threads, the caller's included; at least 1.</param>
    public ThreadTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        _threads = new Thread[size - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int member = i + 1;
            _threads[i] = new Thread(() => Serve(member)) { IsBackground = true, Name = $"training {member}" };
            _threads[i].Start();
        }
    }

    /// <summary>The number of threads, the caller's included.</summary>
    public int Size { get; }

    /// <summary>Does every piece of work and returns when all are done. The work gets the piece's number and the thread's.</summary>
    public void Run(int pieces, Action<int, int> work)
    {
        if (Size == 1 || pieces == 1)
        {
            for (int piece = 0; piece < pieces; piece++)
            {
                work(piece, 0);
            }

            return;
        }

        _work = work;
        _pieces = pieces;
        _failure = null;
        Volatile.Write(ref _finished, 0);
        Volatile.Write(ref _next, 0);
        lock (_gate)
        {
            _round++;
            Monitor.PulseAll(_gate);
        }

        TakePieces(0);
        int spins = 0;
        while (Volatile.Read(ref _finished) < Size - 1)
        {
            if (++spins < SpinsBeforeParking)
            {
                Thread.SpinWait(8);
                continue;
            }

            lock (_gate)
            {
                while (Volatile.Read(ref _finished) < Size - 1)
                {
                    Monitor.Wait(_gate);
                }
            }
        }

        if (_failure is { } failure)
        {
            throw new InvalidOperationException("A piece of parallel work failed: " + failure.Message, failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void TakePieces(int member)
    {
        try
        {
            for (int piece = Interlocked.Increment(ref _next) - 1; piece < _pieces; piece = Interlocked.Increment(ref _next) - 1)
            {
                _work!(piece, member);
            }
        }
        catch (Exception exception)
        {
            _failure = exception; // told to the caller of Run once every thread is done: a thread of the team has nobody above it
        }
    }

    private void Serve(int member)
    {
        int seen = 0;
        while (true)
        {
            int spins = 0;
            while (_round == seen && !_stopping)
            {
                if (++spins < SpinsBeforeParking)
                {
                    Thread.SpinWait(8);
                    continue;
                }

                lock (_gate)
                {
                    while (_round == seen && !_stopping)
                    {
                        Monitor.Wait(_gate);
                    }
                }
            }

            if (_stopping)
            {
                return;
            }

            seen = _round;
            TakePieces(member);
            if (Interlocked.Increment(ref _finished) == Size - 1)
            {
                lock (_gate)
                {
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }
}
