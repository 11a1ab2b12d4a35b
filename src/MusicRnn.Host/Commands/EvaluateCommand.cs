using System.CommandLine;
using System.Text;
using System.Text.Json;
using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn evaluate</c>: how well a network expects music.</summary>
internal sealed class EvaluateCommand : ExampleCommand
{
    /// <summary>Makes the command.</summary>
    public EvaluateCommand(Workplace workplace)
        : base("evaluate", "Tells how well a network expects the notes of whole pieces, each from its beginning, in nats a note.")
    {
        var model = new Option<FileInfo>("--model") { Description = "The weights; without it, the shipped ones." };
        model.AcceptExistingOnly();
        var data = new Option<FileSystemInfo>("--data") { Description = "A corpus, or a folder of MIDI files.", Required = true };
        data.AcceptExistingOnly();
        var split = new Option<Split>("--split") { Description = "Which of its pieces.", DefaultValueFactory = _ => Split.Validation };
        var json = new Option<bool>("--json") { Description = "As JSON, for other programs." };
        var turns = new Option<bool>("--turns") { Description = "Instead: how well each turn rule knows the end of a piece, as a table." };
        var threads = new Option<int>("--threads") { Description = "Threads to work with, 1 to 256.", DefaultValueFactory = _ => Environment.ProcessorCount };
        foreach (Option option in (Option[])[model, data, split, json, turns, threads])
        {
            Options.Add(option);
        }

        Examples =
        [
            ("musicrnn evaluate --data notes.corpus --split validation --json", "the shipped network on the validation pieces"),
            ("musicrnn evaluate --data notes.corpus --turns", "what the patience knob stands for"),
        ];
        Notes = """
            Nats are counted over frames of 10 ms. `pitch` is marginalised over the step, `pitchGivenStep` is not; `total` sums step, pitchGivenStep, velocity
            and duration. The pedal's nats are not part of it. Accuracies are of the marginalised pitch.
            """;
        SetAction(parsed =>
        {
            string path = parsed.GetValue(model)?.FullName ?? workplace.Installation.Resolve("models/maestro.safetensors");
            using Network network = Network.Load(path);
            TextWriter output = parsed.InvocationConfiguration.Output;
            WithPieces(parsed.GetValue(data)!.FullName, parsed.GetValue(split), pieces =>
            {
                if (parsed.GetValue(turns))
                {
                    output.WriteLine(TurnFigures.ToTable(EvaluateTurns(network, pieces)));
                    return;
                }

                using var team = new ThreadTeam(Math.Clamp(parsed.GetValue(threads), 1, 256));
                Losses losses = Evaluation.Run(network, pieces, team, marginalEvery: 1);
                output.WriteLine(parsed.GetValue(json) ? ToJson(losses) : losses.ToString());
            });
            return ExitCode.Done;
        });
    }

    private static IReadOnlyList<TurnFigures> EvaluateTurns(Network network, CorpusPiece[] pieces)
    {
        using var evaluation = new TurnEvaluation(network);
        foreach (CorpusPiece piece in pieces)
        {
            evaluation.Hear(piece.ToPiece());
        }

        return evaluation.Figures;
    }

    private static void WithPieces(string data, Split split, Action<CorpusPiece[]> use)
    {
        string file = data;
        string? made = null;
        if (Directory.Exists(data))
        {
            file = made = Path.GetTempFileName();
            CorpusBuilder.Build(data, made);
        }

        try
        {
            using Corpus corpus = Corpus.Open(file);
            CorpusPiece[] pieces = [.. corpus.Pieces.Where(piece => piece.Split == split && piece.Notes.Length > 1)];
            if (pieces.Length == 0)
            {
                throw new CommandException($"{data} has no piece of two notes or more for {split.ToString().ToLowerInvariant()}; choose another with --split.");
            }

            use(pieces);
        }
        finally
        {
            if (made is not null)
            {
                File.Delete(made);
            }
        }
    }

    private static string ToJson(Losses losses)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            double notes = losses.Notes;
            writer.WriteStartObject();
            writer.WriteNumber("notes", losses.Notes);
            writer.WriteNumber("nats.total", Math.Round(losses.Total / notes, 4));
            writer.WriteNumber("nats.step", Math.Round(losses.Step / notes, 4));
            writer.WriteNumber("nats.pitch", Math.Round(losses.MarginalPitch / losses.MarginalNotes, 4));
            writer.WriteNumber("nats.pitchGivenStep", Math.Round(losses.Pitch / notes, 4));
            writer.WriteNumber("nats.velocity", Math.Round(losses.Velocity / notes, 4));
            writer.WriteNumber("nats.duration", Math.Round(losses.Duration / notes, 4));
            writer.WriteNumber("nats.pedal", Math.Round(losses.Pedal / notes, 4));
            writer.WriteNumber("accuracy.pitchTop1", Math.Round((double)losses.MarginalTop1 / losses.MarginalNotes, 4));
            writer.WriteNumber("accuracy.pitchTop5", Math.Round((double)losses.MarginalTop5 / losses.MarginalNotes, 4));
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
