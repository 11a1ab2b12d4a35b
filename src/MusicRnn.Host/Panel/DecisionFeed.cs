using MusicRnn.Performance;

namespace MusicRnn.Host.Panel;

/// <summary>What the improviser decides, on its way to pages: shown before it sounds, and how long before.</summary>
/// <param name="clock">The clock of the stamps.</param>
internal sealed class DecisionFeed(IClock clock) : IOutputSink
{
    private readonly Ring<Decision> _ring = new(2048);
    private bool _watched;

    /// <summary>Whether anybody watches; nothing is kept where nobody does. Any thread.</summary>
    public bool IsWatched
    {
        get => Volatile.Read(ref _watched);
        set => Volatile.Write(ref _watched, value);
    }

    /// <inheritdoc/>
    public void Emit(in OutputEvent output)
    {
        if (IsWatched)
        {
            _ring.TryWrite(new Decision(output, clock.Now)); // one that finds no room is not shown
        }
    }

    /// <summary>Takes the next. [page-thread] allocates nothing, waits for nothing.</summary>
    public bool TryRead(out Decision decision) => _ring.TryRead(out decision);
}
