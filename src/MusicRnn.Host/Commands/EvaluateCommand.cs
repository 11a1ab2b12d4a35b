using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MusicRnn.Host.Services;
using MusicRnn.Model;
using MusicRnn.Performance;
using MusicRnn.Training;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn evaluate</c>: how well a network expects music.</summary>
internal sealed class EvaluateCommand : ExampleCommand
{
    private static readonly string[] Splits = [.. Enum.GetNames<Split>().Select(name => name.ToLowerInvariant())];

    /// <summary>Makes the command.</summary>
    public EvaluateCommand(Workplace workplace)
        : base("evaluate", "Tells how well a network expects the notes of whole pieces, each from its beginning, in nats a note.")
    {
        var model = new Option<FileInfo>("--model") { Description = "The weights; without it, the shipped ones." };
        model.Validators.Add(InputFile.Check);
        var data = new Option<FileSystemInfo>("--data") { Description = "A corpus, or a folder of MIDI files.", Required = true };
        data.Validators.Add(InputFile.CheckAny);
        var split = new Option<Split>("--split")
        {
            HelpName = string.Join('|', Splits),
            Description = "Which of its pieces.",
            DefaultValueFactory = _ => Split.Validation,
            CustomParser = ReadSplit,
        };
        var json = new Option<bool>("--json") { Description = "As JSON, for other programs." };
        var turns = new Option<bool>("--turns") { Description = "Instead: how well each turn rule knows the end of a piece, as a table." };
        var continuations = new Option<bool>("--continuations") { Description = "Instead: how its answers to passages compare with how the pieces go on, as a table." };
        var seeds = new NumberOption<int>("--seeds", "How many passages are answered, for --continuations and --plots.", 2, 100_000, value: 200);
        var seed = new NumberOption<int>("--seed", "Chooses the passages and every note of the answers.", 0, int.MaxValue, value: 1);
        var temperature = new SettingOption("--temperature", "Parameters:temperature", "NUMBER", "How daring the answers are, 0.1 to 2. Default 1.", workplace);
        var topP = new SettingOption("--top-p", "Parameters:topP", "NUMBER", "The share of likely notes that the answers are drawn from, 0.5 to 1. Default 0.97.", workplace);
        var plots = new Option<string>("--plots") { HelpName = "FOLDER", Description = "Draw into this folder, too: expected against played, calibration, real against generated." };
        var threads = new NumberOption<int>("--threads", "Threads to work with.", 1, 256, value: Environment.ProcessorCount);
        foreach (Option option in (Option[])[model, data, split, json, plots, continuations, seeds, seed, temperature, topP, turns, threads])
        {
            Options.Add(option);
        }

        Validators.Add(result =>
        {
            if (result.GetValue(turns) && result.GetValue(continuations))
            {
                result.AddError("--turns and --continuations are two evaluations; ask for one at a time.");
            }

            if (result.GetValue(turns) && result.GetResult(plots) is not null)
            {
                result.AddError("--turns is not drawn; leave out --plots.");
            }
        });
        Examples =
        [
            ("musicrnn evaluate --data notes.corpus --split validation --json", "the shipped network on the validation pieces"),
            ("musicrnn evaluate --data notes.corpus --plots pictures", "and as pictures"),
            ("musicrnn evaluate --data notes.corpus --continuations --temperature 0.9", "how its answers compare with the truth"),
            ("musicrnn evaluate --data notes.corpus --turns", "what the patience knob stands for"),
        ];
        Notes = """
            Nats are counted over frames of 10 ms. `pitch` is marginalised over the step, `pitchGivenStep` is not; `total` sums step, pitchGivenStep, velocity
            and duration. The pedal's nats are not part of it. Accuracies are of the marginalised pitch. `quantisation` is what the fewer bits of the instrument's
            weights lose, over the first 2048 notes of up to 16 pieces. `composers` has the same figures for each composer.

            --plots draws histograms of answers where a piece has 160 notes or more, as --continuations needs it.

            --continuations plays 32 notes of a piece and compares the 128 that are answered with the 128 that really follow. An overlap is the share that two
            distributions of 64 notes have in common; beside that of answers stand that of the true continuation's own halves, and that with another piece.
            The same --seed gives the same figures.
            """;
        SetAction(parsed =>
        {
            string path = parsed.GetValue(model)?.FullName ?? workplace.Installation.Resolve("models/maestro.safetensors");
            using Network network = ModelFile.Load(path);
            TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
            DirectoryInfo? folder = parsed.GetValue(plots) is { } pictures ? OutputFolder.Make(pictures, "--plots") : null;
            WithPieces(parsed.GetValue(data)!.FullName, parsed.GetValue(split), error, pieces =>
            {
                if (parsed.GetValue(turns))
                {
                    IReadOnlyList<TurnFigures> figures = Show(error, "hearing", "pieces", tell => EvaluateTurns(network, pieces, tell));
                    output.WriteLine(parsed.GetValue(json) ? ToJson(figures) : TurnFigures.ToTable(figures));
                    return;
                }

                int workers = parsed.GetRequiredValue(threads)!.Value;
                if (parsed.GetValue(continuations))
                {
                    ContinuationFigures figures = Continue();
                    WriteContinuations(figures, parsed.GetValue(json), output);
                    if (figures.InKey.Shuffled is null)
                    {
                        error.WriteLine($"musicrnn: no answer is compared with another piece, for only one has {ContinuationEvaluation.LeastNotes} notes or more: add others, or choose another --split.");
                    }

                    if (folder is not null)
                    {
                        EvaluationPictures.DrawContinuations(figures, folder);
                    }

                    return;
                }

                using var team = new ThreadTeam(workers);
                IReadOnlyList<(string Composer, Losses Losses)> composers = Show(error, "judging", "notes", tell => Evaluation.RunByComposer(network, pieces, team, marginalEvery: 1, tell));
                Quantisation quantisation = Show(error, "playing", "pieces", tell => Quantisation.Measure(network, pieces, team, tell));
                Write(composers, quantisation, parsed.GetValue(json), output);
                if (folder is not null)
                {
                    Show(error, "hearing", "pieces", tell =>
                    {
                        EvaluationPictures.DrawPredictions(network, pieces, folder, tell);
                        return true;
                    });
                    if (pieces.Any(piece => piece.Notes.Length >= ContinuationEvaluation.LeastNotes))
                    {
                        EvaluationPictures.DrawContinuations(Continue(), folder);
                    }
                    else
                    {
                        error.WriteLine($"musicrnn: the histograms are left out, for no piece has the {ContinuationEvaluation.LeastNotes} notes that an answer is compared over: add longer ones, or choose another --split.");
                    }

                    error.WriteLine($"drawn into {folder.FullName}");
                }

                ContinuationFigures Continue()
                {
                    var knobs = new ParameterTable();
                    Turn(ParameterTable.Temperature, parsed.GetValue(temperature));
                    Turn(ParameterTable.TopP, parsed.GetValue(topP));
                    int count = parsed.GetRequiredValue(seeds)!.Value;
                    return Show(error, "answering", "passages", tell => ContinuationEvaluation.Run(
                        network, pieces, count, (ulong)parsed.GetRequiredValue(seed)!.Value, knobs, workers, done => tell(done, count)));

                    void Turn(int parameter, string? value)
                    {
                        if (value is not null)
                        {
                            knobs.SetUnit(parameter, double.Parse(value, CultureInfo.InvariantCulture));
                        }
                    }
                }
            });
            return ExitCode.Done;
        });
    }

