using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>
/// A stretch of notes from several pieces at once, as rows of tables and classes of heads. Note t of stream b stands at
/// t * streams + b; there is one note more than steps, for each note is predicted from the one before it.
/// </summary>
public sealed class NoteWindow
{
    /// <summary>The most keys that are told as sounding at one onset.</summary>
    public const int MostSounding = 24;

    /// <summary>What stands in <see cref="Recent"/> where there is no such note.</summary>
    public const byte NoNote = 255;

    /// <summary>Makes an empty window.</summary>
    public NoteWindow(int steps, int streams)
    {
        Steps = steps;
        Streams = streams;
        int notes = (steps + 1) * streams;
        Step = new byte[notes];
        Pitch = new byte[notes];
        Velocity = new byte[notes];
        Duration = new byte[notes];
        PedalDown = new byte[notes];
        PedalClass = new sbyte[notes];
        Interval = new byte[notes];
        Start = new bool[notes];
        SoundingCount = new byte[notes];
        Sounding = new ushort[notes * MostSounding];
        Recent = new byte[notes * NoteEncoding.Recent];
    }

    /// <summary>LSTM steps in the window.</summary>
    public int Steps { get; }

    /// <summary>Streams side by side: the batch.</summary>
    public int Streams { get; }

    /// <summary>Row of the step before each note; bins, or the row of a start.</summary>
    public byte[] Step { get; }

    /// <summary>Pitch index, 0-87.</summary>
    public byte[] Pitch { get; }

    /// <summary>Velocity level, 0-31.</summary>
    public byte[] Velocity { get; }

    /// <summary>Bin of the key duration.</summary>
    public byte[] Duration { get; }

    /// <summary>1 where the pedal is down at the onset.</summary>
    public byte[] PedalDown { get; }

    /// <summary>What the pedal did in the step before each note; -1 where there was no time to do anything.</summary>
    public sbyte[] PedalClass { get; }

    /// <summary>Row of the interval from the previous note.</summary>
    public byte[] Interval { get; }

    /// <summary>Whether the note is the first of a piece: nothing is remembered before it, and it is not predicted.</summary>
    public bool[] Start { get; }

    /// <summary>The number of keys sounding at the onset.</summary>
    public byte[] SoundingCount { get; }

    /// <summary>Rows of the sounding keys, [notes, 24].</summary>
    public ushort[] Sounding { get; }

    /// <summary>Pitch indices of this note and the seven before it, newest first, [notes, 8].</summary>
    public byte[] Recent { get; }
}
