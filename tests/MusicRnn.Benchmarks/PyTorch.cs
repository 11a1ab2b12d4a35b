using System.Diagnostics;
using System.Globalization;

namespace MusicRnn.Benchmarks;

/// <summary>Debian's PyTorch, at its best.</summary>
internal static class PyTorch
{
    public const string Missing = "PyTorch is not here to be compared with: apt-get install python3-torch libopenblas0-openmp";
    private const string Python = "/usr/bin/python3"; // Debian's, which is the one that sees Debian's PyTorch

    /// <summary>Starts a script that stands beside this program, with numbers for arguments and its streams here; null where there is no Python.</summary>
    public static Process? Start(string script, params int[] numbers)
    {
        if (!File.Exists(Python))
        {
            return null;
        }

        var start = new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, script), .. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OPENBLAS_CORETYPE"] = "SkylakeX"; // without it Debian's OpenBLAS may not use AVX-512 here
        return Process.Start(start);
    }
}
