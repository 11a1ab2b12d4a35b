using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using MusicRnn.Host.Services;
using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn train</c>: trains a network on a corpus.</summary>
internal sealed class TrainCommand : ExampleCommand
{
    /// <summary>Makes the command.</summary>
    public TrainCommand()
        : base("train", "Trains a network on a corpus. Ctrl-C saves; --resume goes on with the same bits.")
    {
        var defaults = new TrainingOptions();
        var data = new Option<FileInfo>("--data") { Description = "The corpus, from `dataset prepare`.", Required = true };
        data.Validators.Add(InputFile.CheckCorpus);
        var output = new Option<string>("--output", "-o") { HelpName = "FILE", Description = "Where the best weights go; the checkpoint stands beside them.", DefaultValueFactory = _ => "model.safetensors" };
        var from = new Option<FileInfo>("--from") { Description = "Weights to go on from, for fine-tuning. What is written is never worse than these on the validation pieces." };
        from.Validators.Add(InputFile.Check);
        var config = new Option<FileInfo>("--config") { Description = "Options as a JSON object, such as {\"notes\": 2e6, \"shape\": {\"layers\": 2, \"hidden\": 256, \"embedding\": 128, \"head\": 128}}; those given here go before." };
        config.Validators.Add(InputFile.Check);
        var resume = new Option<bool>("--resume") { Description = "Go on from the checkpoint, with the options that it was begun with; only --millions may be another." };
        var millions = new NumberOption<double>("--millions", "How many million notes to learn from, repeats included.", 0.001, 100_000, value: defaults.Notes / 1e6);
        var rate = new NumberOption<double>("--rate", "The learning rate.", 1e-6, 0.1, value: defaults.Rate);
        var dropout = new NumberOption<double>("--dropout", "The share of each layer's outputs that is dropped.", 0, 0.9, value: defaults.Dropout);
        var every = new NumberOption<double>("--every", "Minutes between two reports with a checkpoint.", 0.05, 600, value: 5);
        var layers = new NumberOption<int>("--layers", "LSTM layers, for training from scratch.", 1, 8, value: defaults.Shape.Layers);
        var hidden = new NumberOption<int>("--hidden", "Cells in each layer, for training from scratch, a multiple of 16.", 16, 4096, value: defaults.Shape.Hidden, multiple: 16);
        var threads = new NumberOption<int>("--threads", "Threads to train with.", 1, 256, value: Environment.ProcessorCount);
        var seed = new NumberOption<int>("--seed", "Chooses every random number.", 0, int.MaxValue, value: (int)defaults.Seed);
        foreach (Option option in (Option[])[data, output, config, from, resume, millions, rate, dropout, every, layers, hidden, threads, seed])
        {
            Options.Add(option);
        }

        Validators.Add(result =>
        {
            if (result.GetResult(from) is not null)
            {
                foreach (Option option in ((Option[])[layers, hidden]).Where(option => result.GetResult(option) is { Implicit: false }))
                {
                    result.AddError($"{option.Name} is for training from scratch; with --from the network is as large as that one. Give one of them.");
                }
            }
        });
        Examples =
        [
            ("musicrnn train --data notes.corpus -o model.safetensors", "from scratch"),
            ("musicrnn train --data notes.corpus --config train.json", "with every option from a file"),
            ("musicrnn train --data notes.corpus -o model.safetensors --resume", "on from where it was stopped"),
            ("musicrnn train --data mine.corpus --from models/maestro.safetensors --rate 0.0003 --millions 1", "the shipped network, taught your own music"),
        ];
        Notes = """
            On a terminal a line is kept up to date: epoch, notes a second, the time left, and the losses of the four heads in nats a note. Twice an epoch the
            validation pieces are tried, after numbers of notes that depend on the corpus alone, so that the same seed gives the same weights; where the corpus
            has no validation pieces, a tenth of the training pieces serves as such. Training ends when the notes are through, or when validation has got no
            better for eight epochs. Beside the weights stand the losses as a table and as a picture, ending in .losses.csv and .losses.svg. docs/training.md
            says what each option in --config does.
            """;
        SetAction(parsed =>
        {
            var weights = new OutputFile(parsed.GetRequiredValue(output), "-o");
            string corpus = parsed.GetValue(data)!.FullName;
            string? start = parsed.GetValue(from)?.FullName;
            OutputFile.KeepApart(new[] { corpus, start, parsed.GetValue(config)?.FullName }.OfType<string>(), weights);
            string checkpoint = weights.Path + ".checkpoint";
            bool goOn = parsed.GetValue(resume);
            if (goOn != File.Exists(checkpoint))
            {
                throw new CommandException(
                    goOn ? $"there is no checkpoint {checkpoint} to go on from. Name the run's weights by -o, or begin one without --resume."
                        : $"{checkpoint} is the checkpoint of another run: go on with it by --resume, or move it away.",
                    ExitCode.WrongArguments);
            }

            TrainingOptions basis = goOn ? Trainer.OptionsOf(checkpoint) : defaults;
            basis = parsed.GetValue(config) is { } file ? basis.Read(file.FullName) : basis;
            var options = basis with
            {
                Shape = basis.Shape with { Layers = Given(layers, basis.Shape.Layers), Hidden = Given(hidden, basis.Shape.Hidden) },
                Notes = IsGiven(millions) ? (long)(parsed.GetRequiredValue(millions)!.Value * 1e6) : basis.Notes,
                Rate = Given(rate, basis.Rate),
                Dropout = Given(dropout, basis.Dropout),
                Seed = IsGiven(seed) ? (ulong)parsed.GetRequiredValue(seed)!.Value : basis.Seed,
            };
            using var signals = new StopSignals(CancellationToken.None);
            try
            {
                Train(corpus, weights.Path, start, goOn, options, parsed.GetRequiredValue(threads)!.Value,
                    TimeSpan.FromMinutes(parsed.GetRequiredValue(every)!.Value), parsed.InvocationConfiguration, signals.Token);
            }
            catch (NotFiniteNumberException exception)
            {
                throw new CommandException(exception.Message, ExitCode.Failed);
            }

            return ExitCode.Done;

            bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };

            T Given<T>(NumberOption<T> option, T otherwise)
                where T : struct, INumber<T> => IsGiven(option) ? parsed.GetRequiredValue(option)!.Value : otherwise;
        });
    }

    private static void Train(
        string data, string path, string? from, bool resume, TrainingOptions options, int threads, TimeSpan every, InvocationConfiguration streams, CancellationToken stop)
    {
        using Corpus corpus = Corpus.Open(data);
        using var team = new ThreadTeam(threads);
        using Network? start = from is null ? null : ModelFile.Load(from);
        using var trainer = new Trainer(corpus, options, team, path, start, resume);
        TextWriter output = streams.Output;
        bool isTerminal = ReferenceEquals(streams.Error, Console.Error) && !Console.IsErrorRedirected;
        long shown = 0;
        output.WriteLine(Gemm.Rounds(options.Precision)
            ? $"threads {threads}, factors of products in bfloat16, on the processor's matrix unit"
            : $"threads {threads}, factors of products in 32 bits");
        trainer.Run(every, progress =>
        {
            Clear();
            if (progress.Notes > 0)
            {
                output.WriteLine(Describe(progress, options));
                output.WriteLine($"  training    {progress.Training}");
            }
            else
            {
                output.WriteLine("as it begins");
            }

            if (progress.Validation is not null)
            {
                output.WriteLine($"  validation  {progress.Validation}");
            }

            output.Flush();
        }, isTerminal ? Glance : null, stop);
        Clear();
        output.WriteLine(stop.IsCancellationRequested ? $"stopped; --resume goes on from {trainer.CheckpointPath}"
            : trainer.HasSettled ? $"done, for validation gets no better any more; the best weights are in {path}"
            : $"done; the best weights are in {path}");

        void Glance(TrainingProgress progress)
        {
            if (shown == 0 || Stopwatch.GetElapsedTime(shown).TotalSeconds >= 1)
            {
                string line = Glimpse(progress, options);
                streams.Error.Write($"\r{line[..Math.Min(line.Length, Math.Max(20, Console.WindowWidth - 1))]}\u001b[K");
                shown = Stopwatch.GetTimestamp();
            }
        }

        void Clear()
        {
            if (shown != 0)
            {
                streams.Error.Write("\r\u001b[K");
            }
        }
    }

    private static string Describe(TrainingProgress progress, TrainingOptions options)
    {
        string notes = options.Notes >= 1_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{progress.Notes / 1e6:F2} of {options.Notes / 1e6:F2} million")
            : string.Create(CultureInfo.InvariantCulture, $"{progress.Notes:N0} of {options.Notes:N0}");
        return string.Create(CultureInfo.InvariantCulture,
            $"{notes} notes, epoch {progress.Epoch:F2}, {progress.NotesPerSecond:F0} notes/s, {Duration(Left(progress, options))} left, rate {progress.Rate:E1}, gradient {progress.GradientNorm:F2}");
    }

    /// <summary>What fits a terminal of 80 columns: epoch, notes a second, time left, losses by head.</summary>
    internal static string Glimpse(TrainingProgress progress, TrainingOptions options)
    {
        Losses losses = progress.Training;
        double notes = Math.Max(1, losses.Notes);
        return string.Create(CultureInfo.InvariantCulture,
            $"epoch {progress.Epoch:F1} {progress.NotesPerSecond:F0}/s {Duration(Left(progress, options))} step {losses.Step / notes:F2} pitch {losses.Pitch / notes:F2} velocity {losses.Velocity / notes:F2} duration {losses.Duration / notes:F2}");
    }

    private static double Left(TrainingProgress progress, TrainingOptions options) => Math.Max(0, options.Notes - progress.Notes) / progress.NotesPerSecond;

    /// <summary>A time as people say it, to the hour's minute or the minute's second.</summary>
    /// <param name="seconds">Any number; what is not known is told as such.</param>
    internal static string Duration(double seconds) => seconds switch
    {
        >= 0 and < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds)} s"),
        >= 60 and < 3600 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 60)} min"),
        >= 3600 and < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 3600)} h {Math.Floor(seconds % 3600 / 60)} min"),
        _ => "unknown time",
    };
}
