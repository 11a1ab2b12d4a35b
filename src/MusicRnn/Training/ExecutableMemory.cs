using System.Runtime.InteropServices;

namespace MusicRnn.Training;

/// <summary>Memory that machine code runs in; never writable at the same time. It lives as long as the process.</summary>
internal static unsafe class ExecutableMemory
{
    /// <summary>Copies bytes to the beginning of pages of their own, which can then be read and run.</summary>
    /// <returns>Null where the system forbids it.</returns>
    public static byte* Load(ReadOnlySpan<byte> bytes)
    {
        const int Readable = 1, Writable = 2, Executable = 4, Private = 2, Anonymous = 0x20, Failed = -1; // PROT_, MAP_: mmap(2) of Linux
        nint library = NativeLibrary.GetMainProgramHandle();
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryGetExport(library, "mmap", out nint map) || !NativeLibrary.TryGetExport(library, "mprotect", out nint protect))
        {
            return null;
        }

        nuint length = (nuint)bytes.Length;
        nint memory = ((delegate* unmanaged[Cdecl]<nint, nuint, int, int, int, long, nint>)map)(0, length, Readable | Writable, Private | Anonymous, -1, 0);
        if (memory == Failed)
        {
            return null;
        }

        bytes.CopyTo(new Span<byte>((void*)memory, bytes.Length));
        return ((delegate* unmanaged[Cdecl]<nint, nuint, int, int>)protect)(memory, length, Readable | Executable) == 0 ? (byte*)memory : null;
    }
}
