using MusicRnn.Host.Commands;
using MusicRnn.Host.Options;
using MusicRnn.Model;

namespace MusicRnn.Host.Services;

/// <summary>The same rig and session on a virtual clock: a file in, files out, as fast as the machine can, with the notes that real time gives.</summary>
internal static class VirtualRun
{
    /// <summary>Plays the file that the settings name, to the end of the answer.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Workplace workplace, Settings settings, TextWriter output, CancellationToken stop)
    {
        using Network network = ModelFile.Load(workplace.Installation.Resolve(settings.Model.Path));
        var choice = new RigChoice(
            Source.Parse(settings.Midi.Input).In(workplace.Installation), FileOnly(settings.Midi.Output, workplace.Installation), FileOnly(settings.Audio.Output, workplace.Installation), "");
        using var run = new FileRun(workplace, settings, choice, network, Sound.Open(settings, workplace.Installation), fast: true);
        await run.PlayAsync(stop);
        if (run.JournalFault is { } fault)
        {
            output.WriteLine($"What was played is not kept as a take: {fault}");
        }

        if (run.Finish() is { } take)
        {
            output.WriteLine($"What was played is kept in {take}");
        }

        return stop.IsCancellationRequested ? ExitCode.Failed : ExitCode.Done;
    }

    private static Source FileOnly(string source, Installation installation) =>
        Source.Parse(source) is { Kind: SourceKind.File } file ? file.In(installation) : new Source(SourceKind.None, "");
}
