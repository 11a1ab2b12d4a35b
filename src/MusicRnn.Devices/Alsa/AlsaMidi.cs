using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Devices.Alsa;

/// <summary>
/// MusicRnn's client of ALSA's sequencer with its two ports, <c>MusicRnn In</c> and <c>MusicRnn Out</c>, and the thread that serves both.
/// Where the kernel has no sequencer (yet), it is asked for every two seconds.
/// </summary>
public sealed class AlsaMidi : IDisposable
{
    private const int Priority = 65;
    private const long RetryInterval = 2_000_000_000;
    private const long ClosingTime = 500_000_000;
    private readonly IClock _clock;
    private readonly AlsaMidiOptions _options;
    private readonly AlsaMidiInput _input;
    private readonly AlsaMidiOutput _output;
    private readonly WakeUp _wakeUp = new();
    private readonly Ring<MidiMessage> _toKeyboards = new(64);
    private readonly Thread _thread;
    private readonly Lock _closing = new();
    private SequencerLoop? _loop;
    private PlayerInput? _player;
    private OutputLane? _lane;
    private string _fault = "";
    private long _retryAt;
    private bool _stopping;
    private bool _isClosed;

    /// <summary>Becomes a client, if there is a sequencer. Never throws for what the machine lacks: the ports' status says so.</summary>
    /// <param name="clock">The performance's clock.</param>
    /// <param name="options">Its name and wires.</param>
    public AlsaMidi(IClock clock, AlsaMidiOptions options)
    {
        _clock = clock;
        _options = options;
        _input = new AlsaMidiInput(this, $"ALSA {options.ClientName}:{options.ClientName} In");
        _output = new AlsaMidiOutput(this, $"ALSA {options.ClientName}:{options.ClientName} Out");
        _thread = new Thread(Run) { Name = "ALSA sequencer", IsBackground = true };
        TryOpen();
        if (LibAsound.IsLoaded)
        {
            _thread.Start();
        }
    }

    /// <summary>The port that keyboards and DAWs play into.</summary>
    public IMidiInput Input => _input;

    /// <summary>The port that sound modules and DAWs hear.</summary>
    public IMidiOutput Output => _output;

    /// <summary>The ports that hear <see cref="Output"/>.</summary>
    internal IReadOnlyList<string> Receivers => [.. (Volatile.Read(ref _loop)?.Destinations.Peers ?? []).Select(peer => peer.Name)];

    /// <summary>
    /// Sends a message to the keyboards that play into <see cref="Input"/>, at their own ports where they have any, so that they can show it;
    /// those that are wired to <see cref="Output"/> are left out. One thread at a time; allocates nothing, locks nothing, waits for nothing.
    /// </summary>
    public void SendToKeyboards(MidiMessage message)
    {
        _toKeyboards.TryWrite(message);
        _wakeUp.Signal();
    }

