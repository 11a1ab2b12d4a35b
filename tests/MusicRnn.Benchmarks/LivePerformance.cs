using MusicRnn.Devices.Jack;
using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Performance;
using MusicRnn.Synthesis;

namespace MusicRnn.Benchmarks;

/// <summary>
/// The real-time path as the service makes it, on a JACK server: the player's door, the improviser's thread, lanes, the synthesiser in JACK's own
/// thread; with a look at what both threads do. A C client plays and hears.
/// </summary>
internal sealed class LivePerformance : IDisposable, IOutputSink
{
    private const int Room = 1 << 16;
    private readonly JackServer _server;
    private readonly JackPeer _pianist;
    private readonly JackPeer _ear; // apart from the pianist: around a loop of clients each hears the other a period late
    private readonly JackClient _client;
    private readonly NoteLedger _midiLedger = new();
    private readonly NoteLedger _soundLedger = new();
    private readonly Network _network = PlayedNetwork.Open();
    private readonly Improviser _improviser;
    private readonly ImproviserThread _thread;
    private readonly MeteredInstrument _instrument;
    private readonly (long Emitted, OutputEvent Event)[] _emitted = new (long, OutputEvent)[Room];
    private readonly uint _markFrame;
    private readonly long _markStamp;
    private int _count;
    private long _firstAllocated = -1;
    private long _lastAllocated;
    private Exception? _failure;

    public LivePerformance(BenchmarkFolder folder, int period)
    {
        _server = new JackServer("musicrnn-live", period, folder.Path);
        _pianist = _server.Join("pianist");
        _ear = _server.Join("ear");
        _client = new JackClient(new JackOptions { Server = _server.Name, MidiFrom = ["pianist:play"], MidiTo = ["ear:record"] });
        var midi = new OutputLane(_midiLedger, returns: false);
        var sound = new OutputLane(_soundLedger, returns: false);
        var player = new PlayerInput("midi_in", new PlayerInputOptions(), [midi, sound]);
        SoundBank bank = SoundBank.Open(new Host.Installation(AppContext.BaseDirectory).Resolve("soundfonts/FluidR3-Selection.sf2"));
        _instrument = new MeteredInstrument(new Synthesizer(bank, new SynthesizerOptions { SampleRate = JackServer.SampleRate }));
        _client.MidiOutput.Start(midi);
        _client.Audio.Start(sound, _ => _instrument);
        _client.MidiInput.Start(player);
        _pianist.ConnectWhenThere("pianist:play", "MusicRnn:midi_in");
        _ear.ConnectWhenThere("MusicRnn:midi_out", "ear:record");

        // A message that comes in tells which stamp belongs to which of the server's frames.
        _markFrame = _pianist.Play([(0, MidiMessage.Control(0, 3, 1))]);
        InputEvent mark;
        while (!player.Events.TryRead(out mark))
        {
            Thread.Sleep(5);
        }

        _markStamp = mark.Stamp;
        var table = new ParameterTable();
        table.Set(ParameterTable.Length, ParameterTable.Rows[ParameterTable.Length].ToNormalised(8));
        _improviser = new Improviser(_network, table, new ImproviserSettings { Seed = 1 }, new OutputFan([midi, sound, this]));
        var driver = new ImproviserDriver(_improviser, [player], KnobMap.Default, null);
        _improviser.Start(_client.Clock.Now);
        _thread = new ImproviserThread(_improviser, driver, _client.Clock, this, exception => Volatile.Write(ref _failure, exception));
        _thread.Start();
    }

    /// <summary>Every event that the improviser gave out, with the time at which it did.</summary>
    public ReadOnlySpan<(long Emitted, OutputEvent Event)> Emitted => _emitted.AsSpan(0, Volatile.Read(ref _count));

    /// <summary>Bytes that were allocated on the improviser's thread from the first answer's first event on.</summary>
    public long AllocatedByImproviser => Volatile.Read(ref _lastAllocated) - Math.Max(0, Volatile.Read(ref _firstAllocated));

    /// <summary>Bytes that were allocated on JACK's thread since a second after it began.</summary>
    public long AllocatedByAudio => _instrument.Allocated;

    /// <summary>Plays some phrases, each answered before the next.</summary>
    public void Play(int phrases)
    {
        for (int phrase = 0; phrase < phrases; phrase++)
        {
            int answers = Answers();
            _pianist.Play(Phrase());
            for (int i = 0; i < 400 && Answers() == answers; i++)
            {
                Thread.Sleep(50);
                if (Volatile.Read(ref _failure) is { } failure)
                {
                    throw failure;
                }
            }
        }
    }

    /// <summary>The frames at which the machine's notes were heard by the C client, as stamps of the performance.</summary>
    public List<(long Stamp, MidiMessage Message)> Heard() =>
        [.. _ear.Dump().Where(heard => heard.Message.Channel == 1).Select(heard => (_markStamp + ((heard.Frame - _markFrame) * 1_000_000_000L / JackServer.SampleRate), heard.Message))];

    public void Dispose()
    {
        _thread.Dispose();
        _client.Dispose();
        _pianist.Dispose();
        _ear.Dispose();
        _server.Dispose();
        _improviser.Dispose();
        _network.Dispose();
        _midiLedger.Dispose();
        _soundLedger.Dispose();
    }

    /// <inheritdoc/>
    public void Emit(in OutputEvent output)
    {
        if (_count < Room)
        {
            _emitted[_count] = (_client.Clock.Now, output);
            Volatile.Write(ref _count, _count + 1);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread();
        if (_firstAllocated < 0 && output.Message.IsNoteOn)
        {
            Volatile.Write(ref _firstAllocated, allocated);
        }

        Volatile.Write(ref _lastAllocated, allocated);
    }

    private static IEnumerable<(int Frame, MidiMessage Message)> Phrase()
    {
        int[] pitches = [60, 64, 67, 65, 62, 59, 60, 55];
        for (int i = 0; i < pitches.Length; i++)
        {
            yield return (i * 9600, MidiMessage.NoteOn(0, pitches[i], 60 + (3 * i)));
            yield return ((i * 9600) + 7200, MidiMessage.NoteOff(0, pitches[i]));
        }
    }

    private int Answers()
    {
        int answers = 0;
        bool answering = false;
        foreach ((long _, OutputEvent output) in Emitted)
        {
            if (output.Kind == OutputKind.Midi && output.Message.IsControl(119))
            {
                answers += answering && output.Message.Data2 == 0 ? 1 : 0;
                answering = output.Message.Data2 == 2;
            }
        }

        return answers;
    }

    /// <summary>An instrument that notes what is allocated on the thread that plays it.</summary>
    private sealed class MeteredInstrument(IInstrument instrument) : IInstrument
    {
        private const int Settled = 400; // blocks until everything was called once
        private int _blocks;
        private long _first;
        private long _last;

        public int SampleRate => instrument.SampleRate;

        public long Allocated => Volatile.Read(ref _last) - Volatile.Read(ref _first);

        public void Play(MidiMessage message) => instrument.Play(message);

        public void Render(Span<float> left, Span<float> right)
        {
            instrument.Render(left, right);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            if (_blocks++ < Settled)
            {
                Volatile.Write(ref _first, allocated);
            }

            Volatile.Write(ref _last, allocated);
        }
    }
}
