using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Host.Panel;

/// <summary>What a rig has for pages: a lane for the notes that they show and play on MIDI devices of their own, a lane for their sound, and a door for what they play.</summary>
internal sealed class PagePorts : IDisposable
{
    // A page's message has no stamp of its own. It is given one a little ahead, so that the improviser need not wait for it.
    private const long Ahead = 2_000_000;

    private readonly NoteLedger _noteLedger = new();
    private readonly NoteLedger _soundLedger = new();
    private readonly Lock _playing = new();
    private readonly IClock _clock;
    private PlayerInput? _door;
    private long _last = long.MinValue;
    private bool _closed;

    /// <summary>Makes the ports.</summary>
    /// <param name="clock">The rig's clock.</param>
    public PagePorts(IClock clock)
    {
        _clock = clock;
        Notes = new OutputLane(_noteLedger, returns: false);
        Sound = new OutputLane(_soundLedger, returns: false);
        Decisions = new DecisionFeed(clock);
    }

    /// <summary>What is played, by the player and the machine.</summary>
    public OutputLane Notes { get; }

    /// <summary>The same, to be heard.</summary>
    public OutputLane Sound { get; }

    /// <summary>What the improviser decides.</summary>
    public DecisionFeed Decisions { get; }

    /// <summary>The door that pages play through; there once the rig has hung it.</summary>
    public PlayerInput Door => _door!;

    /// <summary>Hangs the door.</summary>
    /// <param name="options">How it treats what comes in.</param>
    /// <param name="outputs">Where pages are heard.</param>
    public void Hang(PlayerInputOptions options, IReadOnlyList<OutputLane> outputs) => _door = new PlayerInput("the page", Open(options), outputs);

    /// <summary>Takes up how players are treated.</summary>
    public void Apply(PlayerInputOptions options) => Door.Options = Open(options);

    /// <summary>The rig's clock.</summary>
    public long Now => _clock.Now;

    /// <summary>Plays a message, now; nothing once the door is closed. Any thread but a real-time one.</summary>
    public void Play(MidiMessage message)
    {
        lock (_playing)
        {
            if (!_closed)
            {
                Door.Receive(Stamp(), message);
            }
        }
    }

    /// <summary>Turns a parameter, now; nothing once the door is closed. Any thread but a real-time one.</summary>
    /// <param name="parameter">Its index in the table.</param>
    /// <param name="normalised">0-1.</param>
    public void Turn(int parameter, double normalised)
    {
        lock (_playing)
        {
            if (!_closed)
            {
                Door.Turn(Stamp(), parameter, normalised);
            }
        }
    }

    /// <summary>Closes the door: before the outputs are silenced, or what is played after that would hang. Whoever empties the lanes has stopped.</summary>
    public void Dispose()
    {
        lock (_playing)
        {
            _closed = true;
        }

        _noteLedger.Dispose();
        _soundLedger.Dispose();
    }

    private long Stamp() => _last = Math.Max(_last, _clock.Now + Ahead);

    /// <summary>A page plays on whatever channel it likes, and nothing that was sent comes back through it: it sees to that itself.</summary>
    private static PlayerInputOptions Open(PlayerInputOptions options) => options with { Channel = null, EchoWindow = 0 };
}
