using System.Diagnostics;
using MusicRnn.Devices;
using MusicRnn.Devices.Alsa;
using MusicRnn.Host;
using MusicRnn.Performance;

namespace MusicRnn.Benchmarks;

/// <summary>Arrival over ALSA's sequencer: here where this kernel has one, else in the emulated machine of tests/alsa-machine.</summary>
internal static class AlsaArrival
{
    /// <summary>The name under which <see cref="Program"/> measures in the machine.</summary>
    public const string Inside = "arrival-alsa";

    private const int Messages = 400;
    private const long Gap = 7_000_000;

    public static void Run()
    {
        if (File.Exists("/dev/snd/seq"))
        {
            Measure();
            return;
        }

        using var folder = new BenchmarkFolder();
        Peer.Compile("alsa_peer", folder.Path, "-lasound");
        string machine = Path.Combine(new Installation(AppContext.BaseDirectory).Root, "tests", "alsa-machine", "run.sh");
        string self = Path.Combine(AppContext.BaseDirectory, "MusicRnn.Benchmarks.dll");
        if (!File.Exists(machine))
        {
            throw new MissingPartException("there is no /dev/snd/seq, and no tests/alsa-machine to boot one");
        }

        // Every file that will be needed is read once before, and what plays is compiled by a first round: waiting would look like a jump of the machine's clock.
        string command = $"cat $DOTNET_ROOT/host/fxr/*/* $DOTNET_ROOT/shared/Microsoft.NETCore.App/*/* {AppContext.BaseDirectory}*.dll {folder.Path}/* /usr/lib/*/libasound.so.* > /dev/null; PATH={folder.Path}:$PATH dotnet {self} {Inside}";
        using Process process = Process.Start(new ProcessStartInfo("bash", [machine, folder.Path, command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new MissingPartException($"the machine of tests/alsa-machine does not measure: {output}{error.GetAwaiter().GetResult()}");
        }

        Console.Write("In the emulated machine, whose clock counts instructions: ");
        Console.Write(output);
    }

    /// <summary>Measures on this kernel's sequencer; alsa_peer is on the PATH.</summary>
    public static void Measure()
    {
        using var folder = new BenchmarkFolder();
        string peer = Environment.GetEnvironmentVariable("MUSICRNN_INSIDE_ALSA_MACHINE") == "1" ? "alsa_peer" : Peer.Compile("alsa_peer", folder.Path, "-lasound");
        Ours(peer, 50);
        double[] ours = Ours(peer, Messages);
        using Peer ear = Listen(peer, Messages);
        using var hand = new Peer(peer, "play", $"{Messages}", $"{Gap}");
        long[] due = hand.Numbers(), arrived = ear.Numbers();
        ArrivalProbe.Compare($"ALSA, {ours.Length} messages", ours, [.. arrived.Select((stamp, i) => (stamp - due[i]) / 1e3)]);
    }

    private static double[] Ours(string peer, int count)
    {
        MonotonicClock clock = MonotonicClock.Instance;
        using Peer ear = Listen(peer, count);
        using var ledger = new NoteLedger();
        var lane = new OutputLane(ledger, returns: true);
        using var midi = new AlsaMidi(clock, new AlsaMidiOptions { InputDevice = "", OutputDevices = ["ear"] });
        midi.Output.Start(lane);
        clock.SleepUntil(clock.Now + 300_000_000);
        long[] due = ArrivalProbe.Emit(clock, lane, count);
        return [.. ear.Numbers().Select((stamp, i) => (stamp - due[i]) / 1e3)];
    }

    private static Peer Listen(string peer, int count)
    {
        var ear = new Peer(peer, "hear", $"{count}", "20");
        ear.Hear();
        return ear;
    }
}
