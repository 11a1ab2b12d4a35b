using System.Diagnostics;
using System.Globalization;

namespace MusicRnn.Benchmarks;

/// <summary>A JACK server of a probe's own, without a sound card, on real-time priority where that is allowed.</summary>
internal sealed class JackServer : IDisposable
{
    public const int SampleRate = 48_000;
    private readonly Process _process;
    private readonly string _peer;

    /// <summary>Starts a server.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="period">Frames a period.</param>
    /// <param name="folder">Where the C client is compiled.</param>
    /// <exception cref="MissingPartException">There is none to start.</exception>
    public JackServer(string name, int period, string folder)
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"{name}-{Environment.ProcessId}");
        _peer = Peer.Compile("jack_peer", folder, "-ljack");
        try
        {
            _process = Process.Start(new ProcessStartInfo(
                "jackd", [.. IsRealTimeAllowed() ? (string[])["--realtime", "--realtime-priority", "70"] : ["--no-realtime"],
                    "--name", Name, "--timeout", "5000", "-d", "dummy", "-r", $"{SampleRate}", "-p", $"{period}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new MissingPartException("jackd is missing: apt-get install jackd2");
        }

        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        for (int i = 0; i < 500 && !Directory.EnumerateFiles("/dev/shm", $"jack_sem.*_{Name}_system").Any(); i++)
        {
            Thread.Sleep(20);
        }
    }

    public string Name { get; }

    /// <summary>Whether this user's programs may run at real-time priority.</summary>
    public static bool IsRealTimeAllowed()
    {
        using var process = Process.Start(new ProcessStartInfo("chrt", ["-f", "10", "true"]) { RedirectStandardError = true });
        process?.WaitForExit();
        return process?.ExitCode == 0;
    }

    /// <summary>A plain C client on the server.</summary>
    public JackPeer Join(string name) => new(_peer, Name, name);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            kill.WaitForExit();
            if (!_process.WaitForExit(5000))
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }
}
