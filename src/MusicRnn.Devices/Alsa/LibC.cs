using System.Runtime.InteropServices;

namespace MusicRnn.Devices.Alsa;

/// <summary>The calls of the C library for waiting on a device, and for memory that libasound hands out.</summary>
internal static unsafe partial class LibC
{
    private const string Name = "libc";

    [LibraryImport(Name)]
    public static partial int eventfd(uint value, int flags);

    [LibraryImport(Name)]
    public static partial int ppoll(PollDescriptor* descriptors, nuint count, TimeSpecification* timeout, void* signals);

    [LibraryImport(Name)]
    public static partial nint read(int file, void* buffer, nuint count);

    [LibraryImport(Name)]
    public static partial nint write(int file, void* buffer, nuint count);

    [LibraryImport(Name)]
    public static partial int close(int file);

    [LibraryImport(Name)]
    public static partial void free(void* memory);

    [LibraryImport(Name)]
    public static partial int sched_setscheduler(int thread, int policy, int* parameters);
}
