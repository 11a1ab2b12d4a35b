namespace MusicRnn.Host.Panel;

/// <summary>How much a page may still send: a bucket that fills steadily. No hand and no keyboard comes near its edge; a script that floods the instrument does.</summary>
/// <param name="time">The wall clock.</param>
internal sealed class MessageBudget(TimeProvider time)
{
    private const double PerSecond = 2000; // MIDI's own wire carries half as many
    private const double Most = 4000;
    private double _left = Most;
    private long _at = time.GetTimestamp();

    /// <summary>Takes one.</summary>
    /// <returns>False when the page has sent too much.</returns>
    public bool TryTake()
    {
        long now = time.GetTimestamp();
        _left = Math.Min(Most, _left + (time.GetElapsedTime(_at, now).TotalSeconds * PerSecond));
        _at = now;
        if (_left < 1)
        {
            return false;
        }

        _left--;
        return true;
    }
}
