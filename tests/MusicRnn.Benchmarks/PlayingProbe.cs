using System.Globalization;
using System.Runtime.InteropServices;
using MusicRnn.Host;
using MusicRnn.Host.Options;
using MusicRnn.Host.Services;
using MusicRnn.Midi;

namespace MusicRnn.Benchmarks;

/// <summary>
/// The whole service in this process, played for a minute on a JACK server at 128 frames while it is disturbed, beside an empty C client on a
/// server of its own in the same minute: xruns, and the garbage collector's pauses.
/// </summary>
internal static partial class PlayingProbe
{
    private const int Period = 128;
    private const int Settle = 3;
    private const int Seconds = 60;

    public static void Run()
    {
        using var folder = new BenchmarkFolder();
        using var server = new JackServer("musicrnn-playing", Period, folder.Path);
        using var empty = new JackServer("musicrnn-empty", Period, folder.Path);
        using JackPeer pianist = server.Join("pianist"), idler = empty.Join("idler");
        SetEnvironment("JACK_DEFAULT_SERVER", server.Name, 1); // libjack reads the process's environment, which .NET's is a copy of
        SetEnvironment("JACK_NO_START_SERVER", "1", 1);

        var workplace = new Workplace(
            new Installation(AppContext.BaseDirectory),
            new UserFolders(folder.File("config"), folder.File("data"), folder.File("state"), folder.File("runtime")));
        Directory.CreateDirectory(workplace.Folders.Configuration);
        Edit(workplace, 0);
        var settings = new SettingsWatch(new SettingsReader(workplace.Schema), workplace.Sources(null, new Dictionary<string, string?>
        {
            ["Model:Path"] = PlayedNetwork.File(folder),
            ["Logging:Console"] = "None",
        }));
        using var stop = new CancellationTokenSource();
        Task<int> service = Task.Run(() => LiveRun.RunAsync(workplace, settings, RunMode.Service, stop.Token));
        pianist.ConnectWhenThere("pianist:play", "MusicRnn:midi_in");
        pianist.ConnectWhenThere("MusicRnn:midi_out", "pianist:record");
        pianist.Play(Music());
        Thread.Sleep(Settle * 1000);

        // Whatever disturbs a player: one row each, called with the seconds that have gone by.
        (int Every, Action<int> Do)[] disturbances =
        [
            (1, second => Edit(workplace, second)),
        ];
        int before = pianist.Xruns, emptyBefore = idler.Xruns;
        long allocated = GC.GetTotalAllocatedBytes();
        (int collections, TimeSpan longest, TimeSpan total, int beside) = Disturb(disturbances, () => pianist.Xruns);
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        int xruns = pianist.Xruns - before, emptyXruns = idler.Xruns - emptyBefore;
        List<(uint Frame, MidiMessage Message)> heard = pianist.Dump();
        stop.Cancel();
        int exitCode = service.GetAwaiter().GetResult();
        string takes = Path.Combine(workplace.Folders.Data, "takes");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Seconds} s at {Period} frames ({(JackServer.IsRealTimeAllowed() ? "real-time" : "ordinary")} priority): {heard.Count(note => note.Message.IsNoteOn && note.Message.Channel == 0)} notes of the player, {heard.Count(note => note.Message.IsNoteOn && note.Message.Channel == 1)} of the machine; settings reloaded each second, {Directory.GetFiles(takes, "*.mid").Length} takes saved; exit code {exitCode}"));
        Console.WriteLine($"xruns: {xruns}, {beside} of them within 50 ms of a garbage collection; an empty C client on a server of its own: {emptyXruns}");
        Goal.AtMost(emptyXruns, xruns, "xruns", "no more than the empty client");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"garbage collections: {collections}, the longest pause {longest.TotalMilliseconds:0.00} ms of a period's {Period * 1000.0 / JackServer.SampleRate:0.00} ms, all together {total.TotalMilliseconds:0.0} ms; {allocated / 1e6 / Seconds:0.00} MB allocated a second, managed heap {GC.GetTotalMemory(false) / 1e6:0.0} MB"));
        using var performance = new LivePerformance(folder, Period);
        performance.Play(3);
        Goal.AtMost(0, performance.AllocatedByImproviser, "bytes", "allocated on the improviser's thread, three answers");
        Goal.AtMost(0, performance.AllocatedByAudio, "bytes", "allocated on JACK's thread, synthesiser included");
    }

    /// <summary>Lets the time pass with its disturbances, and looks at every collection.</summary>
    private static (int Collections, TimeSpan Longest, TimeSpan Total, int XrunsBeside) Disturb((int Every, Action<int> Do)[] disturbances, Func<int> xruns)
    {
        const int Near = 5; // ticks of 10 ms
        TimeSpan longest = default, before = GC.GetTotalPauseDuration();
        int collections = GC.CollectionCount(0), first = collections, counted = xruns(), beside = 0, since = Near;
        for (int tick = 0; tick < Seconds * 100; tick++)
        {
            foreach ((int every, Action<int> act) in disturbances)
            {
                if (tick % (every * 100) == 0)
                {
                    act(1 + (tick / 100));
                }
            }

            since++;
            if (GC.CollectionCount(0) != collections)
            {
                since = 0;
                collections = GC.CollectionCount(0);
                foreach (TimeSpan pause in GC.GetGCMemoryInfo(GCKind.Any).PauseDurations)
                {
                    longest = pause > longest ? pause : longest;
                }
            }

            int now = xruns();
            beside += since <= Near ? now - counted : 0;
            counted = now;
            Thread.Sleep(10);
        }

        return (collections - first, longest, GC.GetTotalPauseDuration() - before, beside);
    }

    /// <summary>Edits the settings: a knob each second, and every tenth the seed, with which another session begins and the old one's take is saved.</summary>
    private static void Edit(Workplace workplace, int second) => File.WriteAllText(
        workplace.Folders.SettingsFile,
        string.Create(CultureInfo.InvariantCulture, $$"""{ "Parameters": { "length": {{8 + (second % 3)}} }, "Model": { "Seed": {{1 + (second / 10)}} } }"""));

    /// <summary>A phrase of chords with pedal every four seconds.</summary>
    private static IEnumerable<(int Frame, MidiMessage Message)> Music()
    {
        for (int phrase = 0; phrase < (Seconds + Settle) / 4; phrase++)
        {
            int start = phrase * 4 * JackServer.SampleRate;
            yield return (start, MidiMessage.Control(0, Controller.Sustain, 127));
            for (int i = 0; i < 6; i++)
            {
                foreach (int pitch in (int[])[48 + i, 55 + i, 64 + i])
                {
                    yield return (start + (i * 9600), MidiMessage.NoteOn(0, pitch, 70));
                }

                foreach (int pitch in (int[])[48 + i, 55 + i, 64 + i])
                {
                    yield return (start + (i * 9600) + 7200, MidiMessage.NoteOff(0, pitch));
                }
            }

            yield return (start + 60_000, MidiMessage.Control(0, Controller.Sustain, 0));
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
