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
        var run = new FileRun(workplace, settings, choice, network, Sound.Open(settings, workplace.Installation), fast: true);
        List<string> losses = [];
        using (run)
        {
            await run.PlayAsync(stop);
            try
            {
                if (run.Finish() is { } take)
                {
                    output.WriteLine($"What was played is kept in {take}");
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                losses.Add($"The take cannot be written: {exception.Message.TrimEnd('.')}. Its journal is left: make room, and `musicrnn takes` makes a take of it.");
            }
        }

        losses.AddRange(run.Losses);
        return losses.Count > 0 ? throw new CommandException(string.Join(Environment.NewLine, losses))
            : stop.IsCancellationRequested ? ExitCode.Failed : ExitCode.Done;
    }

    private static Source FileOnly(string source, Installation installation) =>
        Source.Parse(source) is { Kind: SourceKind.File } file ? file.In(installation) : new Source(SourceKind.None, "");
}
