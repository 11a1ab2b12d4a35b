using MusicRnn.Performance;

namespace MusicRnn.Host.Services;

/// <summary>How long a session has rested since its last note.</summary>
internal sealed class SessionRest
{
    /// <summary>The rest that ends a session, in nanoseconds: ten minutes.</summary>
    public const long Longest = 600_000_000_000;

    private long _notes;
    private long _since;

    /// <summary>Looks at a session; true once something was played in it, and nothing for ten minutes.</summary>
    /// <param name="notes">How many notes the network was fed in it.</param>
    /// <param name="state">What the improviser does.</param>
    /// <param name="now">The stamp now.</param>
    public bool IsOver(long notes, ImproviserState state, long now)
    {
        if (notes != _notes || notes == 0 || state == ImproviserState.Answering)
        {
            _notes = notes;
            _since = now;
        }

        return now - _since >= Longest;
    }
}
