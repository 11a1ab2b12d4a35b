using System.Diagnostics;
using MusicRnn.Devices.Jack;

namespace MusicRnn.Host.Tests.Jack;

/// <summary>A JACK server of a test's own, without a sound card.</summary>
internal sealed class JackServer : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts a server; skips the test where there is none to start.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="period">Frames a cycle.</param>
    /// <param name="waits">Whether it waits for its clients each cycle, so that a busy test machine delays the music but loses none of it. One that
    /// waits does not outlive a client that is killed.</param>
    public JackServer(string name, int period = 256, bool waits = true)
    {
        SystemPart.Require(SystemPart.IsProgram("jackd"), "jackd is not installed: apt-get install jackd2");
        Name = name;
        Period = period;
        _process = Start(waits);
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

    private Process Start(bool waits)
    {
        string[] waiting = waits ? ["--sync", "--timeout", "5000"] : [];
        var process = Process.Start(new ProcessStartInfo(
            "jackd", ["--no-realtime", "--name", Name, .. waiting, "-d", "dummy", "-r", $"{SampleRate}", "-p", $"{Period}"])
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
        Waiting.Until(
            () => Directory.EnumerateFiles("/dev/shm", $"jack_sem.*_{Name}_system").Any() && new JackBackend(Name).Availability.IsAvailable,
            $"jackd {Name} to be up",
            TimeSpan.FromSeconds(20));
        return new JackClient(Name, name);
    }
}
