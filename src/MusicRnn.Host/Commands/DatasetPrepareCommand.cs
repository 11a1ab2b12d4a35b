using System.CommandLine;
using System.Globalization;
using MusicRnn.Training;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn dataset prepare</c>: makes a corpus of a folder.</summary>
internal sealed class DatasetPrepareCommand : ExampleCommand
{
    /// <summary>Makes the command.</summary>
    public DatasetPrepareCommand()
        : base("prepare", "Reads every .mid and .midi file of a folder and below into one corpus file.")
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "The folder of MIDI files." };
        folder.Validators.Add(InputFile.CheckFolder);
        var output = new Option<string>("--output", "-o") { HelpName = "FILE", Description = "The corpus file to write.", DefaultValueFactory = _ => "notes.corpus" };
        Arguments.Add(folder);
        Options.Add(output);
        Examples =
        [
            ("musicrnn dataset prepare maestro-v2.0.0 -o notes.corpus", "a corpus of MAESTRO, with its own split"),
            ("musicrnn dataset prepare ~/midi -o mine.corpus", "a corpus of your own music"),
        ];
        Notes = """
            Where MAESTRO's table (maestro-v*.csv) lies in the folder, it says what each piece is for, and its piano trios are left out.
            Otherwise eight of ten pieces are for training, one for validation, one for test, as their paths fall.
            A file that cannot be read is named and skipped. Drums are left out.
            """;
        SetAction((parsed, stop) => PrepareAsync(parsed.GetValue(folder)!.FullName, new OutputFile(parsed.GetRequiredValue(output), "-o"), parsed.InvocationConfiguration, stop));
    }

    /// <summary>Makes a corpus of a folder, shows how far that has come, and says which files are left out and why.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="output">The corpus file to write.</param>
    /// <param name="error">Where it is shown and said.</param>
    /// <param name="stop">Stops it; nothing is written then.</param>
    internal static async Task<CorpusReport> BuildAsync(string folder, string output, TextWriter error, CancellationToken stop)
    {
        CorpusReport report = await WorkProgress.ShowAsync(error, "reading", "files", tell => Task.Run(
            () => CorpusBuilder.Build(folder, output, progress => tell(progress.Done, progress.Total), stop), stop));
        foreach ((string name, string reason) in report.Skipped)
        {
            error.WriteLine($"musicrnn: {name} is left out: {reason}");
        }

        return report;
    }

    private static async Task<int> PrepareAsync(string folder, OutputFile output, InvocationConfiguration console, CancellationToken stop)
    {
        OutputFile.KeepApart(CorpusBuilder.FilesOf(folder), output);
        CorpusReport report = await BuildAsync(folder, output.Path, console.Error, stop);
        foreach ((Split split, (int pieces, long notes)) in report.Pieces)
        {
            console.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{split.ToString().ToLowerInvariant()}: {pieces} pieces, {notes} notes"));
        }

        console.Output.WriteLine($"written to {output.Path}");
        return ExitCode.Done;
    }
}
