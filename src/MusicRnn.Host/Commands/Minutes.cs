using System.Globalization;

namespace MusicRnn.Host.Commands;

/// <summary>Times of a take or a file as people write them: minutes and seconds, 1:07.5.</summary>
internal static class Minutes
{
    private const long Second = 1_000_000_000;
    private const double MostMinutes = 10_080; // a week

    /// <summary>Writes a time, to the tenth of a second.</summary>
    /// <param name="time">Nanoseconds, 0 or more.</param>
    public static string Format(long time)
    {
        long tenths = (time + (Second / 20)) / (Second / 10);
        return string.Create(CultureInfo.InvariantCulture, $"{tenths / 600}:{tenths % 600 / 10:00}.{tenths % 10}");
    }

    /// <summary>Reads a time: M:SS, with as many decimals as wanted, or seconds alone.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="time">Nanoseconds.</param>
    public static bool TryParse(string written, out long time)
    {
        time = 0;
        string[] parts = written.Split(':');
        double minutes = 0;
        bool isTime = parts.Length <= 2
            && double.TryParse(parts[^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && (parts.Length == 1 || (double.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out minutes) && seconds < 60))
            && (minutes += seconds / 60) <= MostMinutes;
        time = isTime ? (long)Math.Round(minutes * 60 * Second) : 0;
        return isTime;
    }
}
