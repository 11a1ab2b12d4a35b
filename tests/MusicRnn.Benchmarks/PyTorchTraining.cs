using System.Diagnostics;
using System.Globalization;

namespace MusicRnn.Benchmarks;

/// <summary>Forward, backward and Adam of a 3x512 LSTM in Debian's PyTorch, an update whenever it is asked for one.</summary>
internal sealed class PyTorchTraining : IDisposable
{
    private const string Python = "/usr/bin/python3"; // Debian's, which is the one that sees Debian's PyTorch
    private readonly Process _process;

    private PyTorchTraining(Process process) => _process = process;

    /// <summary>Starts it; null where it is not installed.</summary>
    public static PyTorchTraining? Start(int steps, int streams, int threads)
    {
        if (!File.Exists(Python))
        {
            return null;
        }

        var start = new ProcessStartInfo(Python) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "pytorch_training.py"));
        foreach (int number in (int[])[steps, streams, threads])
        {
            start.ArgumentList.Add(number.ToString(CultureInfo.InvariantCulture));
        }

        start.Environment["OPENBLAS_CORETYPE"] = "SkylakeX"; // without it Debian's OpenBLAS may not use AVX-512 here
        PyTorchTraining training = new(Process.Start(start)!);
        if (training._process.StandardOutput.ReadLine() is null)
        {
            training.Dispose();
            return null;
        }

        return training;
    }

    /// <summary>One update.</summary>
    /// <returns>Its notes a second.</returns>
    public double Update()
    {
        _process.StandardInput.WriteLine();
        _process.StandardInput.Flush();
        return double.Parse(_process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
