using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MusicRnn.Host.Options;
using MusicRnn.Performance;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn takes</c>: what was played, session by session.</summary>
internal sealed class TakesCommand : ExampleCommand
{
    private const int HashLetters = 8;

    /// <summary>Makes the command.</summary>
    public TakesCommand(Workplace workplace)
        : base("takes", "Lists the sessions that were played: each is kept as a MIDI file of two tracks, yours and the machine's.")
    {
        var json = new Option<bool>("--json") { Description = "As JSON, for other programs." };
        Options.Add(json);
        Options.Add(FolderOption(workplace));
        var arguments = new SettingsArguments(this, workplace);
        Subcommands.Add(new CutCommand(workplace));
        Examples =
        [
            ("musicrnn takes", "what there is"),
            ("musicrnn takes --json | jq '.[].file'", "the files' paths"),
            ("musicrnn takes cut \"2026-05-04 21.30.00\" --from 1:05 --to 1:40 -o best.mid", "a part of one, as a file of its own"),
        ];
        Notes = """
            A session that a crash or a power cut has ended is made a take of here, up to its last moment, as it is when the instrument starts.
            """;
        SetAction(parsed =>
        {
            TakeFolder folder = workplace.Takes(arguments.Read(parsed));
            TextWriter error = parsed.InvocationConfiguration.Error;
            foreach (string recovered in folder.Recover((journal, reason) => error.WriteLine($"musicrnn: {journal} was left by an earlier run and cannot be made a take of: {reason}")))
            {
                error.WriteLine($"musicrnn: an earlier run ended early; what was played is kept in {recovered}");
            }

            (string File, Take Take)[] takes = [.. folder.List((file, reason) => error.WriteLine($"musicrnn: {Path.GetFileName(file)} is passed over: {reason}"))];
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(ToJson(takes, folder.Playing));
            }
            else
            {
                Write(output, folder, takes);
            }

            return ExitCode.Done;
        });
    }

    /// <summary>The option that names another folder of takes.</summary>
    public static SettingOption FolderOption(Workplace workplace)
    {
        var option = new SettingOption("--folder", "Takes:Folder", "FOLDER", "Where the takes are, in place of the settings' folder.", workplace, isPath: true);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: { Length: > 0 } folder }] && !Path.Exists(folder))
            {
                result.AddError($"--folder: there is no folder {Path.GetFullPath(folder)}.");
            }
        });
        return option;
    }

    private static void Write(TextWriter output, TakeFolder folder, (string File, Take Take)[] takes)
    {
        IReadOnlyList<string> playing = folder.Playing;
        if (takes.Length + playing.Count == 0)
        {
            output.WriteLine($"There are no takes in {folder.Path} yet. `musicrnn run` keeps one of every session that is played.");
            return;
        }

        output.WriteLine($"Takes in {folder.Path}");
        if (takes.Length > 0)
        {
            TextTable.Write(output, ["take", "began", "length", "your notes", "machine's", "model", "seed"], takes.Select(item => new[]
            {
                Path.GetFileNameWithoutExtension(item.File),
                item.Take.Header.Began.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                Minutes.Format(item.Take.FindLength()),
                item.Take.PlayerNotes.ToString(CultureInfo.InvariantCulture),
                item.Take.MachineNotes.ToString(CultureInfo.InvariantCulture),
                item.Take.Header.ModelHash[..Math.Min(HashLetters, item.Take.Header.ModelHash.Length)],
                item.Take.Header.Settings.Seed.ToString(CultureInfo.InvariantCulture),
            }));
        }

        foreach (string journal in playing)
        {
            output.WriteLine($"{Path.GetFileNameWithoutExtension(journal)} is being played");
        }
    }

    private static string ToJson((string File, Take Take)[] takes, IReadOnlyList<string> playing)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartArray();
            foreach ((string file, Take take) in takes)
            {
                writer.WriteStartObject();
                writer.WriteString("file", file);
                writer.WriteBoolean("playing", false);
                writer.WriteString("began", take.Header.Began);
                writer.WriteNumber("seconds", Math.Round(take.FindLength() / 1e9, 3));
                writer.WriteNumber("playerNotes", take.PlayerNotes);
                writer.WriteNumber("machineNotes", take.MachineNotes);
                writer.WriteString("model", take.Header.ModelHash);
                writer.WriteNumber("seed", take.Header.Settings.Seed);
                writer.WriteString("font", take.Header.Font);
                writer.WriteString("version", take.Header.Version);
                writer.WriteEndObject();
            }

            foreach (string journal in playing)
            {
                writer.WriteStartObject();
                writer.WriteString("file", journal);
                writer.WriteBoolean("playing", true);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class CutCommand : ExampleCommand
    {
        public CutCommand(Workplace workplace)
            : base("cut", "Writes a part of a take as a MIDI file of its own.")
        {
            var take = new TakeArgument();
            Option<string> from = Time("--from", "Where the part begins, as M:SS; notes struck before are left out."), to = Time("--to", "Where it ends; notes that sound are released there.");
            var output = new Option<string>("--output", "-o") { HelpName = "FILE", Description = "The MIDI file to write.", Required = true };
            Arguments.Add(take);
            foreach (Option option in (Option[])[from, to, output, FolderOption(workplace)])
            {
                Options.Add(option);
            }

            var arguments = new SettingsArguments(this, workplace);
            Examples = [("musicrnn takes cut \"2026-05-04 21.30.00\" --from 1:05 --to 1:40.5 -o best.mid", "thirty-five seconds of one")];
            Notes = "Times are counted from the beginning of the take's file.";
            SetAction(parsed =>
            {
                Settings settings = arguments.Read(parsed);
                string file = take.FileIn(workplace.Takes(settings), parsed);
                OutputFile part = new(parsed.GetRequiredValue(output), "-o");
                Minutes.TryParse(parsed.GetRequiredValue(from), out long begin);
                Minutes.TryParse(parsed.GetRequiredValue(to), out long end);
                if (begin >= end)
                {
                    throw new CommandException($"--from is {Minutes.Format(begin)}, and --to is {Minutes.Format(end)}, which is not later.", ExitCode.WrongArguments);
                }

                OutputFile.KeepApart([file, .. arguments.Inputs(parsed, settings)], part);
                Take whole = TakeFile.Read(file);
                if (begin >= whole.FindLength())
                {
                    throw new CommandException($"--from is {Minutes.Format(begin)}, and {file} ends at {Minutes.Format(whole.FindLength())}.");
                }

                (int player, int machine) = (0, 0);
                part.Write(path => (player, machine) = TakeCut.Write(file, begin, end, path));
                parsed.InvocationConfiguration.Output.WriteLine($"{player} of your notes and {machine} of the machine's are in {part.Path}.");
                return ExitCode.Done;
            });
        }

        private static Option<string> Time(string name, string description)
        {
            var option = new Option<string>(name) { HelpName = "M:SS", Description = description, Required = true };
            option.Validators.Add(result =>
            {
                if (result.Tokens.Count == 1 && !Minutes.TryParse(result.Tokens[0].Value, out _))
                {
                    result.AddError($"{name} is \"{result.Tokens[0].Value}\"; minutes and seconds are expected, as in 1:05.");
                }
            });
            return option;
        }
    }
}
