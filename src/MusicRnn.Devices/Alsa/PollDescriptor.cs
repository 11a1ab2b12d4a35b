using System.Runtime.InteropServices;

namespace MusicRnn.Devices.Alsa;

/// <summary>What to wait for on a file (<c>struct pollfd</c>, poll(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    /// <summary>There is something to read.</summary>
    public const short Readable = 1;

    /// <summary>There is room to write.</summary>
    public const short Writable = 4;

    public int File;
    public short Events;
    public short Returned;
}