    private static Split ReadSplit(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        int split = Array.FindIndex(Splits, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (split < 0)
        {
            result.AddError($"--split is {string.Join(", ", Splits.SkipLast(1))} or {Splits[^1]}, not \"{text}\".");
        }

        return (Split)Math.Max(0, split);
    }

    private static T Show<T>(TextWriter error, string name, string unit, Func<Action<long, long>, T> work) =>
        WorkProgress.ShowAsync(error, name, unit, tell => Task.Run(() => work(tell))).GetAwaiter().GetResult();

    private static void WriteContinuations(ContinuationFigures figures, bool json, TextWriter output)
    {
        if (!json)
        {
            output.WriteLine($"{figures.Seeds} passages of {ContinuationEvaluation.SeedNotes} notes, answered by {ContinuationEvaluation.AnswerNotes}");
            TextTable.Write(output, ["", "answers", "the piece itself", "another piece"], figures.Rows);
            return;
        }

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            foreach ((string key, double? value) in figures.Values)
            {
                if (value is double known)
                {
                    writer.WriteNumber(key, Math.Round(known, 4));
                }
                else
                {
                    writer.WriteNull(key);
                }
            }

            writer.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static IReadOnlyList<TurnFigures> EvaluateTurns(Network network, CorpusPiece[] pieces, Action<long, long> progress)
    {
        using var evaluation = new TurnEvaluation(network);
        for (int i = 0; i < pieces.Length; i++)
        {
            evaluation.Hear(pieces[i].ToPiece());
            progress(i + 1, pieces.Length);
        }

        return evaluation.Figures;
    }

    private static string ToJson(IReadOnlyList<TurnFigures> figures)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (TurnFigures figure in figures)
            {
                writer.WriteStartObject();
                writer.WriteString("rule", figure.Rule.ToString());
                writer.WriteNumber("setting", figure.Setting);
                writer.WriteNumber("falsePerMinute", Math.Round(figure.FalsePerMinute, 4));
                if (figure.MedianWait is double seconds)
                {
                    writer.WriteNumber("medianWait", Math.Round(seconds, 4));
                }
                else
                {
                    writer.WriteNull("medianWait");
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WithPieces(string data, Split split, TextWriter error, Action<CorpusPiece[]> use)
    {
        string? made = Directory.Exists(data) ? Path.GetTempFileName() : null;
        try
        {
            if (made is not null)
            {
                DatasetPrepareCommand.BuildAsync(data, made, error, CancellationToken.None).GetAwaiter().GetResult();
            }

            using Corpus corpus = Corpus.Open(made ?? data);
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

    private static void Write(IReadOnlyList<(string Composer, Losses Losses)> composers, Quantisation quantisation, bool json, TextWriter output)
    {
        var all = new Losses();
        foreach ((_, Losses losses) in composers)
        {
            all.Add(losses);
        }

        if (!json)
        {
            TextTable.Write(output, ["", "notes", "total", "step", "pitch", "given step", "velocity", "duration", "pedal", "top-1", "top-5"],
                [Row("all", all), .. composers.Where(_ => composers.Count > 1).Select(item => Row(item.Composer, item.Losses))]);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"as played, with weights of four and eight bits: {quantisation.Live - quantisation.Trained:+0.0000;-0.0000} nats a note, over {quantisation.Notes} notes, the first {Quantisation.MostNotes} at most of each of {quantisation.Pieces} pieces"));
            return;
        }

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            WriteFigures(writer, all);
            writer.WriteNumber("nats.quantisation", Math.Round(quantisation.Live - quantisation.Trained, 4));
            writer.WriteNumber("quantisation.notes", quantisation.Notes);
            writer.WriteStartObject("composers");
            foreach ((string composer, Losses losses) in composers)
            {
                writer.WriteStartObject(composer);
                WriteFigures(writer, losses);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));

        static string[] Row(string name, Losses losses)
        {
            double notes = losses.Notes, marginal = losses.MarginalNotes;
            return
            [
                name, losses.Notes.ToString(CultureInfo.InvariantCulture), .. ((double[])
                [
                    losses.Total / notes, losses.Step / notes, losses.MarginalPitch / marginal, losses.Pitch / notes,
                    losses.Velocity / notes, losses.Duration / notes, losses.Pedal / notes,
                ]).Select(nats => nats.ToString("F3", CultureInfo.InvariantCulture)),
                (losses.MarginalTop1 / marginal).ToString("P1", CultureInfo.InvariantCulture), (losses.MarginalTop5 / marginal).ToString("P1", CultureInfo.InvariantCulture),
            ];
        }
    }

    private static void WriteFigures(Utf8JsonWriter writer, Losses losses)
    {
        double notes = losses.Notes, marginal = losses.MarginalNotes;
        writer.WriteNumber("notes", losses.Notes);
        writer.WriteNumber("nats.total", Math.Round(losses.Total / notes, 4));
        writer.WriteNumber("nats.step", Math.Round(losses.Step / notes, 4));
        writer.WriteNumber("nats.pitch", Math.Round(losses.MarginalPitch / marginal, 4));
        writer.WriteNumber("nats.pitchGivenStep", Math.Round(losses.Pitch / notes, 4));
        writer.WriteNumber("nats.velocity", Math.Round(losses.Velocity / notes, 4));
        writer.WriteNumber("nats.duration", Math.Round(losses.Duration / notes, 4));
        writer.WriteNumber("nats.pedal", Math.Round(losses.Pedal / notes, 4));
        writer.WriteNumber("accuracy.pitchTop1", Math.Round(losses.MarginalTop1 / marginal, 4));
        writer.WriteNumber("accuracy.pitchTop5", Math.Round(losses.MarginalTop5 / marginal, 4));
    }
}
