using System.CommandLine;
using System.CommandLine.Help;
using MusicRnn.Devices.Alsa;
using MusicRnn.Devices.Files;
using MusicRnn.Devices.Jack;
using MusicRnn.Devices.Null;

namespace MusicRnn.Host.Commands;

/// <summary>The program: <c>musicrnn</c> and its commands.</summary>
internal sealed class MusicRnnCommand : ExampleCommand
{
    /// <summary>Makes the commands.</summary>
    public MusicRnnCommand(Workplace workplace)
        : base("musicrnn", "A piano that answers: play, pause, and it carries on from what you played, in time, until you play again.")
    {
        Examples =
        [
            ("musicrnn demo", "hear it: needs no keyboard, leaves a MIDI file, a WAV file and a picture"),
            ("musicrnn run", "play with it: a MIDI keyboard in, the answer out"),
            ("musicrnn continue seed.mid -o out.mid", "let it carry on a MIDI file"),
        ];
        Notes = "musicrnn COMMAND --help tells all of a command. Exit codes: 0 done, 1 failed, 2 wrong arguments.";
        var help = new HelpOption();
        help.Action = new ExampleHelp((HelpAction)help.Action!);
        Options.Add(help);
        Options.Add(new VersionOption());
        Subcommands.Add(new DemoCommand(workplace));
        Subcommands.Add(new RunCommand(workplace));
        Subcommands.Add(new DevicesCommand([new JackBackend(), new AlsaBackend(), new FileBackend(), new NullBackend()]));
        Subcommands.Add(new ContinueCommand(workplace));
        Subcommands.Add(new GenerateCommand(workplace));
        Subcommands.Add(new TakesCommand(workplace));
        Subcommands.Add(new ReplayCommand(workplace));
        Subcommands.Add(new RenderCommand(workplace));
        Subcommands.Add(new DatasetCommand(workplace));
        Subcommands.Add(new TrainCommand());
        Subcommands.Add(new EvaluateCommand(workplace));
        Subcommands.Add(new ModelCommand(workplace));
        Subcommands.Add(new PlotCommand());
    }
}
