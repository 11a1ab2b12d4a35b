namespace MusicRnn.Performance;

/// <summary>Whether a backend can be used.</summary>
/// <param name="IsAvailable">Whether it can.</param>
/// <param name="Reason">Why it can or cannot, as a sentence; names the call or the file that failed.</param>
/// <param name="Remedy">What to do to get it; empty when nothing is missing.</param>
public sealed record BackendAvailability(bool IsAvailable, string Reason, string Remedy)
{
    /// <summary>It can be used.</summary>
    public static BackendAvailability Yes(string reason) => new(true, reason, "");

    /// <summary>It cannot, and this is why and how to get it.</summary>
    public static BackendAvailability No(string reason, string remedy) => new(false, reason, remedy);
}
