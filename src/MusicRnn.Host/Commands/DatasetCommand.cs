using System.CommandLine;
using MusicRnn.Training;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn dataset</c>: makes what <c>train</c> and <c>evaluate</c> read.</summary>
internal sealed class DatasetCommand : ExampleCommand
{
    /// <summary>Makes the command.</summary>
    public DatasetCommand()
        : base("dataset", "Makes a corpus, which train and evaluate read, of a folder of MIDI files.")
    {
        Examples = [("musicrnn dataset prepare maestro-v2.0.0 -o notes.corpus", "a corpus of MAESTRO, with its own split")];
        Subcommands.Add(new PrepareCommand());
    }

    private sealed class PrepareCommand : ExampleCommand
    {
        public PrepareCommand()
            : base("prepare", "Reads every .mid and .midi file of a folder and below into one corpus file.")
        {
            var folder = new Argument<DirectoryInfo>("folder") { Description = "The folder of MIDI files." };
            folder.AcceptExistingOnly();
            var output = new Option<FileInfo>("--output", "-o") { Description = "The corpus file to write.", DefaultValueFactory = _ => new FileInfo("notes.corpus") };
            Arguments.Add(folder);
            Options.Add(output);
            Examples = [("musicrnn dataset prepare ~/midi -o notes.corpus", "a corpus of your own music")];
            Notes = """
                Where MAESTRO's table (maestro-v*.csv) lies in the folder, it says what each piece is for, and its piano trios are left out.
                Otherwise eight of ten pieces are for training, one for validation, one for test, as their paths fall.
                A file that cannot be read is named and skipped. Drums are left out.
                """;
            SetAction((parsed, stop) => Task.FromResult(Prepare(parsed.GetValue(folder)!, parsed.GetValue(output)!, parsed.InvocationConfiguration, stop)));
        }

        private static int Prepare(DirectoryInfo folder, FileInfo output, InvocationConfiguration console, CancellationToken stop)
        {
            var said = new Lock();
            int tenths = 0;
            CorpusReport report;
            try
            {
                report = CorpusBuilder.Build(folder.FullName, output.FullName, progress =>
                {
                    lock (said)
                    {
                        if (progress.Done * 10 / progress.Total > tenths)
                        {
                            tenths = progress.Done * 10 / progress.Total;
                            console.Error.WriteLine($"{progress.Done} of {progress.Total} files");
                        }
                    }
                }, stop);
            }
            catch (OperationCanceledException)
            {
                throw new CommandException("stopped; nothing was written.");
            }

            foreach ((string name, string reason) in report.Skipped)
            {
                console.Error.WriteLine($"musicrnn: {name} is left out: {reason}");
            }

            foreach ((Split split, (int pieces, long notes)) in report.Pieces)
            {
                console.Output.WriteLine($"{split.ToString().ToLowerInvariant()}: {pieces} pieces, {notes} notes");
            }

            console.Output.WriteLine($"written to {output.FullName}");
            return ExitCode.Done;
        }
    }
}
