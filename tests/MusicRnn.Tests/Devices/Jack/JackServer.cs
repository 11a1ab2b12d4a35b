using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using MusicRnn.Devices.Jack;

namespace MusicRnn.Tests.Devices.Jack;

/// <summary>A real JACK server of its own name, without sound hardware. It waits for every client each cycle, so that a busy machine loses nothing.</summary>
internal sealed class JackServer : IDisposable
{
    private Process _process;

    private JackServer(string name, int rate)
    {
        Name = name;
        _process = Launch(rate);
    }

    public string Name { get; }

    /// <summary>Starts a server, or skips the test where there is none to start.</summary>
    public static JackServer Start()
    {
        const string Missing = "jackd is not installed: apt-get install jackd2";
        if (!File.Exists("/usr/bin/jackd"))
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", Missing);
            Assert.Fail(Missing);
        }

        return new JackServer($"musicrnn-{Environment.ProcessId}-{Guid.NewGuid():N}"[..24], 48_000);
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    public void Restart(int rate = 48_000) => _process = Launch(rate);

    /// <summary>Ends the server in order: one that is killed keeps its place among the eight that a machine can have.</summary>
    public void Dispose()
    {
        const int Terminate = 15; // SIGTERM, signal.h
        _ = Signal(_process.Id, Terminate);
        if (!_process.WaitForExit(10_000))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    [DllImport("libc.so.6", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);

    private Process Launch(int rate)
    {
        ProcessStartInfo start = new("/usr/bin/jackd", ["-n", Name, "-r", "-S", "-t", "5000", "-d", "dummy", "-r", $"{rate}", "-p", "128"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        StringBuilder said = new();
        process.OutputDataReceived += (_, line) => said.AppendLine(line.Data);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        JackBackend backend = new(Name);
        Wait.Until(() => process.HasExited || backend.Availability.IsAvailable, "the JACK server to start");
        Assert.False(process.HasExited, $"jackd ended: {said}");
        return process;
    }
}
