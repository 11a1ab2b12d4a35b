using System.CommandLine;
using MusicRnn.Charts;
using MusicRnn.Midi;
using MusicRnn.Notes;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn plot</c>: draws MIDI files.</summary>
internal sealed class PlotCommand : ExampleCommand
{
    private const double Second = 1e9;

    /// <summary>Makes the command.</summary>
    public PlotCommand()
        : base("plot", "Draws a MIDI file as a piano roll, or two over one another, and how their notes are distributed.")
    {
        var files = new Argument<FileInfo[]>("files") { HelpName = "FILE.mid", Description = "One MIDI file, or two to compare.", Arity = new ArgumentArity(1, 2) };
        files.Validators.Add(InputFile.Check);
        var output = new Option<string>("--output", "-o") { HelpName = "FILE", Description = "The picture to write (SVG): the piano roll." };
        var histograms = new Option<string>("--histograms") { HelpName = "FILE", Description = "A picture of the histograms of pitch, step, duration and velocity." };
        var from = new NumberOption<double>("--from", "Where to begin, in seconds.", 0, MidiFile.MaxTime / Second);
        var to = new NumberOption<double>("--to", "Where to end, in seconds.", 0, MidiFile.MaxTime / Second);
        Arguments.Add(files);
        foreach (Option option in (Option[])[output, histograms, from, to])
        {
            Options.Add(option);
        }

        Validators.Add(result =>
        {
            if (result.GetResult(output) is null && result.GetResult(histograms) is null)
            {
                result.AddError("there is nothing to draw: name the piano roll's file by -o, the histograms' by --histograms, or both.");
            }
        });
        Examples =
        [
            ("musicrnn plot take.mid -o take.svg", "a piano roll"),
            ("musicrnn plot take.mid -o start.svg --to 30", "its first half minute"),
            ("musicrnn plot seed.mid answer.mid -o both.svg --histograms notes.svg", "two files over one another"),
        ];
        Notes = """
            The stronger a note's colour, the louder it is; below the roll is the sustain pedal. Where the first file has time signatures, bar lines are drawn.
            Where notes of two files lie on one another, each has half of the key's height: the first file's the upper, the second's the lower.
            Open the pictures in a browser: they follow its light or dark theme.
            """;
        SetAction(parsed =>
        {
            long start = ToTime(parsed.GetValue(from)) ?? 0, end = ToTime(parsed.GetValue(to)) ?? MidiFile.MaxTime;
            if (start >= end)
            {
                throw new CommandException("--from must be less than --to.", ExitCode.WrongArguments);
            }

            OutputFile? roll = OutputFile.Of(parsed.GetValue(output), "-o"), sheet = OutputFile.Of(parsed.GetValue(histograms), "--histograms");
            OutputFile.KeepApart(parsed.GetValue(files)!.Select(file => file.FullName), roll, sheet);
            (string Name, MidiFile File, Piece Piece)[] pieces = [.. parsed.GetValue(files)!.Select(file => Read(file, start, end))];
            string title = string.Join(" and ", pieces.Select(piece => piece.Name));
            TextWriter console = parsed.InvocationConfiguration.Output;
            if (roll is not null)
            {
                var chart = new PianoRoll(title, [.. pieces.Select(piece => new PianoRollVoice(piece.Name, piece.Piece))])
                {
                    BarLines = [.. BarLines.Of(pieces[0].File).Where(bar => bar >= start && bar < end)],
                };
                Write(roll, chart.ToSvg(), console);
            }

            if (sheet is not null)
            {
                Write(sheet, new NoteHistograms([.. pieces.Select(piece => (piece.Name, CountsOf(piece.Piece)))]).ToSvg(title), console);
            }

            return ExitCode.Done;
        });
    }

    private static (string Name, MidiFile File, Piece Piece) Read(FileInfo path, long from, long to)
    {
        MidiFile file = MidiFile.Read(path.FullName);
        Piece piece = NoteReader.Read(file).Between(from, to);
        return piece.Notes.Count > 0 ? (path.Name, file, piece)
            : throw new CommandException($"{path.FullName} has no notes{(from > 0 || to < MidiFile.MaxTime ? " between --from and --to" : "")}: there is nothing to draw.");
    }

    private static NoteCounts CountsOf(Piece piece)
    {
        var counts = new NoteCounts();
        counts.Add(piece);
        return counts;
    }

    private static void Write(OutputFile file, string svg, TextWriter console)
    {
        file.Write(svg);
        console.WriteLine($"written to {file.Path}");
    }

    private static long? ToTime(double? seconds) => (long?)(seconds * Second);
}
