using System.CommandLine;
using System.Globalization;
using MusicRnn.Host.Options;
using MusicRnn.Host.Services;
using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Notes;
using MusicRnn.Performance;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn demo</c>: what the instrument does, for those who have no keyboard at hand.</summary>
internal sealed class DemoCommand : ExampleCommand
{
    private const int DefaultSeed = 1;
    private readonly Workplace _workplace;

    /// <summary>Makes the command.</summary>
    public DemoCommand(Workplace workplace)
        : base("demo", "Plays a phrase to the instrument and lets it answer: needs no keyboard, and leaves a MIDI file, a WAV file and a picture.")
    {
        _workplace = workplace;
        var output = new Option<string>("--output", "-o")
        {
            HelpName = "FOLDER",
            Description = $"Where the files go.\nDefault: a new folder in {DemosFolder}.",
        };
        var fast = new Option<bool>("--fast") { Description = "Do not play it in real time: the same notes, as fast as they can be computed." };
        var audio = new SettingOption("--audio", "Audio:Output", "auto|none|jack|alsa[:NAME]", "Where sound goes to.", workplace);
        var seed = new SettingOption("--seed", "Model:Seed", "NUMBER", $"Each number gives another answer. Default: {DefaultSeed}, or the settings' own.", workplace);
        var model = new SettingOption("--model", "Model:Path", "FILE", "The weights that answer.", workplace, isPath: true);
        foreach (Option option in (Option[])[output, fast, audio, seed, model])
        {
            Options.Add(option);
        }

        Validators.Add(result =>
        {
            if (result.GetValue(fast) && result.GetValue(audio) is not (null or "none"))
            {
                result.AddError("--fast plays nothing aloud; what it would sound like is written as take.wav. Leave out --audio.");
            }
        });
        var arguments = new SettingsArguments(this, workplace);
        Examples =
        [
            ("musicrnn demo", "hear it, and see it"),
            ("musicrnn demo --seed 2", "hear another answer to the same phrase"),
            ("musicrnn demo --fast -o demo", "without waiting, into this folder"),
        ];
        Notes = $"""
            The phrase is {SeedPhrase.Title}.
            take.mid holds it and the answer in two tracks, take.wav is their sound, take.svg their picture; phrase.mid is the phrase alone.
            """;
        SetAction(async (parsed, stop) =>
        {
            using var signals = new StopSignals(stop);
            await RunAsync(arguments.Read(parsed), parsed.GetValue(output), parsed.GetValue(fast), parsed.InvocationConfiguration.Output, signals.Token);
            return ExitCode.Done;
        });
    }

    private string DemosFolder => Path.Combine(_workplace.Folders.Data, "demos");

    private async Task RunAsync(Settings settings, string? output, bool fast, TextWriter console, CancellationToken stop)
    {
        string folder = Path.GetFullPath(output ?? Path.Combine(DemosFolder, TimeProvider.System.GetLocalNow().ToString("yyyy-MM-dd HH.mm.ss", CultureInfo.InvariantCulture)));
        using Network network = ModelFile.Load(_workplace.Installation.Resolve(settings.Model.Path));
        OutputFolder.Make(folder, "-o");
        OutputFile phrase = File("phrase.mid"), picture = File("take.svg"), heard = File("take.wav"), kept = File("take.mid");
        phrase.Write(WritePhrase);
        Prepare(settings, phrase.Path, folder, fast);
        var sound = Sound.Open(settings, _workplace.Installation);
        var choice = RigChoice.Make(settings, _workplace.Installation);
        using (var run = new FileRun(_workplace, settings, choice, network, sound, fast))
        {
            console.WriteLine($"Played to the machine{(fast ? "" : " in real time, which takes half a minute")}: {SeedPhrase.Title}.");
            if (!fast)
            {
                console.WriteLine(choice.Audio.Kind != SourceKind.None ? $"Listen: it sounds on {run.Rig.Audio.Name}."
                    : choice.Missing.Length > 0 ? $"No sound device was found; listen to take.wav afterwards.\n  {choice.Missing}"
                    : "Listen to take.wav afterwards.");
            }

            await run.PlayAsync(stop);
            if (choice.Audio.Kind != SourceKind.None && run.Rig.Audio.Status is { State: not DeviceState.Running } status)
            {
                console.WriteLine($"It could not be heard: {status.Text}");
            }

            if (run.JournalFault is { } fault)
            {
                throw new CommandException($"what was played could not be kept in {folder}: {fault}. Name another folder by -o.");
            }

            string take = run.Finish() ?? throw new CommandException("stopped before the first note.");
            kept.Write(path => System.IO.File.Move(take, path, overwrite: true));
        }

        if (stop.IsCancellationRequested)
        {
            throw new CommandException($"stopped; what was played until then is in {kept.Path}.");
        }

        var file = MidiFile.Read(kept.Path);
        heard.Write(path => SoundFile.Write(path, file, sound.Make(settings.Audio.SampleRate), stop));
        picture.Write(TakePicture.Of(file, SeedPhrase.Title).ToSvg());
        console.WriteLine($"The machine answered its {Count(file, 0)} notes with {Count(file, 1)}.");
        console.WriteLine($"In {folder}: take.mid, take.wav, take.svg, phrase.mid.");

        OutputFile File(string name) => new(Path.Combine(folder, name), "-o");
    }

    private static void WritePhrase(string path)
    {
        var file = new MidiFileWriter();
        NoteWriter.Write(file.AddTrack(SeedPhrase.Title), SeedPhrase.Piece);
        file.Write(path);
    }

    /// <summary>Makes settings for the demo of the user's: the phrase comes in, one answer comes out, and it is kept in the folder.</summary>
    private static void Prepare(Settings settings, string phrase, string folder, bool fast)
    {
        settings.Midi = new MidiOptions
        {
            Input = "file:" + phrase,
            Output = "none",
            PlayerChannel = settings.Midi.PlayerChannel,
            MachineChannel = settings.Midi.MachineChannel,
        };
        settings.Audio.Output = fast ? "none" : settings.Audio.Output;
        settings.Takes.Folder = folder;
        settings.Model.Seed ??= DefaultSeed;
        Drop(ParameterTable.Mode);
        Drop(ParameterTable.MinimumNotes);
        Drop(ParameterTable.Rule, nameof(TurnRule.Pedal));
        Drop(ParameterTable.Length, ParameterTable.EndlessLength.ToString(CultureInfo.InvariantCulture));

        void Drop(int parameter, string? value = null)
        {
            string id = ParameterTable.Rows[parameter].Id;
            if (value is null || value.Equals(settings.Parameters.GetValueOrDefault(id), StringComparison.OrdinalIgnoreCase))
            {
                settings.Parameters.Remove(id);
            }
        }
    }

    private static int Count(MidiFile file, int track) => file.Messages.Count(item => item.Track == track && item.Message.IsNoteOn);
}
