using System.Diagnostics;

namespace MusicRnn.Host.Tests;

/// <summary>Waiting for another process, whose time is not the test's.</summary>
internal static class Waiting
{
    public static void Until(Func<bool> condition, string what, TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < limit, $"Waited {limit.TotalSeconds:0} s in vain for {what}.");
            Thread.Sleep(20);
        }
    }
}
