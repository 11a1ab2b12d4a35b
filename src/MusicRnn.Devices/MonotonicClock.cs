using System.Diagnostics;
using System.Runtime.InteropServices;
using MusicRnn.Performance;

namespace MusicRnn.Devices;

/// <summary>The machine's monotonic clock (CLOCK_MONOTONIC): nanoseconds since some moment before the start, never set, never back.</summary>
public sealed partial class MonotonicClock : IClock
{
    private const int Monotonic = 1; // CLOCK_MONOTONIC, time.h
    private const int AbsoluteTime = 1; // TIMER_ABSTIME, time.h
    private const int Interrupted = 4; // EINTR, errno.h
    private const long Second = 1_000_000_000;

    /// <summary>The clock: there is one.</summary>
    public static MonotonicClock Instance { get; } = new();

    /// <inheritdoc/>
    public long Now => Read();

    /// <inheritdoc/>
    public void SleepUntil(long stamp)
    {
        Span<long> time = [Math.DivRem(Math.Max(0, stamp), Second, out long rest), rest]; // struct timespec
        while (SleepOnClock(Monotonic, AbsoluteTime, ref time[0], 0) == Interrupted)
        {
        }
    }

    /// <summary>Nanoseconds of CLOCK_MONOTONIC: on Linux, .NET's stopwatch reads that clock and counts nanoseconds.</summary>
    internal static long Read() => Stopwatch.GetTimestamp();

    [LibraryImport("libc.so.6", EntryPoint = "clock_nanosleep")]
    private static partial int SleepOnClock(int clock, int flags, ref long request, nint remaining);
}
