namespace MusicRnn.Model;

/// <summary>How surprising a note was, in nats over 10 ms frames, head by head.</summary>
/// <param name="Step">Of its step.</param>
/// <param name="Pitch">Of its pitch, given the step.</param>
/// <param name="Velocity">Of its velocity level, given both.</param>
/// <param name="Duration">Of its duration, given all three.</param>
public readonly record struct NoteNats(double Step, double Pitch, double Velocity, double Duration)
{
    /// <summary>Of the whole note.</summary>
    public double Total => Step + Pitch + Velocity + Duration;
}
