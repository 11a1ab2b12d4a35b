using MusicRnn.Host.Tests.Jack;
using MusicRnn.Midi;
using MusicRnn.Model;

namespace MusicRnn.Host.Tests.Services;

/// <summary>The instrument on a JACK server of its own, a client that plays to it, and one that records what comes out.</summary>
internal sealed class JackStage : IDisposable
{
    public const int Machine = 1; // the machine's channel, counted from 0
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _home = new();
    private readonly JackServer _server;
    private readonly JackClient _player;
    private readonly JackClient _recorder;
    private readonly string _model;

    public JackStage(string name, Network network, bool waits = true)
    {
        _server = new JackServer($"musicrnn-{name}-{Environment.ProcessId}", waits: waits);
        _player = _server.Join("player");
        _recorder = _server.Join("recorder");
        _model = _home.File("small.safetensors");
        network.Save(_model, new Dictionary<string, string>());
    }

    public HostProcess Instrument { get; private set; } = null!;

    public JackClient Recorder => _recorder;

    public string TakeFolder => _home.File(Path.Combine("data", "musicrnn", "takes"));

    public string Settings => _home.File(Path.Combine("config", "musicrnn", "appsettings.json"));

    /// <summary>What was heard on the machine's channel, in order.</summary>
    public FramedMessage[] Heard => [.. _recorder.Recorded.Where(heard => heard.Message.Channel == Machine)];

    /// <summary>What was heard on the player's channel, in order.</summary>
    public MidiMessage[] HeardThru => [.. _recorder.Recorded.Select(heard => heard.Message).Where(message => message.Channel == 0)];

    /// <summary>Starts the instrument and waits until it can be played.</summary>
    /// <param name="wire">Whether the recorder connects itself.</param>
    /// <param name="arguments">More options.</param>
    public void Start(bool wire, params string[] arguments)
    {
        Instrument = new HostProcess(
            _home, ["run", "--model", _model, "--seed", "7", "--set", "Panel:Enabled=false", .. arguments], new() { ["JACK_DEFAULT_SERVER"] = _server.Name, ["JACK_NO_START_SERVER"] = "1" });
        Instrument.WaitForLine("Ready:");
        Waiting.Until(() => _recorder.PortExists("MusicRnn:midi_in"), "the ports", Patience);
        _player.ConnectTo("MusicRnn:midi_in");
        if (wire)
        {
            _recorder.RecordFrom("MusicRnn:midi_out");
            _recorder.ListenTo("MusicRnn:out_l");
        }
    }

    /// <summary>Plays messages, and says at which frame the first of them begins.</summary>
    public uint Play(IEnumerable<FramedMessage> messages) => _player.Play(messages);

    /// <summary>What was played, at the frames that it really went out at.</summary>
    public IReadOnlyList<FramedMessage> Sent => _player.Sent;

    /// <summary>A phrase of eight notes, a quarter of a second apart but for a player's unevenness.</summary>
    public static IEnumerable<FramedMessage> Phrase()
    {
        int[] pitches = [60, 62, 64, 65, 67, 65, 64, 62];
        for (int i = 0; i < pitches.Length; i++)
        {
            uint onset = (uint)((i * 12_000) + (i * 37 % 480) + 100);
            yield return new FramedMessage(onset, MidiMessage.NoteOn(0, pitches[i], 60 + (3 * i)));
            yield return new FramedMessage(onset + 9_000, MidiMessage.NoteOff(0, pitches[i]));
        }
    }

    /// <summary>Waits until the machine, of which so many messages had been heard, has answered and is idle again.</summary>
    public void WaitForAnswer(int from = 0) => Waiting.Until(
        () => States(from) is { Length: > 1 } states && states.Contains(2) && states[^1] == 0, "an answer", Patience);

    public void WaitUntilReceiversAreRemembered()
    {
        string file = _home.File(Path.Combine("runtime", "musicrnn", "receivers.txt"));
        Waiting.Until(() => File.Exists(file) && File.ReadAllText(file).Contains("recorder", StringComparison.Ordinal), file, Patience);
    }

    public void WaitForMachine(Func<FramedMessage[], bool> until, string what) => Waiting.Until(() => until(Heard), what, Patience);

    /// <summary>Keys of the machine that sound after some messages.</summary>
    public static HashSet<int> Sounding(IEnumerable<FramedMessage> heard)
    {
        var sounding = new HashSet<int>();
        foreach (FramedMessage message in heard)
        {
            if (message.Message.IsNoteOn)
            {
                Assert.True(sounding.Add(message.Message.Data1), $"Key {message.Message.Data1} was struck while it sounded.");
            }
            else if (message.Message.IsNoteOff)
            {
                sounding.Remove(message.Message.Data1);
            }
        }

        return sounding;
    }

    public void Dispose()
    {
        if (Instrument is { HasExited: false })
        {
            Instrument.Send(Signal.Terminate); // a server that waits for its clients does not bear their being killed
            Instrument.WaitForExit();
        }

        Instrument?.Dispose();
        _player.Dispose();
        _recorder.Dispose();
        _server.Dispose();
        _home.Dispose();
    }

    private int[] States(int from) => [.. Heard.Skip(from).Where(heard => heard.Message.IsControl(119)).Select(heard => (int)heard.Message.Data2)];
}
