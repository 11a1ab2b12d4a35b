using System.Diagnostics;
using System.Globalization;

namespace MusicRnn.Benchmarks;

/// <summary>A plain C program of Peers/ that does by the system's own means what MusicRnn does, to compare with. It is compiled when it is needed.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts a program.</summary>
    public Peer(string program, params string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    /// <summary>Compiles a program of Peers/.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="folder">Where the executable goes.</param>
    /// <param name="options">More options for the linker.</param>
    /// <returns>The executable's path.</returns>
    /// <exception cref="MissingPartException">It cannot be compiled here.</exception>
    public static string Compile(string name, string folder, params string[] options)
    {
        const string Remedy = "apt-get install gcc libjack-jackd2-dev libasound2-dev";
        string program = Path.Combine(folder, name);
        try
        {
            using Process compiler = Process.Start(new ProcessStartInfo("gcc", ["-O2", "-o", program, Path.Combine(AppContext.BaseDirectory, "Peers", name + ".c"), .. options])
            {
                RedirectStandardError = true,
            })!;
            string error = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? program : throw new MissingPartException($"{name}.c does not compile: {error.Split('\n')[0]} ({Remedy})");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new MissingPartException($"gcc is missing: {Remedy}");
        }
    }

    /// <summary>Writes a line to it.</summary>
    public void Say(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for the next line from it.</summary>
    public string Hear() => _process.StandardOutput.ReadLine() ?? throw new MissingPartException($"{_process.StartInfo.FileName} ended early.");

    /// <summary>Waits for its end.</summary>
    /// <returns>The numbers that it printed.</returns>
    public long[] Numbers()
    {
        string[] lines = _process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => long.Parse(line, CultureInfo.InvariantCulture))];
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(3000))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
