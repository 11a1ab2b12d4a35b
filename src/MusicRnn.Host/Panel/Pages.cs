using System.Collections.Concurrent;

namespace MusicRnn.Host.Panel;

/// <summary>Every page that is open, and where the instrument and the pages meet: what plays, what pages ask for.</summary>
internal sealed class Pages
{
    /// <summary>How many lines can be open at a time: a page has one, and one more while it sounds.</summary>
    public const int Most = 32;

    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<string> _continue = new();
    private PageClient[] _clients = [];
    private Stage? _stage;
    private PagePorts? _ports;
    private int _learning = -1;
    private long _dropped;

    /// <summary>What plays; null while one session follows another, and while devices are opened.</summary>
    public Stage? Stage
    {
        get => Volatile.Read(ref _stage);
        set => Volatile.Write(ref _stage, value);
    }

    /// <summary>What pages play to: it outlives sessions, so that no end of a note falls between two of them. Null while devices are opened.</summary>
    public PagePorts? Ports
    {
        get => Volatile.Read(ref _ports);
        set => Volatile.Write(ref _ports, value);
    }

    /// <summary>How it fares.</summary>
    public Vitals Vitals { get; } = new();

    /// <summary>What was played lately.</summary>
    public NoteHistory History { get; } = new();

    /// <summary>The open pages.</summary>
    public IReadOnlyList<PageClient> Clients => Volatile.Read(ref _clients);

    /// <summary>The parameter that learns the next controller that moves; -1 for none.</summary>
    public int Learning
    {
        get => Volatile.Read(ref _learning);
        set => Volatile.Write(ref _learning, value);
    }

    /// <summary>How many pages were dropped.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Adds a page.</summary>
    /// <returns>False when there are too many already.</returns>
    public bool TryAdd(PageClient client)
    {
        lock (_lock)
        {
            if (_clients.Length == Most)
            {
                return false;
            }

            Volatile.Write(ref _clients, [.. _clients, client]);
            return true;
        }
    }

    /// <summary>Takes a page out.</summary>
    public void Remove(PageClient client)
    {
        if (client.Dropped is not null)
        {
            Interlocked.Increment(ref _dropped);
        }

        lock (_lock)
        {
            Volatile.Write(ref _clients, [.. _clients.Where(other => other != client)]);
        }
    }

    /// <summary>Whether any page wants something.</summary>
    public bool Want(PageWants wants)
    {
        foreach (PageClient client in Volatile.Read(ref _clients))
        {
            if ((client.Wants & wants) != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Sends a record to every page that wants it. Allocates nothing, waits for no page.</summary>
    public void Send(ReadOnlySpan<byte> record, PageWants wants = PageWants.Nothing)
    {
        foreach (PageClient client in Volatile.Read(ref _clients))
        {
            PageWants wanted = client.Wants;
            if (!client.IsNew && (wanted & wants) == wants && (wants == PageWants.Sound || (wanted & PageWants.SoundAlone) == 0))
            {
                client.Send(record);
            }
        }
    }

    /// <summary>Lets go what was sent.</summary>
    public void Flush()
    {
        foreach (PageClient client in Volatile.Read(ref _clients))
        {
            client.Flush();
        }
    }

    /// <summary>Asks the instrument to carry on from a take.</summary>
    public void AskToContinue(string file) => _continue.Enqueue(file);

    /// <summary>What was asked for, one at a time.</summary>
    public bool TryTakeRequest(out string file) => _continue.TryDequeue(out file!);
}
