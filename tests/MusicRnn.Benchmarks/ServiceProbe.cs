using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MusicRnn.Benchmarks;

/// <summary>The service as a process of its own on a JACK server: how long until it can be played, what it takes while nobody plays, and its memory.</summary>
internal static class ServiceProbe
{
    private const int Starts = 5;
    private const int IdleSeconds = 20;
    private const double TickSeconds = 0.01; // USER_HZ is 100 on Linux, whatever the kernel's own

    public static void Run()
    {
        using var folder = new BenchmarkFolder();
        using var server = new JackServer("musicrnn-service", 256, folder.Path);
        List<double> ready = [];
        for (int i = 0; i < Starts; i++)
        {
            (Process process, double seconds) = Start(folder, server);
            ready.Add(seconds);
            if (i == Starts - 1)
            {
                Stay(process, server);
            }

            Stop(process);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"start to READY=1, {Starts} starts of `dotnet MusicRnn.Host.dll run`: {string.Join(", ", ready.Order().Select(seconds => seconds.ToString("0.00", CultureInfo.InvariantCulture)))} s"));
        Goal.AtMost(1, ready.Min(), "s", "start to ready, the quickest");
    }

    private static void Stay(Process process, JackServer server)
    {
        Thread.Sleep(3000); // what was compiled for the start is compiled better now, once
        using JackPeer pianist = server.Join("pianist");
        double before = ProcessorSeconds(process.Id), peerBefore = ProcessorSeconds(pianist.Id);
        var watch = Stopwatch.StartNew();
        Thread.Sleep(IdleSeconds * 1000);
        double Share(int id, double since) => 100 * (ProcessorSeconds(id) - since) / watch.Elapsed.TotalSeconds;
        Goal.AtMost(2, Share(process.Id, before), "%", $"processor while nobody plays, of one core, over {IdleSeconds} s");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  an empty C client on the same server: {Share(pianist.Id, peerBefore):0.##} %"));
        pianist.ConnectWhenThere("pianist:play", "MusicRnn:midi_in");
        pianist.Play(Enumerable.Range(0, 8).SelectMany(i => new[]
        {
            (i * 9600, Midi.MidiMessage.NoteOn(0, 60 + i, 80)),
            ((i * 9600) + 7000, Midi.MidiMessage.NoteOff(0, 60 + i)),
        }));
        Thread.Sleep(5000);
        string[] status = File.ReadAllLines($"/proc/{process.Id}/status");
        double Megabytes(string name) => double.Parse(
            status.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024 / 1e6;
        double shared = Megabytes("RssShmem:");
        Goal.AtMost(200, Megabytes("VmRSS:") - shared, "MB", "resident after a phrase and its answer, without what JACK shares");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  of it {Megabytes("RssAnon:"):0} MB its own and {Megabytes("RssFile:"):0} MB files; every JACK client shares {shared:0} MB more with its server"));
    }

    private static (Process Process, double Seconds) Start(BenchmarkFolder folder, JackServer server)
    {
        string notify = folder.File("notify");
        File.Delete(notify);
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(notify));
        systemd.ReceiveTimeout = 60_000;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MusicRnn.Host.dll"), "run", "--model", PlayedNetwork.File(folder)])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["HOME"] = folder.Path;
        foreach (string name in (string[])["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"])
        {
            start.Environment[name] = folder.File(name);
        }

        start.Environment["NOTIFY_SOCKET"] = notify;
        start.Environment["JACK_DEFAULT_SERVER"] = server.Name;
        start.Environment["JACK_NO_START_SERVER"] = "1";
        var watch = Stopwatch.StartNew();
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        byte[] buffer = new byte[256];
        int count = systemd.Receive(buffer);
        double seconds = watch.Elapsed.TotalSeconds;
        return Encoding.UTF8.GetString(buffer, 0, count).StartsWith("READY=1", StringComparison.Ordinal)
            ? (process, seconds)
            : throw new MissingPartException("the service did not say READY=1.");
    }

    private static void Stop(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        kill.WaitForExit();
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>Time that the process has had on processors: fields 14 and 15 of /proc/PID/stat (proc(5)).</summary>
    private static double ProcessorSeconds(int process)
    {
        string text = File.ReadAllText($"/proc/{process}/stat");
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * TickSeconds;
    }
}
