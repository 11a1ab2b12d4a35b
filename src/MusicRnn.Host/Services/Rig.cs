using MusicRnn.Devices;
using MusicRnn.Devices.Alsa;
using MusicRnn.Devices.Files;
using MusicRnn.Devices.Jack;
using MusicRnn.Devices.Null;
using MusicRnn.Host.Options;
using MusicRnn.Host.Panel;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Host.Services;

/// <summary>
/// What is played on: where notes come from, where notes and sound go to, the lanes between, and the clock that all of it
/// keeps. It outlives sessions: another model takes over on the same ports.
/// </summary>
internal sealed class Rig : IDisposable
{
    private readonly JackClient? _jack;
    private readonly AlsaMidi? _alsa;
    private readonly NoteLedger _midiLedger;
    private readonly NoteLedger _soundLedger = new();
    private readonly IReadOnlyList<ISteppedDevice> _stepped;
    private DeviceStepper? _stepper;
    private Func<long> _emittedUntil = () => long.MaxValue;

    private Rig(Settings settings, RigChoice choice, IClock? clock, NoteLedger ledger, IReadOnlyList<string> receivers, bool pages)
    {
        Choice = choice;
        _midiLedger = ledger;
        try
        {
            _jack = choice.Uses(SourceKind.Jack)
                ? new JackClient(new JackOptions
                {
                    MidiTo = receivers,
                    LightsController = KnobSettings.StateController(settings.Knobs),
                    MidiFrom = choice.MidiInput.Kind == SourceKind.Jack ? null : [],
                    AudioTo = choice.Audio.Kind == SourceKind.Jack ? null : [],
                })
                : null;
            Clock = clock ?? _jack?.Clock ?? MonotonicClock.Instance;
            _alsa = choice.MidiInput.Kind == SourceKind.Alsa || choice.MidiOutput.Kind == SourceKind.Alsa
                ? new AlsaMidi(Clock, new AlsaMidiOptions
                {
                    InputDevice = choice.MidiInput.Kind != SourceKind.Alsa ? "" : choice.MidiInput.Name.Length > 0 ? choice.MidiInput.Name : "auto",
                    OutputDevices = choice.MidiOutput.Kind != SourceKind.Alsa ? [] : choice.MidiOutput.Name.Length > 0 ? [choice.MidiOutput.Name] : receivers,
                })
                : null;
            Start = Clock.Now;
            MidiInput = choice.MidiInput.Kind switch
            {
                SourceKind.Jack => _jack!.MidiInput,
                SourceKind.Alsa => _alsa!.Input,
                SourceKind.File => new MidiFileInput(choice.MidiInput.Name, Start),
                _ => new NullMidiInput(),
            };
            MidiOutput = choice.MidiOutput.Kind switch
            {
                SourceKind.Jack => _jack!.MidiOutput,
                SourceKind.Alsa => _alsa!.Output,
                SourceKind.File => new MidiFileOutput(choice.MidiOutput.Name, Start),
                _ => new NullMidiOutput(),
            };
            Audio = choice.Audio.Kind switch
            {
                SourceKind.Jack => _jack!.Audio,
                SourceKind.Alsa => new AlsaAudio(Clock, new AlsaAudioOptions
                {
                    Device = choice.Audio.Name.Length > 0 ? choice.Audio.Name : "default",
                    SampleRate = settings.Audio.SampleRate,
                    PeriodFrames = settings.Audio.PeriodFrames,
                    Periods = settings.Audio.Periods,
                }),
                SourceKind.File => new WavFileOutput(choice.Audio.Name, Start, settings.Audio.SampleRate),
                _ => new NullAudioOutput(),
            };
        }
        catch // a file that cannot be opened: whoever tries other devices needs what is open already
        {
            Dispose();
            throw;
        }

        MidiLane = new OutputLane(_midiLedger, returns: choice.MidiOutput.Kind is SourceKind.Jack or SourceKind.Alsa);
        SoundLane = new OutputLane(_soundLedger, returns: false);
        Page = pages ? new PagePorts(Clock) : null;
        Lanes = Page is null ? [MidiLane, SoundLane] : [MidiLane, SoundLane, Page.Notes, Page.Sound];
        Player = new PlayerInput(MidiInput.Name, PlayerOptions(settings), Lanes);
        Page?.Hang(PlayerOptions(settings), Lanes);
        Doors = Page is null ? [Player] : [Player, Page.Door];
        Sinks = [.. Lanes, .. (IOutputSink[])(_alsa is null ? [] : [new KeyboardLights(_alsa)]), .. (IOutputSink[])(Page is null ? [] : [Page.Decisions])];
        _stepped = [.. Devices.OfType<ISteppedDevice>()];
    }

    /// <summary>Which devices it is made of.</summary>
    public RigChoice Choice { get; }

    /// <summary>The clock of every stamp.</summary>
    public IClock Clock { get; }

    /// <summary>The stamp that it was opened at: files begin there.</summary>
    public long Start { get; }

    /// <summary>Where the player's notes come from.</summary>
    public IMidiInput MidiInput { get; }

    /// <summary>Where notes go to.</summary>
    public IMidiOutput MidiOutput { get; }

    /// <summary>Where sound goes to.</summary>
    public IAudioOutput Audio { get; }

    /// <summary>The way to <see cref="MidiOutput"/>.</summary>
    public OutputLane MidiLane { get; }

    /// <summary>The way to <see cref="Audio"/>.</summary>
    public OutputLane SoundLane { get; }

