using System.CommandLine;
using MusicRnn.Host.Options;
using MusicRnn.Host.Services;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn run</c>: the instrument itself.</summary>
internal sealed class RunCommand : ExampleCommand
{
    /// <summary>Makes the command.</summary>
    public RunCommand(Workplace workplace)
        : base("run", "The instrument: a MIDI keyboard goes in, the answer comes out, until Ctrl-C.")
    {
        const string Midi = "auto|none|jack|alsa[:NAME]|file:PATH";
        var input = new SettingOption("--midi-in", "Midi:Input", Midi, "Where your notes come from.", workplace);
        var output = new SettingOption("--midi-out", "Midi:Output", Midi, "Where notes go to, yours and the machine's.", workplace);
        var audio = new SettingOption("--audio", "Audio:Output", Midi, "Where sound goes to; a file is WAV.", workplace);
        var model = new SettingOption("--model", "Model:Path", "FILE", "The weights that answer.", workplace, isPath: true);
        var font = new SettingOption("--soundfont", "Sound:SoundFont", "FILE", "The SoundFont that is heard.", workplace, isPath: true);
        var seed = new SettingOption("--seed", "Model:Seed", "NUMBER", "The same playing and the same seed give the same answers.", workplace);
        var once = new Option<bool>("--once") { Description = "End when the file that is played in has been played, answered, and has died away." };
        var fast = new Option<bool>("--fast") { Description = "With files alone: on a clock that waits for nobody, with the same notes. Ends as --once does." };
        foreach (Option option in (Option[])[input, output, audio, model, font, seed, once, fast])
        {
            Options.Add(option);
        }

        var arguments = new SettingsArguments(this, workplace);
        Examples =
        [
            ("musicrnn run", "play: JACK where a server runs, else ALSA"),
            ("musicrnn run --midi-in alsa:KeyStep --audio alsa:plughw:1", "this keyboard, that sound card"),
            ("musicrnn run --midi-in file:seed.mid --midi-out file:take.mid --audio file:take.wav --once", "let it answer a file"),
        ];
        Notes = """
            `musicrnn devices` lists what there is. Settings are read from the shipped file, yours on top of it, MUSICRNN__GROUP__KEY in the
            environment, and these options; an edited file is taken up while playing. Every session is kept as a take: `musicrnn takes`.
            """;
        SetAction(async (parsed, stop) =>
        {
            bool isFast = parsed.GetValue(fast), isOnce = parsed.GetValue(once) || isFast;
            var settings = new SettingsWatch(new SettingsReader(workplace.Schema), arguments.Sources(parsed));
            Settings current = settings.Current.Settings;
            if (isOnce)
            {
                Check(current, isFast);
            }

            string? played = FileOf(current.Midi.Input);
            OutputFile? notes = OutputFile.Of(FileOf(current.Midi.Output), "--midi-out"), sound = OutputFile.Of(FileOf(current.Audio.Output), "--audio");
            OutputFile.KeepApart([.. played is null ? (string[])[] : [played], .. arguments.Inputs(parsed, current)], notes, sound);
            sound?.CheckSound();
            if (played is not null && InputFile.Fault(played) is { } fault)
            {
                throw new CommandException($"{fault} Name one to be played in by --midi-in file:NAME.mid.", ExitCode.WrongArguments);
            }

            if (!isFast)
            {
                return await LiveRun.RunAsync(workplace, settings, isOnce ? RunMode.Once : RunMode.Service, stop);
            }

            using var signals = new StopSignals(stop);
            return await VirtualRun.RunAsync(workplace, current, parsed.InvocationConfiguration.Output, signals.Token);

            string? FileOf(string source) => Source.Parse(source).In(workplace.Installation) is { Kind: SourceKind.File, Name: var file } ? file : null;
        });
    }

    private static void Check(Settings settings, bool fast)
    {
        string option = fast ? "--fast" : "--once";
        if (Source.Parse(settings.Midi.Input).Kind != SourceKind.File)
        {
            throw new CommandException($"{option} ends when a file has been played: name one, as in --midi-in file:seed.mid.", ExitCode.WrongArguments);
        }

        if (ParameterSettings.Endlessness(ParameterSettings.ToTable(settings.Parameters)) is { } endlessness)
        {
            throw new CommandException(
                $"{option} ends when a file has been answered, and the settings ask for an answer without end: {endlessness}. Say how long it is, as in --set Parameters:mode=CallAndResponse --set Parameters:length=0.",
                ExitCode.WrongArguments);
        }

        (string Key, string Value)[] outputs = [("--midi-out", settings.Midi.Output), ("--audio", settings.Audio.Output)];
        foreach ((string key, string value) in outputs)
        {
            if (fast && Source.Parse(value).Kind is not (SourceKind.File or SourceKind.None or SourceKind.Auto))
            {
                throw new CommandException($"{key} is {value}, which keeps real time; with --fast it must be a file or none.", ExitCode.WrongArguments);
            }
        }
    }
}
