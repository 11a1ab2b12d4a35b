using System.Runtime.InteropServices;

namespace MusicRnn.Devices.Alsa;

/// <summary>A length of time (<c>struct timespec</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct TimeSpecification(long nanoseconds)
{
    private readonly nint _seconds = (nint)(nanoseconds / 1_000_000_000);
    private readonly nint _nanoseconds = (nint)(nanoseconds % 1_000_000_000);
}
