using System.Diagnostics;
using MusicRnn.Devices;

namespace MusicRnn.Tests.Devices;

/// <summary>Waiting for what another process does.</summary>
internal static class Wait
{
    private const int PatienceSeconds = 30;

    public static void Until(Func<bool> condition, string what)
    {
        Stopwatch since = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(since.Elapsed.TotalSeconds < PatienceSeconds, $"Waited in vain for {what}.");
            For(20);
        }
    }

    public static void For(int milliseconds) =>
        MonotonicClock.Instance.SleepUntil(MonotonicClock.Instance.Now + (milliseconds * 1_000_000L));
}
