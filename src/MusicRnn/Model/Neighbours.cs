namespace MusicRnn.Model;

/// <summary>
/// What is known of notes like one of a given pitch: the recent ones that lie nearest to it, most likely of the same voice,
/// and the one that stands in its place where the music was much the same. As rows of the tables by which they condition
/// how loud and how long it will be.
/// </summary>
/// <param name="VelocityBelow">The nearest note at or below: its distance and velocity.</param>
/// <param name="VelocityAbove">The nearest above.</param>
/// <param name="HeldBelow">The nearest at or below whose key is up: its distance and how long it was held.</param>
/// <param name="HeldAbove">The nearest above whose key is up.</param>
/// <param name="Sounding">The nearest whose key is down: its distance and how long it has been.</param>
/// <param name="VelocityRepeated">The note in its place: how well the places agree, and its velocity.</param>
/// <param name="HeldRepeated">The note in its place: how well the places agree, and how long it was held.</param>
public readonly record struct Neighbours(
    ushort VelocityBelow, ushort VelocityAbove, ushort HeldBelow, ushort HeldAbove, ushort Sounding, ushort VelocityRepeated, ushort HeldRepeated)
{
    /// <summary>Rows of the velocity's table: two sides and the repeat, each with a row for none.</summary>
    public const int VelocityRows = (2 * Distances * NoteEncoding.Velocities) + (Agreements * NoteEncoding.Velocities) + 3;

    /// <summary>Rows of the duration's table: up below, up above, down, and the repeat, each with a row for none.</summary>
    public const int DurationRows = (3 * Distances * Times) + (Agreements * Times) + 4;

    /// <summary>The farthest that a neighbour lies, in semitones.</summary>
    public const int Farthest = 24;

    private const int Distances = 6;
    private const int Agreements = 4;
    private const int Times = Grid.Bins / 2;

    /// <summary>There is no recent note near.</summary>
    public static Neighbours None { get; } = new(
        VelocityRows - 3, VelocityRows - 2, DurationRows - 4, DurationRows - 3, DurationRows - 2, VelocityRows - 1, DurationRows - 1);

    /// <summary>The row of a neighbour's velocity.</summary>
    /// <param name="side">0 at or below, 1 above.</param>
    /// <param name="distance">Semitones, 0-24.</param>
    /// <param name="level">Its velocity level.</param>
    public static ushort VelocityRow(int side, int distance, int level) => (ushort)((((side * Distances) + Group(distance)) * NoteEncoding.Velocities) + level);

    /// <summary>The row of a neighbour's duration.</summary>
    /// <param name="kind">0 up, at or below; 1 up, above; 2 down.</param>
    /// <param name="distance">Semitones, 0-24.</param>
    /// <param name="frames">How long it was or has been held.</param>
    public static ushort DurationRow(int kind, int distance, long frames) => (ushort)((((kind * Distances) + Group(distance)) * Times) + (Grid.BinOf(frames) / 2));

    /// <summary>The row of the velocity of the note in the same place.</summary>
    /// <param name="agreement">How well the places agree, 1-15.</param>
    /// <param name="level">Its velocity level.</param>
    public static ushort RepeatedVelocityRow(int agreement, int level) => (ushort)((((2 * Distances) + Trust(agreement)) * NoteEncoding.Velocities) + level);

    /// <summary>The row of the duration of the note in the same place.</summary>
    /// <param name="agreement">How well the places agree, 1-15.</param>
    /// <param name="frames">How long it was held.</param>
    public static ushort RepeatedDurationRow(int agreement, long frames) => (ushort)((((3 * Distances) + Trust(agreement)) * Times) + (Grid.BinOf(frames) / 2));

    private static int Trust(int agreement) => agreement < 3 ? 0 : agreement < 6 ? 1 : agreement < 11 ? 2 : 3;

    private static int Group(int distance) => distance switch { 0 => 0, <= 2 => 1, <= 4 => 2, <= 7 => 3, <= 12 => 4, _ => 5 };
}
