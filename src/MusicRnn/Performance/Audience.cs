namespace MusicRnn.Performance;

/// <summary>
/// Hears the machine as a receiver at the far end of a lane does: what was withdrawn in time is not heard, and what sounds at a
/// release is ended. For takes and for playing offline.
/// </summary>
public sealed class Audience : IOutputSink, IDisposable
{
    private const long Behind = 500_000_000; // nothing is emitted for a moment that lies so far before what is emitted already
    private readonly ImproviserSettings _settings;
    private readonly NoteLedger _ledger = new();
    private readonly OutputLane _lane;
    private readonly TimedMessage[] _due = new TimedMessage[256];
    private readonly List<TimedMessage> _messages = [];
    private long _until = long.MinValue;

    /// <summary>Makes an audience that has heard nothing.</summary>
    /// <param name="settings">The improviser's, for its channel.</param>
    public Audience(ImproviserSettings settings)
    {
        _settings = settings;
        _lane = new OutputLane(_ledger, returns: false);
    }

    /// <summary>What was heard so far on the machine's channel, ordered by time; what is said to lights is not music.</summary>
    public IReadOnlyList<TimedMessage> Messages => _messages;

    /// <inheritdoc/>
    public void Emit(in OutputEvent output)
    {
        Hear(output.Kind switch
        {
            OutputKind.Withdraw => output.Stamp + 1,
            OutputKind.Release => output.Stamp,
            _ => output.Stamp - Behind,
        });
        _lane.Emit(output);
    }

    /// <summary>Hears everything that is due before a stamp.</summary>
    public void Hear(long until)
    {
        _until = Math.Max(_until, until);
        int count;
        do
        {
            count = _lane.Collect(_until, _due);
            foreach (TimedMessage due in _due.AsSpan(0, count))
            {
                if (due.Message.Channel == _settings.MachineChannel && !(_settings.StateController is int lights && due.Message.IsControl(lights)))
                {
                    _messages.Add(due);
                }
            }
        }
        while (count == _due.Length);
    }

    /// <inheritdoc/>
    public void Dispose() => _ledger.Dispose();
}
