namespace MusicRnn.Synthesis;

/// <summary>The sixteen families of General MIDI, and how near one instrument is to another.</summary>
internal static class InstrumentFamily
{
    private const int Families = 16;

    // For each family, the others from the nearest on; what is not named is further still.
    private static readonly byte[][] Nearest =
    [
        [1, 3], // piano
        [0, 14, 3], // chromatic percussion
        [11, 9, 6], // organ
        [0, 5, 1], // guitar
        [3, 0], // bass
        [6, 11, 9], // strings
        [5, 11, 2], // ensemble
        [8, 9, 5], // brass
        [9, 7, 5], // reed
        [8, 5, 7], // pipe
        [8, 9, 11], // synthesiser lead
        [6, 5, 2], // synthesiser pad
        [11, 1, 6], // synthesiser effects
        [3, 0, 5], // ethnic
        [1, 0], // percussive
        [12, 11, 6], // sound effects
    ];

    /// <summary>How far program b is from program a: by family first, within one by number.</summary>
    public static double Distance(int a, int b)
    {
        int from = a / 8;
        int to = b / 8;
        int rank = from == to ? 0 : Array.IndexOf(Nearest[from], (byte)to) + 1;
        rank = from != to && rank == 0 ? Families : rank;
        return (rank * 256.0) + (IsStruck(a) == IsStruck(b) ? 0 : 128) + Math.Abs(a - b);
    }

    /// <summary>Whether it is filed among the strings but is not bowed: pizzicato, harp, timpani.</summary>
    private static bool IsStruck(int program) => program is >= 45 and <= 47;
}
