using System.CommandLine;
using System.Security.Cryptography;
using MusicRnn.Host.Options;
using MusicRnn.Host.Services;
using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Notes;
using MusicRnn.Performance;
using MusicRnn.Synthesis;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn continue</c>: carries on a MIDI file, in no more time than it takes to compute.</summary>
internal sealed class ContinueCommand : ExampleCommand
{
    /// <summary>The longest continuation, in notes.</summary>
    public const int MostNotes = 100_000;
    private const double MostSeconds = 36_000;

    private readonly Workplace _workplace;
    private readonly Argument<FileInfo> _seedFile = new("seed") { HelpName = "seed.mid", Description = "The MIDI file to carry on." };
    private readonly Option<string> _output = new("--output", "-o") { HelpName = "FILE", Description = "The MIDI file to write: your track, and the machine's.", Required = true };
    private readonly NumberOption<int> _notes = new("--notes", "Notes to add; by default as many as the seed has.", 1, MostNotes);
    private readonly NumberOption<double> _seconds = new("--seconds", "Or: seconds to add.", 0.1, MostSeconds);
    private readonly Option<string> _instrument = new("--instrument") { HelpName = "NAME", Description = "The machine's instrument: a General MIDI name, a part of one, or a number from 0 to 127. By default the seed's own." };
    private readonly Option<bool> _onlyAnswer = new("--only-answer") { Description = "Write the continuation alone; time begins where the seed ends." };
    private readonly Option<string> _wav = new("--wav") { HelpName = "FILE", Description = "Write it as sound, too." };
    private readonly Option<string> _plot = new("--plot") { HelpName = "FILE", Description = "Write it as a picture (SVG), too: a piano roll in two colours." };
    private readonly SettingsArguments _arguments;

    /// <summary>Makes the command.</summary>
    public ContinueCommand(Workplace workplace)
        : base("continue", "Carries on a MIDI file: the machine hears all of it as one phrase, and answers.")
    {
        _workplace = workplace;
        _seedFile.Validators.Add(InputFile.Check);
        Validators.Add(result =>
        {
            if (result.GetResult(_notes) is not null && result.GetResult(_seconds) is not null)
            {
                result.AddError("--notes and --seconds both say how long the continuation is; give one of them.");
            }
        });
        var temperature = new SettingOption("--temperature", "Parameters:temperature", "NUMBER", "How daring it is, 0.1 to 2; 1 is as the music it learned.", workplace);
        var topP = new SettingOption("--top-p", "Parameters:topP", "NUMBER", "The share of likely notes that it draws from, 0.5 to 1.", workplace);
        var seed = new SettingOption("--seed", "Model:Seed", "NUMBER", "The same file, options and number give the same notes. By default another each time.", workplace);
        var model = new SettingOption("--model", "Model:Path", "FILE", "The weights.", workplace, isPath: true);
        Arguments.Add(_seedFile);
        foreach (Option option in (Option[])[_output, _notes, _seconds, temperature, topP, seed, _instrument, _onlyAnswer, _wav, _plot, model])
        {
            Options.Add(option);
        }

        _arguments = new SettingsArguments(this, workplace);
        Examples =
        [
            ("musicrnn continue seed.mid -o out.mid", "as long again as the seed"),
            ("musicrnn continue seed.mid -o out.mid --seconds 30 --wav out.wav --plot out.svg", "half a minute more, to hear and to see"),
            ("musicrnn continue seed.mid -o out.mid --seed 7 --temperature 0.8 --instrument cello", "tamer, on another instrument, and repeatable"),
        ];
        Notes = """
            A continuation closes like a phrase: at the first longer step after what was asked for, and within a quarter more of it; the last chord may ring on.
            Tempos and time signatures are the seed's; the last ones hold on. Drums (channel 10) are left out. Lengths, time scale and the rest that is not
            said here is as the settings' Parameters say: --set Parameters:timeScale=1.5.
            """;
        SetAction(parsed =>
        {
            Run(parsed);
            return ExitCode.Done;
        });
    }

    /// <summary>Whether the seed is what the machine itself began with: it is not told of, and an answer that stands alone begins with its first note.</summary>
    public bool BeginsFromSilence { get; init; }

