using System.CommandLine;
using System.Globalization;
using MusicRnn.Host.Options;
using MusicRnn.Host.Services;
using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Notes;
using MusicRnn.Performance;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn replay</c>: plays a take's input again through the same model and seed, and compares.</summary>
internal sealed class ReplayCommand : ExampleCommand
{
    /// <summary>Makes the command.</summary>
    public ReplayCommand(Workplace workplace)
        : base("replay", "Plays what you played in a take again through the same model and seed, and says whether the machine answers with the same notes.")
    {
        var take = new TakeArgument();
        var model = new SettingOption("--model", "Model:Path", "FILE", "The weights that it was played with.", workplace, isPath: true);
        var output = new Option<string>("--output", "-o") { HelpName = "FILE", Description = "Write what was played now as a take of its own." };
        Arguments.Add(take);
        foreach (Option option in (Option[])[model, output, TakesCommand.FolderOption(workplace)])
        {
            Options.Add(option);
        }

        var arguments = new SettingsArguments(this, workplace);
        Examples =
        [
            ("musicrnn replay \"2026-05-04 21.30.00\"", "is the take what this model plays?"),
            ("musicrnn replay take.mid --model other.safetensors -o again.mid", "with the weights it names, kept"),
        ];
        Notes = "Exit code 0: the same notes, to the take's last tick of 20 microseconds. 1: other notes, and where the first is; or another model.";
        SetAction(parsed =>
        {
            Settings settings = arguments.Read(parsed);
            string file = take.FileIn(workplace.Takes(settings), parsed);
            var again = OutputFile.Of(parsed.GetValue(output), "-o");
            OutputFile.KeepApart([file, .. arguments.Inputs(parsed, settings)], again);
            Replay(file, workplace.Installation.Resolve(settings.Model.Path), again, parsed.InvocationConfiguration.Output);
            return ExitCode.Done;
        });
    }

    private static void Replay(string file, string model, OutputFile? output, TextWriter console)
    {
        Take take = TakeFile.Read(file);
        using Network network = ModelFile.Load(model);
        if (network.Hash != take.Header.ModelHash)
        {
            throw new CommandException($"{file} was played with the model {take.Header.ModelHash}, and {model} is {network.Hash}. Name the one that it was played with by --model.");
        }

        ReplayReport report = TakeReplay.Run(take, network);
        output?.Write(path => TakeFile.Write(report.Replayed with { Header = report.Replayed.Header with { Began = take.Header.Began, Font = take.Header.Font } }, path));
        if (!report.IsSame)
        {
            throw new CommandException($"{file} is not what the model plays. The first difference: {Difference(take, report)}.");
        }

        console.WriteLine($"The same: to your {take.PlayerNotes} notes the machine plays {take.MachineNotes}, each as in {file}.");
        if (output is not null)
        {
            console.WriteLine($"Written to {output.Path}.");
        }
    }

    private static string Difference(Take take, ReplayReport report)
    {
        return $"the take has {Name(report.Recorded)}, the replay {Name(report.Played)}";

        string Name(TimedMessage? message) => message is TimedMessage some
            ? string.Create(CultureInfo.InvariantCulture, $"{What(some.Message)} at {(some.Stamp - take.FindZero()) / 1e9:0.00000} s")
            : "nothing more";
    }

    private static string What(MidiMessage message) => message switch
    {
        { IsNoteOn: true } => $"{PitchNames.Of(message.Data1)} at velocity {message.Data2}",
        { IsNoteOff: true } => $"the end of {PitchNames.Of(message.Data1)}",
        { Kind: MidiKind.ControlChange } => $"controller {message.Data1} at {message.Data2}",
        { Kind: MidiKind.ProgramChange } => $"program {message.Data1}",
        _ => message.ToString(),
    };
}
