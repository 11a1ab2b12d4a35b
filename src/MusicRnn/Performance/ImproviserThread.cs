namespace MusicRnn.Performance;

/// <summary>Plays an improviser in real time, on a thread of its own.</summary>
public sealed class ImproviserThread : IDisposable
{
    private const long Playing = 1_000_000; // how often it looks while anything happens
    private const long Resting = 20_000_000; // and while nothing does: what is played sounds without it, and no turn comes within 150 ms
    private const long RestAfter = 1_000_000_000;
    private readonly Improviser _improviser;
    private readonly ImproviserDriver _driver;
    private readonly IClock _clock;
    private readonly IOutputSink _outputs;
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private bool _stopping;
    private long _busy;

    /// <summary>Makes a thread that is not started yet.</summary>
    /// <param name="improviser">The improviser, started at a stamp that the clock has passed.</param>
    /// <param name="driver">Its driver.</param>
    /// <param name="clock">The clock of the performance's stamps.</param>
    /// <param name="outputs">Where the improviser's events go: told to release everything should it fail.</param>
    /// <param name="failed">Called once, on the thread, if it fails; it plays no more then.</param>
    public ImproviserThread(Improviser improviser, ImproviserDriver driver, IClock clock, IOutputSink outputs, Action<Exception> failed)
    {
        _improviser = improviser;
        _driver = driver;
        _clock = clock;
        _outputs = outputs;
        _failed = failed;
        _thread = new Thread(Run) { Name = "Improviser", IsBackground = true, Priority = ThreadPriority.AboveNormal };
    }

    /// <summary>Nanoseconds of the clock that it has worked on notes. Any thread may ask.</summary>
    public long Busy => Volatile.Read(ref _busy);

    /// <summary>Begins to play.</summary>
    public void Start() => _thread.Start();

    /// <summary>Ends what plays, releases what sounds, and waits for the thread.</summary>
    public void Stop()
    {
        Volatile.Write(ref _stopping, true);
        if (_thread.IsAlive && _thread != Thread.CurrentThread)
        {
            _thread.Join();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Stop();

    private void Run()
    {
        try
        {
            long received = 0, rest = _clock.Now + RestAfter;
            while (!Volatile.Read(ref _stopping))
            {
                long now = _clock.Now;
                long fed = _improviser.NotesFed;
                _driver.Run(now);
                if (_improviser.NotesFed != fed)
                {
                    Volatile.Write(ref _busy, _busy + _clock.Now - now);
                }

                if (_improviser.NextWake != long.MaxValue || _driver.Received != received)
                {
                    received = _driver.Received;
                    rest = now + RestAfter;
                }

                _clock.SleepUntil(now + (now < rest ? Playing : Resting));
            }

            _driver.Stop(_clock.Now);
        }
        catch (Exception exception) // whatever it is, nothing may be left sounding
        {
            _outputs.Emit(new OutputEvent(_clock.Now, OutputKind.Release, default));
            _failed(exception);
        }
    }
}
