using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using MusicRnn.Host.Options;
using MusicRnn.Host.Services;
using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Notes;
using MusicRnn.Performance;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn generate</c>: <c>continue</c> with the answer alone, and with nothing to begin from, if that is wished.</summary>
internal sealed class GenerateCommand : ExampleCommand
{
    private readonly Workplace _workplace;
    private readonly Option<FileInfo> _seedMidi = new("--seed-midi") { HelpName = "FILE", Description = "A MIDI file that it goes on from; without it, it begins from silence." };
    private readonly SettingOption _seed;
    private readonly SettingsArguments _arguments;

    /// <summary>Makes the command.</summary>
    public GenerateCommand(Workplace workplace)
        : base("generate", "Makes music: so many notes, from silence or as a MIDI file goes on.")
    {
        _workplace = workplace;
        _seedMidi.Validators.Add(InputFile.Check);
        _seed = new SettingOption("--seed", "Model:Seed", "NUMBER", "The same options and number give the same notes. By default another each time.", workplace);
        foreach (Option option in (Option[])
        [
            _seedMidi,
            new NumberOption<int>("--notes", "How many notes; up to a quarter more, to close like a phrase.", 1, ContinueCommand.MostNotes) { Required = true },
            new SettingOption("--temperature", "Parameters:temperature", "NUMBER", "How daring it is, 0.1 to 2; 1 is as the music it learned.", workplace),
            new SettingOption("--top-p", "Parameters:topP", "NUMBER", "The share of likely notes that it draws from, 0.5 to 1.", workplace),
            new Option<string>("--instrument") { HelpName = "NAME", Description = "The instrument: a General MIDI name, a part of one, or a number from 0 to 127." },
            new Option<string>("--output", "-o") { HelpName = "FILE", Description = "The MIDI file to write.", Required = true },
            new Option<string>("--wav") { HelpName = "FILE", Description = "Write it as sound, too." },
            new Option<string>("--plot") { HelpName = "FILE", Description = "Write it as a picture (SVG), too." },
            _seed,
            new SettingOption("--model", "Model:Path", "FILE", "The weights.", workplace, isPath: true),
        ])
        {
            Options.Add(option);
        }

        _arguments = new SettingsArguments(this, workplace);
        Examples =
        [
            ("musicrnn generate --notes 200 -o new.mid --wav new.wav", "two hundred notes out of silence, to hear"),
            ("musicrnn generate --seed-midi seed.mid --notes 200 --temperature 0.9 --instrument vibraphone -o new.mid", "as the seed might go on"),
        ];
        Notes = """
            Out of silence, the file begins with the first note; after a seed, with the rest that lies between the seed's end and the first note.
            musicrnn continue does the same with the seed before it, and knows more options.
            """;
        SetAction(parsed => Generate(parsed));
    }

    private int Generate(ParseResult parsed)
    {
        Settings settings = _arguments.Read(parsed);
        int seed = settings.Model.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        List<string> arguments = [.. Given(parsed), "--only-answer"];
        if (parsed.GetResult(_seed) is null)
        {
            arguments.AddRange(["--seed", seed.ToString(CultureInfo.InvariantCulture)]);
        }

        if (parsed.GetValue(_seedMidi) is { } file)
        {
            return Continue(new ContinueCommand(_workplace), [file.FullName, .. arguments], parsed.InvocationConfiguration);
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("musicrnn-");
        try
        {
            string opening = Path.Combine(folder.FullName, "silence.mid");
            WriteOpening(opening, settings, seed);
            return Continue(new ContinueCommand(_workplace) { BeginsFromSilence = true }, [opening, .. arguments], parsed.InvocationConfiguration);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What was typed after the command's name, without what <c>continue</c> has as an argument.</summary>
    private static IEnumerable<string> Given(ParseResult parsed)
    {
        bool isSeed = false;
        foreach (Token token in parsed.Tokens.Where(token => token.Type is TokenType.Option or TokenType.Argument))
        {
            if (token.Value == "--seed-midi")
            {
                isSeed = true;
            }
            else if (isSeed)
            {
                isSeed = false;
            }
            else
            {
                yield return token.Value;
            }
        }
    }

    private void WriteOpening(string path, Settings settings, int seed)
    {
        ParameterTable table = ParameterSettings.ToTable(settings.Parameters);
        using Network network = ModelFile.Load(_workplace.Installation.Resolve(settings.Model.Path));
        var file = new MidiFileWriter();
        NoteWriter.Write(file.AddTrack(), Opening.Of(network, table.Unit(ParameterTable.Temperature), (ulong)seed));
        file.Write(path);
    }

    private static int Continue(ContinueCommand command, string[] arguments, InvocationConfiguration console)
    {
        ParseResult parsed = command.Parse(arguments);
        return parsed.Errors.Count == 0
            ? parsed.Invoke(console)
            : throw new CommandException(string.Join(" ", parsed.Errors.Select(error => error.Message).Distinct()), ExitCode.WrongArguments);
    }
}
