namespace MusicRnn.Midi;

/// <summary>A tempo of a MIDI file.</summary>
/// <param name="Time">From when, in nanoseconds from the start of the file.</param>
/// <param name="Quarter">The length of a quarter note, in microseconds, 1 to 16 777 215.</param>
public readonly record struct TempoChange(long Time, int Quarter)
{
    /// <summary>Quarter notes a minute.</summary>
    public double QuartersPerMinute => 60e6 / Quarter;
}
