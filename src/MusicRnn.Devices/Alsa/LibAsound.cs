using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MusicRnn.Devices.Alsa;

/// <summary>What MusicRnn calls of libasound (alsa-lib 1.2, <c>asoundlib.h</c>): the parts that the sequencer and the sound cards share.
/// A call is looked up when it is first made, so a machine without the library is no fault until then: ask <see cref="IsLoaded"/>.</summary>
internal static unsafe partial class LibAsound
{
    private const string Name = "libasound.so.2";

    /// <summary><c>-EINTR</c>: a signal came; ask again.</summary>
    public const int Interrupted = -4;

    /// <summary><c>-EAGAIN</c>: nothing to read, or no room to write.</summary>
    public const int Again = -11;

    /// <summary><c>-EACCES</c>: the user may not open the device.</summary>
    public const int NoAccess = -13;

    /// <summary><c>-EBUSY</c>: somebody else has it.</summary>
    public const int Busy = -16;

    /// <summary><c>-ENOSPC</c>: the kernel's queue of events for us was full, and some are lost.</summary>
    public const int NoSpace = -28;

    /// <summary><c>-EPIPE</c>: an underrun.</summary>
    public const int BrokenPipe = -32;

    /// <summary><c>-EBADFD</c>: the sound card is in a state in which this cannot be done.</summary>
    public const int BadState = -77;

    /// <summary><c>-ESTRPIPE</c>: the sound card is suspended.</summary>
    public const int StreamsPipe = -86;

    /// <summary><c>-ETIMEDOUT</c>: a card takes nothing any more.</summary>
    public const int TimedOut = -110;

    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>Whether the library is there. Quietens it at the first call: it would print its errors, which are in the return codes, to the terminal.</summary>
    public static bool IsLoaded => Loaded.Value;

    /// <summary>The library's words for an error.</summary>
    public static string Describe(int error) => Marshal.PtrToStringUTF8(snd_strerror(error)) ?? $"error {error}";

    /// <summary>The library's version, as <c>1.2.8</c>.</summary>
    public static string Version => Marshal.PtrToStringUTF8(snd_asoundlib_version()) ?? "";

    [LibraryImport(Name)]
    public static partial int snd_device_name_hint(int card, byte* kind, void*** hints);

    [LibraryImport(Name)]
    public static partial byte* snd_device_name_get_hint(void* hint, byte* id);

    [LibraryImport(Name)]
    public static partial int snd_device_name_free_hint(void** hints);

    [LibraryImport(Name)]
    private static partial nint snd_strerror(int error);

    [LibraryImport(Name)]
    private static partial nint snd_asoundlib_version();

    [LibraryImport(Name)]
    private static partial int snd_lib_error_set_handler(delegate* unmanaged[Cdecl]<byte*, int, byte*, int, byte*, void> handler);

    private static bool Load()
    {
        if (!NativeLibrary.TryLoad(Name, out _))
        {
            return false;
        }

        snd_lib_error_set_handler(&Ignore);
        return true;
    }

    // The real handler takes further arguments, as printf does; one that looks at none may leave them out.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(byte* file, int line, byte* function, int error, byte* format)
    {
    }
}