    private void Run(ParseResult parsed)
    {
        Settings settings = _arguments.Read(parsed);
        string seedPath = parsed.GetValue(_seedFile)!.FullName;
        OutputFile output = new(parsed.GetValue(_output)!, "-o");
        OutputFile? wav = OutputFile.Of(parsed.GetValue(_wav), "--wav"), plot = OutputFile.Of(parsed.GetValue(_plot), "--plot");
        OutputFile.KeepApart([seedPath, .. _arguments.Inputs(parsed, settings)], output, wav, plot);
        wav?.CheckSound();

        var file = MidiFile.Read(seedPath);
        Piece piece = NoteReader.Read(file);
        if (piece.Notes.Count == 0)
        {
            throw new CommandException($"{seedPath} has no notes to carry on (drums, on channel 10, do not count). Choose another file.");
        }

        ParameterTable table = ParameterSettings.ToTable(settings.Parameters);
        int? seedProgram = ProgramOf(file);
        table.SetUnit(ParameterTable.Program, Program(parsed.GetValue(_instrument), seedProgram, table));
        AskedLength? length = parsed.GetValue(_notes) is int notes ? AskedLength.OfNotes(notes) : parsed.GetValue(_seconds) is double seconds ? AskedLength.OfSeconds(seconds) : null;
        if (length is null && table.Step(ParameterTable.Length) == ParameterTable.EndlessLength)
        {
            throw new CommandException("the settings ask for answers without end (Parameters:length); say how long this one is by --notes or --seconds.", ExitCode.WrongArguments);
        }

        var improviser = new ImproviserSettings
        {
            Seed = (ulong)(settings.Model.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue)),
            MachineChannel = settings.Midi.MachineChannel - 1,
            PlayerChannel = settings.Midi.PlayerChannel - 1,
            StateController = null,
            Length = length,
        };
        using Network network = ModelFile.Load(_workplace.Installation.Resolve(settings.Model.Path));
        Sound? sound = wav is null ? null : Sound.Open(settings, _workplace.Installation);
        var continuation = Continuation.Of(piece, network, table, improviser);

        long? answerFrom = !parsed.GetValue(_onlyAnswer) ? null : BeginsFromSilence ? continuation.Answer().Notes[0].Onset : continuation.SeedEnd;
        output.Write(path => ContinuationFile.Write(continuation, file, seedProgram ?? settings.Sound.PlayerProgram, answerFrom, path));
        if (wav is not null || plot is not null)
        {
            MidiFile written = MidiFile.Read(output.Path);
            using var signals = new StopSignals(CancellationToken.None);
            wav?.Write(path => SoundFile.Write(path, written, sound!.Make(settings.Audio.SampleRate), signals.Token));
            string title = BeginsFromSilence ? Path.GetFileNameWithoutExtension(output.Path) : $"{Path.GetFileNameWithoutExtension(seedPath)}, carried on";
            plot?.Write(TakePicture.Of(written, title).ToSvg());
        }

        Tell(parsed.InvocationConfiguration.Output, continuation, answerFrom ?? 0, table, sound, [.. new[] { output, wav, plot }.OfType<OutputFile>().Select(written => written.Path)]);
    }

    /// <summary>The instrument that the file asks for: the last one on the channel that has the most notes; null where it asks for none.</summary>
    private static int? ProgramOf(MidiFile file)
    {
        const int Drums = 9;
        int channel = file.Messages.Where(item => item.Message.IsNoteOn && item.Message.Channel != Drums).GroupBy(item => item.Message.Channel).MaxBy(group => group.Count())!.Key;
        return file.Messages.Where(item => item.Message.Kind == MidiKind.ProgramChange && item.Message.Channel == channel)
            .Select(item => (int?)item.Message.Data1).LastOrDefault();
    }

    private static int Program(string? asked, int? ofSeed, ParameterTable table)
    {
        try
        {
            return asked is not null ? GeneralMidiNames.Find(asked)
                : ofSeed is int program && table.IsOn(ParameterTable.FollowProgram) ? program
                : table.Step(ParameterTable.Program);
        }
        catch (ArgumentException exception)
        {
            throw new CommandException($"--instrument: {exception.Message}", ExitCode.WrongArguments);
        }
    }

    private void Tell(TextWriter console, Continuation continuation, long zero, ParameterTable table, Sound? sound, string[] written)
    {
        IReadOnlyList<Note> played = continuation.Answer().Notes;
        int program = table.Step(ParameterTable.Program);
        int heard = continuation.Seed.Notes.Count;
        string beginning = BeginsFromSilence ? "Began from silence" : $"Heard {heard} {(heard == 1 ? "note" : "notes")} in {Minutes.Format(continuation.SeedEnd)}";
        console.WriteLine($"{beginning}; added {played.Count} from {Minutes.Format(played[0].Onset - zero)} to {Minutes.Format(played.Max(note => note.Release) - zero)} on {GeneralMidiNames.Of(program)}.");
        if (sound?.Bank is SoundBank bank && bank.Explain(bank.Find(0, program), program) is { } explanation)
        {
            console.WriteLine(explanation);
        }

        console.WriteLine($"Written to {string.Join(", ", written)}.");
        console.WriteLine($"The same again: --seed {continuation.Take.Header.Settings.Seed}");
    }
}
