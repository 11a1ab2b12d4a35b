using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>
/// A stretch of notes from several pieces at once, as rows of tables and classes of heads. Note t of stream b stands at
/// t * streams + b; there is one note more than steps, for each note is predicted from the one before it.
/// </summary>
public sealed class NoteWindow
{
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
        PedalClass = new sbyte[notes];
        Start = new bool[notes];
        RowCount = new byte[notes];
        Rows = new ushort[notes * NoteContext.MostRows];
        Repeat = new Repeat[notes];
        Votes = new byte[notes * NoteContext.VoteCount];
        StepLevels = new byte[notes * Grid.Bins];
        DurationLevels = new byte[notes * Grid.Bins];
        Neighbours = new Neighbours[notes];
        Recent = new byte[notes * NoteEncoding.Recent];
        Onset = new int[notes];
        Release = new int[notes];
    }

    /// <summary>LSTM steps in the window.</summary>
    public int Steps { get; }

    /// <summary>Streams side by side: the batch.</summary>
    public int Streams { get; }

    /// <summary>Bin of the step before each note, or <see cref="Grid.Bins"/> for a start.</summary>
    public byte[] Step { get; }

    /// <summary>Pitch index, 0-87.</summary>
    public byte[] Pitch { get; }

    /// <summary>Velocity level, 0-31.</summary>
    public byte[] Velocity { get; }

    /// <summary>Bin of the key duration.</summary>
    public byte[] Duration { get; }

    /// <summary>What the pedal did in the step before each note; -1 where there was no time to do anything.</summary>
    public sbyte[] PedalClass { get; }

    /// <summary>Whether the note is the first of a piece: nothing is remembered before it, and it is not predicted.</summary>
    public bool[] Start { get; }

    /// <summary>The number of rows that the LSTM reads of each note.</summary>
    public byte[] RowCount { get; }

    /// <summary>Those rows, among all of <see cref="InputTable"/>, [notes, <see cref="NoteContext.MostRows"/>].</summary>
    public ushort[] Rows { get; }

    /// <summary>What was repeated before each note.</summary>
    public Repeat[] Repeat { get; }

    /// <summary>What the past said of each pitch, before each note, [notes, <see cref="NoteContext.VoteCount"/>].</summary>
    public byte[] Votes { get; }

    /// <summary>How often each step had come of late, before each note, [notes, <see cref="Grid.Bins"/>].</summary>
    public byte[] StepLevels { get; }

    /// <summary>How often each duration had come of late, before each note, [notes, <see cref="Grid.Bins"/>].</summary>
    public byte[] DurationLevels { get; }

    /// <summary>What was known of notes like each note.</summary>
    public Neighbours[] Neighbours { get; }

    /// <summary>Pitch indices of this note and the seven before it, newest first, [notes, 8].</summary>
    public byte[] Recent { get; }

    /// <summary>Frame of each note's onset, counted from the beginning of its piece.</summary>
    public int[] Onset { get; }

    /// <summary>Frame in which its key comes up.</summary>
    public int[] Release { get; }

    /// <summary>How often each step had come of late, before a note, [<see cref="Grid.Bins"/>].</summary>
    public Span<byte> StepLevelsOf(int note) => StepLevels.AsSpan(note * Grid.Bins, Grid.Bins);

    /// <summary>How often each duration had come of late, before a note, [<see cref="Grid.Bins"/>].</summary>
    public Span<byte> DurationLevelsOf(int note) => DurationLevels.AsSpan(note * Grid.Bins, Grid.Bins);

    /// <summary>What the past said of each pitch before a note, [<see cref="NoteContext.VoteCount"/>].</summary>
    public Span<byte> VotesOf(int note) => Votes.AsSpan(note * NoteContext.VoteCount, NoteContext.VoteCount);
}
