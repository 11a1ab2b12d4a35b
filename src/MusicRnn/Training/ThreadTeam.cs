using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>
/// A few threads that share out numbered pieces of work. Which thread takes a piece is left to chance, so that a thread
/// that loses its core does not hold the others up; no piece's result may depend on it.
/// </summary>
public sealed class ThreadTeam : IDisposable
{
    // Long enough to span the gap between two pieces of work, short enough not to burn a core that another program wants.
    private const int SpinsBeforeParking = 200;

    private const int Abreast = -1; // no pieces: every thread does the work once

    private readonly Thread[] _threads;
    private readonly object _gate = new();
    private Action<int, int>? _work;
    private int _pieces;
    private int _next;
    private int _finished;
    private int _arrived;
    private volatile int _meeting;
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
        _work = work;
        _pieces = pieces;
        _failure = null;
        Volatile.Write(ref _finished, 0);
        Volatile.Write(ref _next, 0);
        bool together = Size > 1 && pieces != 1;
        if (together)
        {
            lock (_gate)
            {
                _round++;
                Monitor.PulseAll(_gate);
            }
        }

        TakePieces(0);
        int spins = 0;
        while (together && Volatile.Read(ref _finished) < Size - 1)
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

    /// <summary>Does something on every thread at once, and returns when all are done. The work gets the thread's number.</summary>
    public void RunAbreast(Action<int> work)
    {
        _arrived = 0;
        Run(Abreast, (_, member) => work(member));
    }

    /// <summary>Within <see cref="RunAbreast"/>: waits until every thread has come as far.</summary>
    /// <exception cref="InvalidOperationException">Another thread has failed and will not come.</exception>
    public void Meet() => Await(Arrive());

    /// <summary>Within <see cref="RunAbreast"/>: says that this thread has come as far. What it does until <see cref="Await"/> costs the others no time.</summary>
    /// <returns>The meeting to wait for; each thread waits for one before it arrives at the next.</returns>
    public int Arrive()
    {
        int meeting = _meeting;
        if (Interlocked.Increment(ref _arrived) == Size)
        {
            _arrived = 0;
            _meeting = meeting + 1;
        }

        return meeting;
    }

    /// <summary>Within <see cref="RunAbreast"/>: waits until every thread has arrived.</summary>
    /// <param name="meeting">What <see cref="Arrive"/> returned.</param>
    /// <exception cref="InvalidOperationException">Another thread has failed and will not come.</exception>
    public void Await(int meeting)
    {
        // The others are as good as there; but where another program has their core, it is not to be kept from it.
        for (SpinWait wait = default; _meeting == meeting; wait.SpinOnce(sleep1Threshold: -1))
        {
            if (_failure is not null)
            {
                throw new InvalidOperationException("Another thread of the team failed.");
            }
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
        bool flushed = Subnormals.AreFlushed; // the first of the team is somebody else's thread
        Subnormals.AreFlushed = true;
        try
        {
            if (_pieces == Abreast)
            {
                _work!(member, member);
                return;
            }

            for (int piece = Interlocked.Increment(ref _next) - 1; piece < _pieces; piece = Interlocked.Increment(ref _next) - 1)
            {
                _work!(piece, member);
            }
        }
        catch (Exception exception)
        {
            // Told to the caller once every thread is done: a thread of the team has nobody above it. The first is the cause of the others.
            Interlocked.CompareExchange(ref _failure, exception, null);
        }
        finally
        {
            Subnormals.AreFlushed = flushed;
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
