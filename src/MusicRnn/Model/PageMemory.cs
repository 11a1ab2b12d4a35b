using System.Runtime.InteropServices;

namespace MusicRnn.Model;

/// <summary>
/// Zeroed native memory, aligned to 64 bytes. What is large asks for pages of 2 MB, where the system gives them on
/// request (Linux, madvise(2)): weights that have gone cold stream in faster when no page table has to be walked beside them.
/// </summary>
internal static unsafe class PageMemory
{
    private const int Line = 64;
    private const nuint LargePage = 2 << 20;
    private const nuint LeastForLargePages = LargePage / 2; // less would waste more than half a page
    private const int AdviseLargePages = 14; // MADV_HUGEPAGE

    // Looked up in the C library that the runtime itself has loaded, whatever its name is.
    private static readonly delegate* unmanaged<void*, nuint, int, int> Advise =
        OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "madvise", out nint found)
            ? (delegate* unmanaged<void*, nuint, int, int>)found : null;

    /// <summary>Takes memory.</summary>
    public static void* Allocate(nuint bytes)
    {
        bool large = Advise != null && bytes >= LeastForLargePages;
        nuint unit = large ? LargePage : Line;
        nuint whole = (bytes + unit - 1) / unit * unit;
        void* memory = NativeMemory.AlignedAlloc(whole, unit);
        if (large)
        {
            _ = Advise(memory, whole, AdviseLargePages); // a wish: without it the pages are small
        }

        NativeMemory.Clear(memory, bytes);
        return memory;
    }

    /// <summary>Gives it back.</summary>
    public static void Free(void* memory) => NativeMemory.AlignedFree(memory);
}
