namespace MusicRnn.Notes;

/// <summary>
/// A phrase to play to the instrument when nobody is at a keyboard: the opening of Beethoven's bagatelle in A minor, WoO 59
/// ("Für Elise", 1810), to its first full close, with a player's timing, dynamics and pedal.
/// </summary>
public static class SeedPhrase
{
    /// <summary>What the phrase is.</summary>
    public const string Title = "Beethoven, Für Elise, WoO 59, bars 1-8";

    private const long Millisecond = 1_000_000;

    /// <summary>How long each sixteenth takes, in milliseconds: a row a bar, six to a bar (3/8), after an upbeat of two.</summary>
    private static readonly short[] Sixteenths =
    [
        268, 240,
        224, 214, 209, 207, 209, 214,
        219, 211, 209, 207, 209, 213,
        215, 208, 205, 205, 208, 214,
        218, 212, 213, 224, 241, 229,
        221, 213, 208, 206, 207, 213,
        216, 209, 207, 206, 208, 213,
        216, 214, 221, 238, 262, 301,
        306, 292, 318, 420, 420, 420,
    ];

    /// <summary>The notes, as (sixteenth, length in sixteenths, pitch, velocity, milliseconds after the beat).</summary>
    private static readonly (byte At, float Length, byte Pitch, byte Velocity, sbyte Late)[] Score =
    [
        (0, 1.05f, 76, 52, 0), (1, 1.00f, 75, 44, 0),
        (2, 1.08f, 76, 54, 2), (3, 1.02f, 75, 47, -3), (4, 1.06f, 76, 53, 1), (5, 0.98f, 71, 46, 4), (6, 1.04f, 74, 50, -2), (7, 1.02f, 72, 47, 3),
        (8, 2.10f, 69, 55, 4), (8, 1.10f, 45, 41, -7), (9, 1.05f, 52, 35, 2), (10, 1.10f, 57, 37, -1),
        (11, 1.02f, 60, 43, 3), (12, 1.04f, 64, 47, -2), (13, 1.06f, 69, 52, 0),
        (14, 2.10f, 71, 57, 5), (14, 1.10f, 40, 43, -8), (15, 1.04f, 52, 36, 1), (16, 1.10f, 56, 39, 2),
        (17, 1.02f, 64, 46, 0), (18, 1.04f, 68, 51, -3), (19, 1.06f, 71, 55, 2),
        (20, 2.05f, 72, 60, 3), (20, 1.10f, 45, 42, -6), (21, 1.05f, 52, 37, 3), (22, 1.08f, 57, 38, 0),
        (23, 1.02f, 64, 45, 4), (24, 1.06f, 76, 56, 2), (25, 1.00f, 75, 48, -1),
        (26, 1.08f, 76, 55, 3), (27, 1.02f, 75, 46, -2), (28, 1.05f, 76, 52, 0), (29, 0.98f, 71, 45, 3), (30, 1.04f, 74, 49, -3), (31, 1.02f, 72, 46, 2),
        (32, 2.10f, 69, 53, 4), (32, 1.10f, 45, 40, -7), (33, 1.05f, 52, 34, 1), (34, 1.10f, 57, 36, 2),
        (35, 1.02f, 60, 42, -1), (36, 1.04f, 64, 46, 3), (37, 1.06f, 69, 51, 0),
        (38, 2.10f, 71, 56, 4), (38, 1.10f, 40, 41, -9), (39, 1.04f, 52, 35, 2), (40, 1.10f, 56, 38, 0),
        (41, 1.02f, 64, 43, 2), (42, 1.04f, 72, 51, -2), (43, 1.10f, 71, 45, 3),
        (44, 4.20f, 69, 48, 6), (44, 1.20f, 45, 38, -9), (45, 1.20f, 52, 32, 4), (46, 2.40f, 57, 34, 8),
    ];

    /// <summary>Where the pedal goes down and up, as (sixteenth, milliseconds after it): just after each bass note, and up for the run.</summary>
    private static readonly (byte Down, short DownLate, byte Up, short UpLate)[] Pedalling =
    [
        (8, 62, 14, 21), (14, 104, 20, 18), (20, 97, 24, -34),
        (32, 66, 38, 24), (38, 101, 44, 27), (44, 113, 48, 145),
    ];

    /// <summary>The phrase: 53 notes in some eleven seconds, the first at 0.</summary>
    public static Piece Piece { get; } = Make();

    private static Piece Make()
    {
        var starts = new int[Sixteenths.Length + 1]; // [sixteenth], milliseconds
        for (int i = 0; i < Sixteenths.Length; i++)
        {
            starts[i + 1] = starts[i] + Sixteenths[i];
        }

        var notes = new List<Note>();
        foreach ((byte at, float length, byte pitch, byte velocity, sbyte late) in Score)
        {
            int last = at + (int)length;
            double release = starts[last] + ((length - (int)length) * Sixteenths[last]);
            long onset = starts[at] + late;
            notes.Add(new Note(onset * Millisecond, ((long)release - onset) * Millisecond, pitch, velocity));
        }

        notes.Sort(static (a, b) => (a.Onset, a.Pitch).CompareTo((b.Onset, b.Pitch)));
        var pedal = new List<PedalChange>();
        foreach ((byte down, short downLate, byte up, short upLate) in Pedalling)
        {
            pedal.Add(new PedalChange((starts[down] + downLate) * Millisecond, true));
            pedal.Add(new PedalChange((starts[up] + upLate) * Millisecond, false));
        }

        return new Piece(notes, pedal);
    }
}
