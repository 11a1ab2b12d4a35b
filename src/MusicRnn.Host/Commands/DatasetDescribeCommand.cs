using System.CommandLine;
using MusicRnn.Charts;
using MusicRnn.Notes;
using MusicRnn.Training;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn dataset describe</c>: what is in a corpus.</summary>
internal sealed class DatasetDescribeCommand : ExampleCommand
{
    private const int MostComposers = 15;
    private const int MostDrawn = 30; // composers

    /// <summary>Makes the command.</summary>
    public DatasetDescribeCommand()
        : base("describe", "Tells what is in a corpus: pieces, notes and hours by split and composer, and how pitch, step, duration and velocity are distributed.")
    {
        var file = new Argument<FileInfo>("corpus") { Description = "The corpus, from `dataset prepare`." };
        file.Validators.Add(InputFile.CheckCorpus);
        var output = new Option<string>("--output", "-o") { HelpName = "FOLDER", Description = "Draw the distributions into this folder, too: pitch.svg, step.svg, duration.svg, velocity.svg and composers.svg." };
        Arguments.Add(file);
        Options.Add(output);
        Examples =
        [
            ("musicrnn dataset describe notes.corpus", "as text"),
            ("musicrnn dataset describe notes.corpus -o pictures", "and as pictures"),
        ];
        SetAction(parsed =>
        {
            DirectoryInfo? pictures = parsed.GetValue(output) is { } folder ? OutputFolder.Make(folder, "-o") : null;
            Describe(parsed.GetValue(file)!.FullName, pictures, parsed.InvocationConfiguration.Output);
            return ExitCode.Done;
        });
    }

    private static void Describe(string path, DirectoryInfo? pictures, TextWriter output)
    {
        using Corpus corpus = Corpus.Open(path);
        var splits = new SortedDictionary<Split, NoteCounts>();
        var composers = new SortedDictionary<string, NoteCounts>(StringComparer.Ordinal);
        foreach (CorpusPiece piece in corpus.Pieces)
        {
            Piece notes = piece.ToPiece();
            CountsOf(splits, piece.Split).Add(notes);
            if (piece.Composer.Length > 0)
            {
                CountsOf(composers, piece.Composer).Add(notes);
            }
        }

        var all = new NoteCounts();
        foreach (NoteCounts counts in splits.Values)
        {
            all.Add(counts);
        }

        WriteCounts(output, "split", [.. splits.Select(split => (split.Key.ToString().ToLowerInvariant(), split.Value)), ("all", all)]);
        output.WriteLine();
        (string Name, NoteCounts Counts)[] byHours = [.. composers.Select(composer => (composer.Key, composer.Value)).OrderByDescending(composer => composer.Value.Seconds)];
        if (byHours.Length > 0)
        {
            WriteCounts(output, "composer", byHours.Take(MostComposers));
            output.WriteLine(byHours.Length > MostComposers ? $"and {byHours.Length - MostComposers} more" : "");
        }

        var histograms = new NoteHistograms([.. splits.Select(split => (split.Key.ToString().ToLowerInvariant(), split.Value))]);
        foreach ((string name, Histogram chart) in new NoteHistograms([("all", all)]).Charts)
        {
            output.WriteLine(ToLine(name, chart));
        }

        if (pictures is null)
        {
            return;
        }

        foreach ((string name, Histogram chart) in histograms.Charts)
        {
            OutputFolder.Draw(pictures, name, chart.ToSvg());
        }

        if (byHours.Length > 0)
        {
            OutputFolder.Draw(
                pictures,
                "composers",
                new BarChart("Composers", "hours", [.. byHours.Take(MostDrawn).Select(composer => (composer.Name, composer.Counts.Seconds / 3600))]).ToSvg());
        }

        output.WriteLine($"drawn into {pictures.FullName}");
    }

    private static NoteCounts CountsOf<T>(SortedDictionary<T, NoteCounts> groups, T group)
        where T : notnull
    {
        if (!groups.TryGetValue(group, out NoteCounts? counts))
        {
            groups.Add(group, counts = new NoteCounts());
        }

        return counts;
    }

    private static void WriteCounts(TextWriter output, string name, IEnumerable<(string Name, NoteCounts Counts)> groups) => TextTable.Write(
        output, [name, "pieces", "notes", "hours", "notes a second", "pedal down"], groups.Select(group => (string[])
        [
            group.Name, Text($"{group.Counts.Pieces}"), Text($"{group.Counts.Notes}"), Text($"{group.Counts.Seconds / 3600:F1}"),
            Text($"{group.Counts.Notes / Math.Max(1e-9, group.Counts.Seconds):F1}"), Text($"{group.Counts.PedalSeconds / Math.Max(1e-9, group.Counts.Seconds):P0}"),
        ]));

    /// <summary>A histogram as one line of text.</summary>
    private static string ToLine(string name, Histogram chart)
    {
        const string levels = " ▁▂▃▄▅▆▇█";
        IReadOnlyList<double> weights = chart.Series[0].Weights;
        double most = Math.Max(1e-9, weights.Max());
        string line = string.Concat(weights.Select(weight => levels[(int)Math.Ceiling(weight / most * (levels.Length - 1))]));
        return $"{name,-9}|{line}|  {chart.Ticks?[0].Label ?? "0"} to {chart.Ticks?[^1].Label ?? Text($"{chart.Edges[^1]}")}";
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
