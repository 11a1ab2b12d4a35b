using MusicRnn.Performance;

namespace MusicRnn.Host.Panel;

/// <summary>What was played lately, by the player and the machine: for pages that come later, and for keeping it after the fact.</summary>
internal sealed class NoteHistory
{
    private const int Capacity = 1 << 15; // ten minutes of dense playing
    private readonly TimedMessage[] _messages = new TimedMessage[Capacity];
    private readonly Lock _lock = new();
    private long _count;

    /// <summary>Adds what sounds.</summary>
    public void Add(ReadOnlySpan<TimedMessage> messages)
    {
        lock (_lock)
        {
            foreach (TimedMessage message in messages)
            {
                _messages[_count++ % Capacity] = message;
            }
        }
    }

    /// <summary>What is known from a stamp on, in order of time.</summary>
    public List<TimedMessage> Since(long stamp)
    {
        lock (_lock)
        {
            var since = new List<TimedMessage>();
            for (long i = Math.Max(0, _count - Capacity); i < _count; i++)
            {
                if (_messages[i % Capacity].Stamp >= stamp)
                {
                    since.Add(_messages[i % Capacity]);
                }
            }

            return since;
        }
    }
}
