namespace MusicRnn.Performance;

/// <summary>
/// Brings the player's inputs to the improviser in the order of their stamps, journals what goes in, and never goes further
/// than every input is known to be complete: so that what is played live is what is played offline. A thread calls it in real
/// time, or whoever moves a virtual clock.
/// </summary>
public sealed class ImproviserDriver
{
    private readonly Improviser _improviser;
    private readonly Journal? _journal;
    private readonly Ring<InputEvent> _posted = new(1024);
    private readonly Lock _posting = new();
    private PlayerInput[] _inputs;
    private KnobMap _knobs;
    private long _reached = long.MinValue;
    private long _latest = long.MinValue; // stamp that nothing may come before any more
    private long _late;
    private long _received;

    /// <summary>Makes a driver.</summary>
    /// <param name="improviser">The improviser, started.</param>
    /// <param name="inputs">The player's inputs, each read by nobody else.</param>
    /// <param name="knobs">The controllers that turn parameters.</param>
    /// <param name="journal">Where what goes in is written down; what goes out is by the improviser's sink. Null for nowhere.</param>
    public ImproviserDriver(Improviser improviser, IReadOnlyList<PlayerInput> inputs, KnobMap knobs, Journal? journal)
    {
        _improviser = improviser;
        _inputs = [.. inputs];
        _knobs = knobs;
        _journal = journal;
    }

    /// <summary>The player's inputs; may be exchanged while playing, from any thread.</summary>
    public IReadOnlyList<PlayerInput> Inputs
    {
        get => Volatile.Read(ref _inputs);
        set => Volatile.Write(ref _inputs, [.. value]);
    }

    /// <summary>The controllers that turn parameters; may be exchanged while playing, from any thread.</summary>
    public KnobMap Knobs
    {
        get => Volatile.Read(ref _knobs);
        set => Volatile.Write(ref _knobs, value);
    }

    /// <summary>The stamp that the improviser has come to. Any thread may ask.</summary>
    public long Reached => Volatile.Read(ref _reached);

    /// <summary>How many events came with a stamp that was passed already, against what their input had said. Any thread may ask.</summary>
    public long Late => Volatile.Read(ref _late);

    /// <summary>How many events were taken in. Any thread may ask.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Turns a parameter from outside: settings, presets, a page. Any thread; it is heard at the next run.</summary>
    /// <param name="parameter">Its index in the <see cref="ParameterTable"/>.</param>
    /// <param name="normalised">0-1.</param>
    /// <returns>False when more changes wait than there is room for: try again.</returns>
    public bool Set(int parameter, double normalised)
    {
        lock (_posting)
        {
            return _posted.TryWrite(InputEvent.Set(0, parameter, normalised));
        }
    }

    /// <summary>Takes in what has come and does what is due. [improviser-thread] allocates nothing, locks nothing, waits for nothing.</summary>
    /// <param name="now">The clock's reading.</param>
    public void Run(long now)
    {
        PlayerInput[] inputs = Volatile.Read(ref _inputs);
        KnobMap knobs = Volatile.Read(ref _knobs);
        long until = now;
        foreach (PlayerInput input in inputs)
        {
            until = Math.Min(until, input.CompleteUntil(now));
        }

        until = Math.Max(until, _reached);
        while (TryNext(inputs, until, out InputEvent next))
        {
            Receive(knobs.Translate(next));
        }

        // From outside nothing says when: it is when it is read, after everything that is known to come before.
        while (_posted.TryRead(out InputEvent posted))
        {
            Receive(posted with { Stamp = until });
        }

        _improviser.Advance(until);
        _journal?.Reach(until);
        Volatile.Write(ref _reached, until);
        _latest = until;
    }

    /// <summary>Ends: takes in what has come, and releases whatever sounds on the machine's channel. No run may follow.</summary>
    public void Stop(long now)
    {
        Run(now);
        _improviser.Stop(_reached);
    }

    private static bool TryNext(PlayerInput[] inputs, long until, out InputEvent next)
    {
        PlayerInput? earliest = null;
        next = default;
        foreach (PlayerInput input in inputs)
        {
            if (input.Events.TryPeek(out InputEvent candidate) && candidate.Stamp < until && (earliest is null || candidate.Stamp < next.Stamp))
            {
                earliest = input;
                next = candidate;
            }
        }

        return earliest is not null && earliest.Events.TryRead(out next);
    }

    private void Receive(InputEvent input)
    {
        if (input.Stamp < _latest)
        {
            input = input with { Stamp = _latest };
            Volatile.Write(ref _late, _late + 1);
        }

        _latest = input.Stamp;

        _journal?.Write(input);
        _improviser.Receive(input);
        Volatile.Write(ref _received, _received + 1);
    }
}