    /// <summary>What pages play and listen through; null where none are served.</summary>
    public PagePorts? Page { get; }

    /// <summary>Every lane.</summary>
    public IReadOnlyList<OutputLane> Lanes { get; }

    /// <summary>The door that the player comes in by.</summary>
    public PlayerInput Player { get; }

    /// <summary>Every door that anybody comes in by.</summary>
    public IReadOnlyList<PlayerInput> Doors { get; }

    /// <summary>Whether anything but a page is heard.</summary>
    public bool HasSound => Audio is not NullAudioOutput;

    /// <summary>Every device, inputs first.</summary>
    public IReadOnlyList<IDevice> Devices => [MidiInput, MidiOutput, Audio];

    /// <summary>What is missing in the files that were recorded to, or of the file that is played in, as sentences with the next move. All is known only once it is closed.</summary>
    public IEnumerable<string> Losses => Devices.Where(device => device.Status.State == DeviceState.Failed)
        .Select(device => $"{device.Name} {device.Status.Text}. What was played after that is missing there: make room, or name another file, and play it again.")
        .Concat(IsTooDense ? [$"{File!.Name} has more at one moment than an instrument that is played has room for: some of it was not heard. Thin it out, or let `musicrnn continue` answer it, which takes any file."] : []);

    /// <summary>Where the improviser's events go.</summary>
    public IReadOnlyList<IOutputSink> Sinks { get; }

    /// <summary>The file that is played in; null where something else is.</summary>
    public MidiFileInput? File => MidiInput as MidiFileInput;

    // Nobody plays a thousand messages at once; a file may have them.
    private bool IsTooDense => File is not null && (MidiLane.Overflows > 0 || SoundLane.Overflows > 0 || Player.Unread > 0 || Player.Overruns > 0);

    /// <summary>Opens the devices. What the machine lacks is not an error: the devices look for it.</summary>
    /// <param name="settings">How they are to be used.</param>
    /// <param name="choice">Which they are.</param>
    /// <param name="ledgers">Where the ledger of what sounds at a MIDI receiver is kept.</param>
    /// <param name="clock">A clock to keep instead of the devices' own.</param>
    /// <param name="pages">Whether pages play along.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">The file to be played in is no MIDI file.</exception>
    public static Rig Open(Settings settings, RigChoice choice, LedgerFolder ledgers, IClock? clock = null, bool pages = false)
    {
        bool outlives = choice.MidiOutput.Kind is SourceKind.Jack or SourceKind.Alsa;
        NoteLedger ledger = outlives ? ledgers.Open() : new NoteLedger();
        IReadOnlyList<string> receivers = ledger.IsSilent ? [] : ledgers.Receivers;
        return new Rig(settings, choice, clock, ledger, receivers, pages);
    }

    /// <summary>How the player's door treats what comes in, by the settings.</summary>
    private static PlayerInputOptions PlayerOptions(Settings settings) => new()
    {
        Channel = settings.Midi.Channel > 0 ? settings.Midi.Channel - 1 : null,
        ThruChannel = settings.Midi.PlayerChannel - 1,
        Curve = settings.Midi.VelocityCurve,
        FixedVelocity = settings.Midi.FixedVelocity,
        EchoWindow = settings.Midi.EchoMilliseconds * 1_000_000L,
    };

    /// <summary>Takes up how players are treated.</summary>
    public void Apply(Settings settings)
    {
        Player.Options = PlayerOptions(settings);
        Page?.Apply(PlayerOptions(settings));
    }

    /// <summary>Lets the devices begin: what is played sounds from now on.</summary>
    /// <param name="instruments">Makes the synthesiser for a sample rate.</param>
    public void Begin(Func<int, IInstrument> instruments)
    {
        MidiOutput.Start(MidiLane);
        Audio.Start(SoundLane, instruments);
        MidiInput.Start(Player);
    }

    /// <summary>Takes files along in real time.</summary>
    /// <param name="emittedUntil">The stamp before which every event of the improviser has been emitted.</param>
    public void Run(Func<long> emittedUntil)
    {
        Volatile.Write(ref _emittedUntil, emittedUntil);
        if (_stepped.Count > 0)
        {
            _stepper ??= new DeviceStepper(Clock, _stepped, () => Volatile.Read(ref _emittedUntil)());
        }
    }

    /// <summary>Takes files along to a stamp, on a virtual clock: before the improviser has run those ahead of the clock, after it those behind.</summary>
    public void Step(long now, bool before)
    {
        foreach (ISteppedDevice device in _stepped)
        {
            if ((device.Ahead > 0) == before)
            {
                device.Step(now + device.Ahead);
            }
        }
    }

    /// <summary>Releases what sounds and closes every device.</summary>
    public void Dispose()
    {
        _stepper?.Dispose();
        Page?.Dispose();
        foreach (IDevice? device in Devices)
        {
            device?.Dispose(); // none where opening it failed
        }

        _jack?.Dispose();
        _alsa?.Dispose();
        _midiLedger.Dispose();
        _soundLedger.Dispose();
    }

    /// <summary>Gives the state for lights to the keyboards of ALSA, at their own ports.</summary>
    private sealed class KeyboardLights(AlsaMidi alsa) : IOutputSink
    {
        public void Emit(in OutputEvent output)
        {
            if (output.Kind == OutputKind.Midi && output.Message.Kind == MidiKind.ControlChange && !PlayerInputOptions.Sounds(output.Message.Data1))
            {
                alsa.SendToKeyboards(output.Message);
            }
        }
    }
}
