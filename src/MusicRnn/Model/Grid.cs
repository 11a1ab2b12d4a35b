namespace MusicRnn.Model;

/// <summary>
/// Time as the network sees it: 10 ms frames, gathered into bins whose widths are whole multiples of a frame and grow
/// with time. Within a bin every frame is equally likely, so that a likelihood over frames follows from one over bins:
/// nats(frame) = nats(bin) + ln(width).
/// </summary>
public static class Grid
{
    /// <summary>Nanoseconds in a frame: 10 ms.</summary>
    public const long Frame = 10_000_000;

    /// <summary>The number of bins.</summary>
    public const int Bins = 80;

    private static readonly int[] Edges = MakeEdges(); // [Bins + 1], first frame of each bin; the last is the end of the last

    /// <summary>The frame that a time in nanoseconds falls nearest to. A microsecond is added first, so that a tie between two frames does not hang on a clock's last digit.</summary>
    public static long FrameOf(long nanoseconds) => (nanoseconds + (Frame / 2) + 1000) / Frame;

    /// <summary>The bin of a number of frames; times past the last bin fall into it.</summary>
    public static int BinOf(long frames)
    {
        int low = 0, high = Bins - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (Edges[middle] <= frames)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    /// <summary>The first frame of a bin; for <paramref name="bin"/> = <see cref="Bins"/>, the end of the last.</summary>
    public static int FirstFrame(int bin) => Edges[bin];

    /// <summary>The number of frames in a bin.</summary>
    public static int Width(int bin) => Edges[bin + 1] - Edges[bin];

    /// <summary>Frame by frame to 250 ms, where rhythm lives, then by about 8.5 %, to 20 s.</summary>
    private static int[] MakeEdges()
    {
        var edges = new int[Bins + 1];
        for (int bin = 1; bin <= Bins; bin++)
        {
            edges[bin] = bin <= 25 ? bin : edges[bin - 1] + Math.Max(1, (int)Math.Round(edges[bin - 1] * 0.0825));
        }

        return edges;
    }
}
