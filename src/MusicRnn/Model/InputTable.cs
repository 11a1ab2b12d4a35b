namespace MusicRnn.Model;

/// <summary>A table of the network's input. All are as wide as the embedding and stand one after another, so that a row has one number among all of them.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="First">The number of its first row.</param>
public sealed record InputTable(string Name, int Rows, int First)
{
    /// <summary>The step before the note.</summary>
    public static InputTable Step { get; } = new("embedding.step.weight", NoteEncoding.StepRows, 0);

    /// <summary>The note's pitch.</summary>
    public static InputTable Pitch { get; } = Step.Next("embedding.pitch.weight", NoteEncoding.Pitches);

    /// <summary>The note's velocity level.</summary>
    public static InputTable Velocity { get; } = Pitch.Next("embedding.velocity.weight", NoteEncoding.Velocities);

    /// <summary>The pedal, up or down.</summary>
    public static InputTable Pedal { get; } = Velocity.Next("embedding.pedal.weight", 2);

    /// <summary>The interval from the note before.</summary>
    public static InputTable Interval { get; } = Pedal.Next("embedding.interval.weight", NoteEncoding.IntervalRows);

    /// <summary>Each key that is down, by its age.</summary>
    public static InputTable Sounding { get; } = Interval.Next("embedding.sounding.weight", NoteEncoding.Ages * NoteEncoding.Pitches);

    /// <summary>Each key released since the note before, by how long it was held.</summary>
    public static InputTable Released { get; } = Sounding.Next("embedding.released.weight", NoteEncoding.Holds * NoteEncoding.Pitches);

    /// <summary>How long each released key was held, bin by bin.</summary>
    public static InputTable Held { get; } = Released.Next("embedding.held.weight", Grid.Bins);

    /// <summary>How long ago each released key was released.</summary>
    public static InputTable Ago { get; } = Held.Next("embedding.ago.weight", Grid.Bins);

    /// <summary>The pitch that a repeat expects next.</summary>
    public static InputTable RepeatedPitch { get; } = Ago.Next("embedding.repeated_pitch.weight", Repeat.PitchRows);

    /// <summary>The step that a repeat expects next.</summary>
    public static InputTable RepeatedStep { get; } = RepeatedPitch.Next("embedding.repeated_step.weight", Repeat.StepRows);

    /// <summary>Every table, in order.</summary>
    public static IReadOnlyList<InputTable> All { get; } = [Step, Pitch, Velocity, Pedal, Interval, Sounding, Released, Held, Ago, RepeatedPitch, RepeatedStep];

    /// <summary>The number of one of its rows among those of all tables.</summary>
    public ushort Row(int row) => (ushort)(First + row);

    private InputTable Next(string name, int rows) => new(name, rows, First + Rows);
}
