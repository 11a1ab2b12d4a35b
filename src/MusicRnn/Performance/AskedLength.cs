namespace MusicRnn.Performance;

/// <summary>How long an answer is asked to be: it closes at the next good place once either is reached, within a quarter more.</summary>
/// <param name="Notes">Notes; <see cref="int.MaxValue"/> for as many as come.</param>
/// <param name="Time">Nanoseconds from its first onset to that of the note that would come next; <see cref="NoTime"/> for any.</param>
public readonly record struct AskedLength(int Notes, long Time)
{
    /// <summary>Longer than anything is played.</summary>
    public const long NoTime = long.MaxValue / 2;

    /// <summary>Without end.</summary>
    public static AskedLength Endless => new(int.MaxValue, NoTime);

    /// <summary>So many notes, 1 or more.</summary>
    public static AskedLength OfNotes(int notes) => new(notes, NoTime);

    /// <summary>So many seconds, above 0.</summary>
    public static AskedLength OfSeconds(double seconds) => new(int.MaxValue, (long)(seconds * 1e9));
}
