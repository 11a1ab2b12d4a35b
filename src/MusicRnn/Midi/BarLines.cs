namespace MusicRnn.Midi;

/// <summary>Where the bars of a MIDI file begin, by its time signatures and tempos.</summary>
public static class BarLines
{
    private const int Default = 500_000; // microseconds a quarter
    private const int MostBars = 100_000;

    /// <summary>The beginnings of the bars, in nanoseconds, rising; none where the file has no time signature.</summary>
    /// <param name="file">The file.</param>
    public static IReadOnlyList<long> Of(MidiFile file)
    {
        var bars = new List<long>();
        for (int i = 0; i < file.TimeSignatures.Count; i++)
        {
            TimeSignature signature = file.TimeSignatures[i];
            long end = i + 1 < file.TimeSignatures.Count ? file.TimeSignatures[i + 1].Time : file.Duration;
            double quarters = 4.0 * signature.Numerator / signature.Denominator;

            // A change of signature begins a bar, whatever the one before it lacks; sums of fractions may miss it by less than a nanosecond.
            for (double time = signature.Time; end - time >= 1 && bars.Count < MostBars; time = After(file.Tempos, time, quarters))
            {
                bars.Add((long)Math.Round(time));
            }
        }

        return bars;
    }

    /// <summary>The time so many quarters after another.</summary>
    private static double After(IReadOnlyList<TempoChange> tempos, double time, double quarters)
    {
        int next = 0;
        while (next < tempos.Count && tempos[next].Time <= time)
        {
            next++;
        }

        double quarter = Quarter(tempos, next);
        while (next < tempos.Count && time + (quarters * quarter) > tempos[next].Time)
        {
            quarters -= (tempos[next].Time - time) / quarter;
            time = tempos[next].Time;
            next++;
            quarter = Quarter(tempos, next);
        }

        return time + (quarters * quarter);
    }

    /// <summary>The length of a quarter before a change of tempo, in nanoseconds.</summary>
    private static double Quarter(IReadOnlyList<TempoChange> tempos, int next) => (next == 0 ? Default : tempos[next - 1].Quarter) * 1000.0;
}
