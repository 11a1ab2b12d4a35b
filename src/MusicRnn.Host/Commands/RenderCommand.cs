using System.CommandLine;
using MusicRnn.Host.Options;
using MusicRnn.Host.Services;
using MusicRnn.Midi;
using MusicRnn.Performance;
using MusicRnn.Synthesis;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn render</c>: makes sound of a MIDI file.</summary>
internal sealed class RenderCommand : ExampleCommand
{
    private const int Drums = 9;
    private const int BankFine = 32;

    private readonly Workplace _workplace;
    private readonly Argument<FileInfo> _file = new("file") { HelpName = "in.mid", Description = "The MIDI file." };
    private readonly Option<string> _output = new("--output", "-o") { HelpName = "FILE", Description = "The WAV file to write: stereo, 16 bits.", Required = true };
    private readonly Option<string> _instrument = new("--instrument")
    {
        HelpName = "NAME",
        Description = "Play all but the drums on this one: its name in the font or in General MIDI, a part of it, a number from 0 to 127, or BANK:NUMBER.",
    };

    private readonly SettingsArguments _arguments;

    /// <summary>Makes the command.</summary>
    public RenderCommand(Workplace workplace)
        : base("render", "Makes sound of a MIDI file, as fast as it can.")
    {
        _workplace = workplace;
        _file.Validators.Add(InputFile.Check);
        var font = new SettingOption("--soundfont", "Sound:SoundFont", "FILE", "The SoundFont that is heard.", workplace, isPath: true);
        var rate = new SettingOption("--rate", "Audio:SampleRate", "NUMBER", "Frames a second, 22050 to 192000; by default 48000.", workplace);
        Arguments.Add(_file);
        foreach (Option option in (Option[])[_output, font, _instrument, rate])
        {
            Options.Add(option);
        }

        _arguments = new SettingsArguments(this, workplace);
        Examples =
        [
            ("musicrnn render in.mid -o out.wav", "as the file says"),
            ("musicrnn render in.mid -o out.wav --instrument \"nylon guitar\"", "on another instrument"),
            ("musicrnn render in.mid -o out.wav --soundfont my.sf2 --rate 96000", "with another font, finer"),
            ("musicrnn render in.mid -o out.wav --set Sound:Reverb=0", "dry"),
        ];
        Notes = """
            What the font lacks is played by the system's General MIDI font where there is one (/usr/share/sounds/sf2, /usr/share/soundfonts), else by the
            font's nearest instrument; the command says so.
            """;
        SetAction(parsed =>
        {
            Run(parsed);
            return ExitCode.Done;
        });
    }

    private void Run(ParseResult parsed)
    {
        Settings settings = _arguments.Read(parsed);
        string path = parsed.GetValue(_file)!.FullName;
        OutputFile wav = new(parsed.GetValue(_output)!, "-o");
        OutputFile.KeepApart([path, .. _arguments.Inputs(parsed, settings)], wav);
        wav.CheckSound();

        var file = MidiFile.Read(path);
        var sound = Sound.Open(settings, _workplace.Installation);
        TimedMessage[] messages = [.. Played(file, Instrument(parsed.GetValue(_instrument), sound.Bank))];
        using var signals = new StopSignals(CancellationToken.None);
        wav.Write(to => SoundFile.Write(to, messages, file.Duration, sound.MakePlain(settings.Audio.SampleRate), signals.Token));
        TextWriter console = parsed.InvocationConfiguration.Output;
        foreach (string explanation in Explanations(messages, sound.Bank))
        {
            console.WriteLine(explanation);
        }

        console.WriteLine($"{messages.Count(item => item.Message.IsNoteOn)} notes in {Minutes.Format(file.Duration)} written to {wav.Path}.");
    }

    private static Preset? Instrument(string? asked, SoundBank bank)
    {
        try
        {
            return asked is null ? null
                : bank.Find(asked).Preset is { Bank: < Preset.PercussionBank } preset ? preset
                : throw new CommandException($"--instrument: {asked} is percussion, which only channel 10 of the file plays.", ExitCode.WrongArguments);
        }
        catch (ArgumentException exception)
        {
            throw new CommandException($"--instrument: {exception.Message}", ExitCode.WrongArguments);
        }
    }

    /// <summary>What the file says, but for its own instruments where another is asked for.</summary>
    private static IEnumerable<TimedMessage> Played(MidiFile file, Preset? instrument)
    {
        IEnumerable<TimedMessage> all = file.Messages.Select(item => new TimedMessage(item.Time, item.Message));
        if (instrument is null)
        {
            return all;
        }

        IEnumerable<TimedMessage> choice = Enumerable.Range(0, 16).Where(channel => channel != Drums).SelectMany(channel => new TimedMessage[]
        {
            new(0, MidiMessage.Control(channel, Controller.BankSelect, instrument.Bank)),
            new(0, MidiMessage.Program(channel, instrument.Program)),
        });
        return choice.Concat(all.Where(item => item.Message.Channel == Drums || !ChoosesInstrument(item.Message)));
    }

    private static bool ChoosesInstrument(MidiMessage message) =>
        message.Kind == MidiKind.ProgramChange || message.IsControl(Controller.BankSelect) || message.IsControl(BankFine);

    /// <summary>One sentence for each instrument that sounds and is not the font's own.</summary>
    private static IEnumerable<string> Explanations(IEnumerable<TimedMessage> messages, SoundBank bank)
    {
        var banks = new int[16];
        var chosen = new (int Bank, int Program)[16];
        chosen[Drums] = (Preset.PercussionBank, 0);
        var heard = new HashSet<(int Bank, int Program)>();
        foreach (MidiMessage message in messages.Select(item => item.Message))
        {
            if (message.IsControl(Controller.BankSelect))
            {
                banks[message.Channel] = message.Data2;
            }
            else if (message.Kind == MidiKind.ProgramChange)
            {
                chosen[message.Channel] = (message.Channel == Drums ? Preset.PercussionBank : banks[message.Channel], message.Data1);
            }
            else if (message.IsNoteOn)
            {
                heard.Add(chosen[message.Channel]);
            }
        }

        return heard.Order().Select(item => bank.Explain(bank.Find(item.Bank, item.Program), item.Program)).OfType<string>().Distinct();
    }
}
