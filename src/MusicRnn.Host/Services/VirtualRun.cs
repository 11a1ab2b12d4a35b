using MusicRnn.Host.Commands;
using MusicRnn.Host.Options;
using MusicRnn.Model;
using MusicRnn.Performance;

namespace MusicRnn.Host.Services;

/// <summary>The same rig and session on a virtual clock: a file in, files out, as fast as the machine can, with the notes that real time gives.</summary>
internal static class VirtualRun
{
    private const long Tick = 5_000_000;
    private const long Tail = 3_000_000_000; // for the last notes to die away

    /// <summary>Plays the file that the settings name, to the end of the answer.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(Workplace workplace, Settings settings, TextWriter output, CancellationToken stop)
    {
        using Network network = Network.Load(workplace.Installation.Resolve(settings.Model.Path));
        var sound = Sound.Open(settings, workplace.Installation);
        var clock = new VirtualClock();
        var choice = new RigChoice(Source.Parse(settings.Midi.Input), FileOnly(settings.Midi.Output), FileOnly(settings.Audio.Output), "");
        using Rig rig = Rig.Open(settings, choice, new LedgerFolder(workplace.Folders.Runtime), clock);
        rig.Begin(sound.Make);
        using var session = new Session(rig, network, settings, SessionBeginning.Of(settings, TimeProvider.System, rig.Start), workplace.Takes(settings));
        long until = long.MaxValue;
        while (clock.Now < until && !stop.IsCancellationRequested)
        {
            rig.Step(clock.Now, before: true);
            session.Step(clock.Now);
            rig.Step(clock.Now, before: false);
            if (until == long.MaxValue && session.Reached > rig.File!.End && session.IsResting)
            {
                until = clock.Now + Tail;
            }

            clock.SleepUntil(clock.Now + Tick);
        }

        if (session.Finish() is { } take)
        {
            output.WriteLine($"What was played is kept in {take}");
        }

        return stop.IsCancellationRequested ? ExitCode.Failed : ExitCode.Done;
    }

    private static Source FileOnly(string source) => Source.Parse(source) is { Kind: SourceKind.File } file ? file : new Source(SourceKind.None, "");
}