    /// <summary>Releases what sounds, waits until that was sent, and leaves the sequencer.</summary>
    public void Dispose()
    {
        lock (_closing)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            Volatile.Write(ref _stopping, true);
            _wakeUp.Signal();
            if (_thread.IsAlive)
            {
                _thread.Join();
            }

            if (_lane is OutputLane lane)
            {
                lane.Wake = null;
            }

            _input.Report(new DeviceStatus(DeviceState.Finished, $"{_input.Name} is closed."));
            _output.Report(new DeviceStatus(DeviceState.Finished, $"{_output.Name} is closed."));
        }
    }

    internal void Start(PlayerInput player)
    {
        player.CompleteWithin(SequencerLoop.Within);
        Volatile.Write(ref _player, player);
        _wakeUp.Signal();
    }

    internal void Start(OutputLane lane)
    {
        lane.HandOver = SequencerLoop.HandOver;
        lane.Wake = _wakeUp.Signal;
        Volatile.Write(ref _lane, lane);
        _wakeUp.Signal();
    }

    private void Run()
    {
        RealTimePriority.TryRaise(Priority);
        _wakeUp.Claim();
        while (!Volatile.Read(ref _stopping))
        {
            _wakeUp.Reset();
            if (_loop is SequencerLoop loop)
            {
                Turn(loop);
                _wakeUp.Wait(loop.File, loop.UntilNext());
            }
            else
            {
                Volatile.Read(ref _lane)?.Discard(_clock.Now);
                if (_clock.Now >= _retryAt)
                {
                    TryOpen();
                }
                else
                {
                    _wakeUp.Wait(-1, _retryAt - _clock.Now);
                }
            }
        }

        if (_loop is SequencerLoop open)
        {
            Finish(open);
        }
    }

    private void Turn(SequencerLoop loop)
    {
        loop.Player = Volatile.Read(ref _player);
        loop.Lane = Volatile.Read(ref _lane);
        if (loop.Turn())
        {
            Report(loop);
        }

        while (_toKeyboards.TryRead(out MidiMessage message))
        {
            loop.SendToKeyboards(message);
        }
    }

    /// <summary>What the kernel's queue holds goes with the client, so the last note-offs are waited for.</summary>
    private void Finish(SequencerLoop loop)
    {
        loop.Player?.Lost(_clock.Now);
        loop.Player = null;
        loop.Lane?.Silence();
        long patience = _clock.Now + ClosingTime;
        do
        {
            loop.Turn();
            _wakeUp.Wait(-1, 2_000_000);
        }
        while (_clock.Now < patience && (loop.Lane is { IsSilent: false } || loop.Waiting > 0));
        loop.Dispose();
        Volatile.Write(ref _loop, null);
    }

    private void TryOpen()
    {
        if (!LibAsound.IsLoaded)
        {
            Report(DeviceState.Finished, AlsaBackend.MissingLibrary, AlsaBackend.GetLibrary);
            return;
        }

        try
        {
            SequencerLoop loop = new(_clock, _options);
            Volatile.Write(ref _loop, loop);
            Report(loop);
        }
        catch (AlsaException exception)
        {
            _retryAt = _clock.Now + RetryInterval;
            if (_fault != exception.Message)
            {
                _fault = exception.Message;
                Report(DeviceState.Waiting, _fault + ".", AlsaBackend.GetSequencer(exception.Error));
            }
        }
    }

    private void Report(DeviceState state, string fault, string remedy)
    {
        _input.Report(new DeviceStatus(state, $"{fault} {remedy}"));
        _output.Report(new DeviceStatus(state, $"{fault} {remedy}"));
    }

    private void Report(SequencerLoop loop)
    {
        (SequencerAddress input, SequencerAddress output) = loop.Addresses;
        _input.Report(Describe(_input.Name, input, loop.Sources, isInput: true));
        _output.Report(Describe(_output.Name, output, loop.Destinations, isInput: false));
    }

    private static DeviceStatus Describe(string name, SequencerAddress address, Wiring wiring, bool isInput)
    {
        string peers = string.Join(", ", wiring.Peers.Select(peer => peer.Name));
        string wired = wiring.Peers.Count == 0 ? "not wired to anything" : isInput ? $"plays what comes from {peers}" : $"is heard by {peers}";
        if (wiring.Missing is not PortWish wish)
        {
            string hint = wiring.Peers.Count > 0 ? "" : $" Wire it in the DAW or with aconnect {(isInput ? $"KEYBOARD {address}" : $"{address} SYNTHESISER")}.";
            return new DeviceStatus(DeviceState.Running, $"{name} ({address}): {wired}.{hint}");
        }

        string missing = wish.IsAuto ? "no keyboard is plugged in" : $"there is no port whose name holds \"{wish.Text}\"";
        return new DeviceStatus(
            wiring.Peers.Count > 0 ? DeviceState.Running : wiring.WasFulfilled ? DeviceState.Lost : DeviceState.Waiting,
            $"{name} ({address}): {wired}; {missing}. It is wired as soon as it appears.");
    }
}
