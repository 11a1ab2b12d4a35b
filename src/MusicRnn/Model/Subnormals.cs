using System.Runtime.InteropServices;

namespace MusicRnn.Model;

/// <summary>
/// Numbers too small for a float's full precision (below 1.2e-38). Some processors take a hundred times as long to compute with them (Intel 64 and
/// IA-32 Optimization Reference Manual, "Floating-Point Exceptions"), and the tails of a softmax, and moments that nothing feeds any more, are full of
/// them; nothing here needs them. On Linux on x64; elsewhere they stay.
/// </summary>
internal static unsafe class Subnormals
{
    private const int ControlAndStatus = 7; // the integer of fenv_t that is MXCSR, in glibc and in musl
    private const int FenvIntegers = 8;

    // Results that are too small become 0. MXCSR's other bit, that operands do too, must not be set: methods are compiled on the thread that calls them
    // first, and the compiler then takes constants for equal whose bits, read as a double, are such an operand.
    private const int FlushToZero = 0x8000;

    private static readonly delegate* unmanaged[SuppressGCTransition]<int*, int> Get = (delegate* unmanaged[SuppressGCTransition]<int*, int>)Find("fegetenv");
    private static readonly delegate* unmanaged[SuppressGCTransition]<int*, int> Set = (delegate* unmanaged[SuppressGCTransition]<int*, int>)Find("fesetenv");

    /// <summary>Whether they can be done without here.</summary>
    public static bool CanBeFlushed => Get != null && Set != null;

    /// <summary>Whether what the calling thread computes is 0 rather than one of them. Setting it has no effect where that is impossible. Allocates nothing.</summary>
    public static bool AreFlushed
    {
        get
        {
            if (!CanBeFlushed)
            {
                return false;
            }

            int* environment = stackalloc int[FenvIntegers];
            _ = Get(environment);
            return (environment[ControlAndStatus] & FlushToZero) != 0;
        }

        set
        {
            if (CanBeFlushed)
            {
                int* environment = stackalloc int[FenvIntegers];
                _ = Get(environment);
                environment[ControlAndStatus] = value
                    ? environment[ControlAndStatus] | FlushToZero
                    : environment[ControlAndStatus] & ~FlushToZero;
                _ = Set(environment);
            }
        }
    }

    private static nint Find(string function)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return 0;
        }

        return NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), function, out nint found)
            || (NativeLibrary.TryLoad("libm.so.6", out nint library) && NativeLibrary.TryGetExport(library, function, out found)) ? found : 0;
    }
}
