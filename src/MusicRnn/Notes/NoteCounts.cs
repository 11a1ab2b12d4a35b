namespace MusicRnn.Notes;

/// <summary>How often which pitch, velocity, step and duration comes in pieces, and how long they last.</summary>
public sealed class NoteCounts
{
    private const int Linear = 8; // bins of 5 ms, to where the growing ones are as wide
    private const double Growth = 1.12;
    private const double LongestTime = 20; // seconds; what lasts longer counts as in the last bin
    private const double Second = 1e9;

    /// <summary>The edges of the bins of steps and durations, in seconds: 5 ms wide to 40 ms, then growing by an eighth, to 20 s.</summary>
    public static IReadOnlyList<double> TimeEdges { get; } = MakeEdges();

    /// <summary>Notes, by MIDI key number, [128].</summary>
    public double[] Pitches { get; } = new double[128];

    /// <summary>Notes, by velocity, [128].</summary>
    public double[] Velocities { get; } = new double[128];

    /// <summary>Notes that follow another, by the bin of the time since its onset.</summary>
    public double[] Steps { get; } = new double[TimeEdges.Count - 1];

    /// <summary>Notes, by the bin of their duration.</summary>
    public double[] Durations { get; } = new double[TimeEdges.Count - 1];

    /// <summary>The number of pieces.</summary>
    public int Pieces { get; private set; }

    /// <summary>The number of notes.</summary>
    public long Notes { get; private set; }

    /// <summary>How long the pieces last together, each from its first onset to its last release, in seconds.</summary>
    public double Seconds { get; private set; }

    /// <summary>How long the sustain pedal is down within that, in seconds.</summary>
    public double PedalSeconds { get; private set; }

    /// <summary>Counts the notes of a piece.</summary>
    public void Add(Piece piece)
    {
        if (piece.Notes.Count == 0)
        {
            return;
        }

        long first = piece.Notes[0].Onset, before = first, last = first;
        for (int i = 0; i < piece.Notes.Count; i++)
        {
            Note note = piece.Notes[i];
            Pitches[note.Pitch]++;
            Velocities[note.Velocity]++;
            Durations[BinOf(note.Duration / Second)]++;
            if (i > 0)
            {
                Steps[BinOf((note.Onset - before) / Second)]++;
            }

            before = note.Onset;
            last = Math.Max(last, note.Release);
        }

        Pieces++;
        Notes += piece.Notes.Count;
        Seconds += (last - first) / Second;
        for (int i = 0; i < piece.Pedal.Count; i++)
        {
            if (piece.Pedal[i].Down)
            {
                long up = i + 1 < piece.Pedal.Count ? piece.Pedal[i + 1].Time : last;
                PedalSeconds += Math.Max(0, Math.Clamp(up, first, last) - Math.Clamp(piece.Pedal[i].Time, first, last)) / Second;
            }
        }
    }

    /// <summary>Adds what others counted.</summary>
    public void Add(NoteCounts other)
    {
        Sum(Pitches, other.Pitches);
        Sum(Velocities, other.Velocities);
        Sum(Steps, other.Steps);
        Sum(Durations, other.Durations);
        Pieces += other.Pieces;
        Notes += other.Notes;
        Seconds += other.Seconds;
        PedalSeconds += other.PedalSeconds;
    }

    /// <summary>The share that two distributions have in common, 0-1: the sum of the lesser of each bin's two shares. 0 where one is empty.</summary>
    public static double Overlap(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        double firstSum = first.Sum(), secondSum = second.Sum();
        return firstSum > 0 && secondSum > 0 ? first.Zip(second, (a, b) => Math.Min(a / firstSum, b / secondSum)).Sum() : 0;
    }

    private static void Sum(double[] target, double[] other)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += other[i];
        }
    }

    private static int BinOf(double seconds)
    {
        int low = 0, high = TimeEdges.Count - 2;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = TimeEdges[middle] <= seconds ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    private static double[] MakeEdges()
    {
        var edges = new List<double>();
        for (int i = 0; i <= Linear; i++)
        {
            edges.Add(i * 0.005);
        }

        while (edges[^1] < LongestTime)
        {
            edges.Add(Math.Round(edges[^1] * Growth, 3));
        }

        return [.. edges];
    }
}
