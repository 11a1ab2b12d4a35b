namespace MusicRnn.Devices.Alsa;

/// <summary>Lets a device's thread run before everything that is not in real time, where the system permits it.</summary>
internal static unsafe class RealTimePriority
{
    private const int FirstInFirstOut = 1; // SCHED_FIFO
    private const int ResetOnFork = 0x40000000; // SCHED_RESET_ON_FORK

    /// <summary>Asks for it for the calling thread.</summary>
    /// <param name="priority">1-99, above ordinary threads all; sound servers use 60-88.</param>
    /// <returns>False when the system does not permit it (the <c>rtprio</c> limit); the thread then runs as it did.</returns>
    public static bool TryRaise(int priority) => LibC.sched_setscheduler(0, FirstInFirstOut | ResetOnFork, &priority) == 0;
}
