using System.Diagnostics;
using System.Globalization;

namespace MusicRnn.Benchmarks;

/// <summary>Forward, backward and Adam of a 3x512 LSTM in Debian's PyTorch, an update whenever it is asked for one.</summary>
internal sealed class PyTorchTraining : IDisposable
{
    private readonly Process _process;

    private PyTorchTraining(Process process) => _process = process;

    /// <summary>Starts it; null where it is not installed.</summary>
    public static PyTorchTraining? Start(int steps, int streams, int threads)
    {
        if (PyTorch.Start("pytorch_training.py", steps, streams, threads) is not { } process)
        {
            return null;
        }

        PyTorchTraining training = new(process);
        if (process.StandardOutput.ReadLine() is null)
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
