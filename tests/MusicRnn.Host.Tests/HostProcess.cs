using System.Diagnostics;
using System.Text;

namespace MusicRnn.Host.Tests;

/// <summary>The program as a user starts it, in a home of its own.</summary>
internal sealed class HostProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    /// <summary>Starts the program.</summary>
    /// <param name="home">Holds the user's folders.</param>
    /// <param name="arguments">What is typed after its name.</param>
    /// <param name="environment">More environment variables.</param>
    /// <param name="workingFolder">Where it is typed; by default the home.</param>
    /// <param name="smallDisk">A folder that is a disk of 3 MB to the program; null for none.</param>
    public HostProcess(TemporaryFolder home, string[] arguments, Dictionary<string, string>? environment = null, string? workingFolder = null, string? smallDisk = null)
    {
        string[] program = ["dotnet", Path.Combine(AppContext.BaseDirectory, "MusicRnn.Host.dll"), .. arguments];
        if (smallDisk is not null)
        {
            program = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=3m none \"$0\" && exec \"$@\"", smallDisk, .. program];
        }

        var start = new ProcessStartInfo(program[0], program[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingFolder ?? home.Path,
        };
        start.Environment["HOME"] = home.Path;
        start.Environment["XDG_CONFIG_HOME"] = home.File("config");
        start.Environment["XDG_DATA_HOME"] = home.File("data");
        start.Environment["XDG_STATE_HOME"] = home.File("state");
        start.Environment["XDG_RUNTIME_DIR"] = home.File("runtime");
        start.Environment.Remove("NOTIFY_SOCKET");
        foreach ((string name, string value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => Text(_output);

    public string Error => Text(_error);

    /// <summary>Runs the program to its end.</summary>
    public static (int ExitCode, string Output, string Error) Run(
        TemporaryFolder home, string[] arguments, Dictionary<string, string>? environment = null, string? workingFolder = null, string? smallDisk = null)
    {
        using var process = new HostProcess(home, arguments, environment, workingFolder, smallDisk);
        int exitCode = process.WaitForExit();
        return (exitCode, process.Output, process.Error);
    }

    public void WaitForLine(string text)
    {
        Waiting.Until(
            () =>
            {
                bool ended = _process.HasExited;
                return Output.Contains(text, StringComparison.Ordinal)
                    || (ended ? throw new InvalidOperationException($"The program ended without saying \"{text}\".\n{Output}\n{Error}") : false);
            },
            $"\"{text}\" in\n{Output}\n{Error}",
            Patience);
    }

    public void Send(int signal) => Signal.Send(_process.Id, signal);

    public int WaitForExit()
    {
        Assert.True(_process.WaitForExit(Patience), $"The program did not end.\n{Output}\n{Error}");
        _process.WaitForExit(); // until its last line has come
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            if (line is not null)
            {
                text.AppendLine(line);
            }
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
