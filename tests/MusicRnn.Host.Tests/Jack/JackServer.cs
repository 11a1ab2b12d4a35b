using System.Diagnostics;

namespace MusicRnn.Host.Tests.Jack;

/// <summary>A JACK server of a test's own, without a sound card.</summary>
internal sealed class JackServer : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts a server; skips the test where there is none to start.</summary>
    public JackServer(string name, int period = 256)
    {
        SystemPart.Require(SystemPart.IsProgram("jackd"), "jackd is not installed: apt-get install jackd2");
        Name = name;
        Period = period;
        _process = Start();
    }

    public string Name { get; }

    public int Period { get; }

    public const int SampleRate = 48000;

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Signal.Send(_process.Id, Signal.Terminate);
            if (!_process.WaitForExit(5000))
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    private Process Start()
    {
        // -S: the server waits for its clients, so that a busy test machine delays the music but loses none of it.
        var process = Process.Start(new ProcessStartInfo(
            "jackd", ["--no-realtime", "--name", Name, "--sync", "--timeout", "5000", "-d", "dummy", "-r", $"{SampleRate}", "-p", $"{Period}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Joins the server, waiting until it is up.</summary>
    public JackClient Join(string name)
    {
        Waiting.Until(() => Directory.EnumerateFiles("/dev/shm", $"jack_sem.*_{Name}_system").Any(), $"jackd {Name} to be up", TimeSpan.FromSeconds(10));
        return new JackClient(Name, name);
    }
}
