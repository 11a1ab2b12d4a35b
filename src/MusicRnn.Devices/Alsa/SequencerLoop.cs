using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Devices.Alsa;

/// <summary>
/// What the sequencer's thread does, turn by turn: takes what came in to the player's input, sends the player's thru at once, and
/// hands the machine's messages to the kernel's queue shortly before they are due. One thread for both ways, so that thru does not
/// wait for another thread to wake.
/// </summary>
internal sealed class SequencerLoop : IDisposable
{
    /// <summary>How far ahead messages are handed to the kernel's queue, in nanoseconds: what is there cannot be withdrawn any more.</summary>
    public const long HandOver = 10_000_000;

    /// <summary>A message has been received at most this long after its stamp, in nanoseconds. One that this thread took up later, because the
    /// machine was busy, is stamped as if it had come later: the improviser, who has gone on, could not do otherwise either.</summary>
    public const long Within = 4_000_000;

    private const long Latest = 3_000_000; // leaves a millisecond for what happens between stamping and ringing
    private const long Idle = QueueClock.Interval;
    private readonly Sequencer _sequencer;
    private readonly IClock _clock;
    private readonly QueueClock _queueClock = new();
    private readonly TimedMessage[] _due = new TimedMessage[64];
    private readonly Wiring _sources;
    private readonly Wiring _destinations;
    private readonly int _queue;
    private readonly int _inputPort;
    private readonly int _outputPort;
    private readonly int _privatePort;
    private List<SequencerAddress> _keyboards = []; // what the private port is wired to
    private long _compared = long.MinValue / 2;
    private bool _portsChanged = true;

    /// <summary>Becomes a client with the two ports, wired as wished.</summary>
    /// <exception cref="AlsaException">The kernel has no sequencer, or the user may not use it.</exception>
    public SequencerLoop(IClock clock, AlsaMidiOptions options)
    {
        _clock = clock;
        _sequencer = new Sequencer(options.ClientName);
        try
        {
            _queue = _sequencer.StartQueue(options.ClientName);
            _inputPort = _sequencer.CreatePort(
                options.ClientName + " In", SequencerPort.Write | SequencerPort.SubscribeWrite, SequencerPort.MidiGeneric | SequencerPort.Application, _queue);
            _outputPort = _sequencer.CreatePort(
                options.ClientName + " Out", SequencerPort.Read | SequencerPort.SubscribeRead, SequencerPort.MidiGeneric | SequencerPort.Application, -1);
            _privatePort = _sequencer.CreatePort(
                options.ClientName + " private", SequencerPort.Read | SequencerPort.Write | SequencerPort.NoExport, SequencerPort.Application, -1);
            AlsaException.Check(_sequencer.ConnectFrom(SequencerAddress.Announcements, _privatePort), "snd_seq_connect_from", "System:Announce");
            _sources = new Wiring(_sequencer, _inputPort, isInput: true, [options.InputDevice]);
            _destinations = new Wiring(_sequencer, _outputPort, isInput: false, options.OutputDevices);
            CompareClocks();
            Rewire();
        }
        catch (AlsaException)
        {
            _sequencer.Dispose();
            throw;
        }
    }

    /// <summary>Who writes to <c>MusicRnn In</c>.</summary>
    public Wiring Sources => _sources;

    /// <summary>Who reads from <c>MusicRnn Out</c>.</summary>
    public Wiring Destinations => _destinations;

    /// <summary>The addresses of the two ports.</summary>
    public (SequencerAddress Input, SequencerAddress Output) Addresses =>
        (new SequencerAddress((byte)_sequencer.Client, (byte)_inputPort), new SequencerAddress((byte)_sequencer.Client, (byte)_outputPort));

    /// <summary>What to wait on for events.</summary>
    public int File => _sequencer.File;

    /// <summary>The player's input; what comes before there is one is dropped.</summary>
    public PlayerInput? Player { get; set; }

    /// <summary>What to send. Whoever hears it first may still sound what an earlier run left: that is released.</summary>
    public OutputLane? Lane
    {
        get;
        set
        {
            if (field != value && _destinations.Peers.Count > 0)
            {
                value?.ReleaseSounding();
            }

            field = value;
        }
    }

    /// <summary>
    /// Does whatever there is to do now. Only when ports came or went does it allocate. [device-thread] allocates nothing, locks nothing, logs nothing.
    /// </summary>
    /// <returns>Whether the wires changed.</returns>
    public bool Turn()
    {
        if (_clock.Now - _compared >= QueueClock.Interval)
        {
            CompareClocks();
        }

        Receive();
        bool rewired = _portsChanged;
        if (rewired)
        {
            Rewire();
        }

        if (Lane is OutputLane lane)
        {
            SendThru(lane);
            SendDue(lane, _clock.Now);
        }

        return rewired;
    }

    /// <summary>How long until the next turn must come if nothing happens before, in nanoseconds. [device-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public long UntilNext()
    {
        long now = _clock.Now;
        long next = now + Idle;
        if (Lane is OutputLane lane && lane.NextDue is long due && due < long.MaxValue)
        {
            next = Math.Min(next, due - HandOver + 1); // "due before" is asked for, so a moment later
        }

        return Math.Max(0, next - now);
    }

    /// <summary>Sends a message to the keyboards that play here, at their own ports, so that they can show it. Those that are wired to our output hear it there.
    /// [device-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public void SendToKeyboards(MidiMessage message)
    {
        if (_keyboards.Count > 0)
        {
            Send(SequencerEvent.Of(message, _privatePort, SequencerAddress.Subscribers));
            Lane?.Trail?.Add(_clock.Now, message);
        }
    }

    /// <summary>How many events the kernel's queue still holds.</summary>
    public int Waiting => _sequencer.WaitingIn(_queue);

    /// <summary>Leaves the sequencer.</summary>
    public void Dispose() => _sequencer.Dispose();

    private void CompareClocks()
    {
        long before = _clock.Now;
        long time = _sequencer.TimeOf(_queue);
        long after = _clock.Now;
        if (time >= 0)
        {
            _queueClock.Compare(before, time, after);
        }

        _compared = after;
    }

    private void Receive()
    {
        while (true)
        {
            int result = _sequencer.Receive(out SequencerEvent received);
            if (result < 0)
            {
                if (result != LibAsound.NoSpace)
                {
                    return;
                }

                Player?.Overran(_queueClock.ToStamp(null, 0, _clock.Now));
                continue;
            }

            if (received.Destination.Port != _inputPort)
            {
                _portsChanged |= received.Kind is >= SequencerEventKind.ClientStart and <= SequencerEventKind.PortUnsubscribed;
            }
            else if (Player is PlayerInput player && received.TryGetMessage(out MidiMessage message))
            {
                long now = _clock.Now;
                bool isStamped = received.Queue == _queue && (received.Flags & SequencerEvent.RealTime) != 0;
                player.Receive(_queueClock.ToStamp(isStamped ? received.Time : null, now - Latest, now), message);
            }
        }
    }

    private void SendThru(OutputLane lane)
    {
        int count;
        do
        {
            count = lane.CollectThru(_due);
            for (int i = 0; i < count; i++)
            {
                Send(SequencerEvent.Of(_due[i].Message, _outputPort, SequencerAddress.Subscribers));
            }
        }
        while (count == _due.Length);
    }

    private void SendDue(OutputLane lane, long now)
    {
        int count;
        do
        {
            count = lane.Collect(now + HandOver, _due);
            for (int i = 0; i < count; i++)
            {
                Send(SequencerEvent.Of(_due[i].Message, _outputPort, SequencerAddress.Subscribers).At(_queue, _queueClock.ToQueue(_due[i].Stamp)));
            }
        }
        while (count == _due.Length);
    }

    /// <summary>Sends, waiting for room if there is none: a message is only forgotten when the kernel refuses it for good.</summary>
    private unsafe void Send(in SequencerEvent sent)
    {
        const int Patience = 100; // turns of a millisecond
        for (int i = 0; i < Patience && _sequencer.Send(sent) is LibAsound.Again or LibAsound.Interrupted; i++)
        {
            PollDescriptor descriptor = new() { File = _sequencer.File, Events = PollDescriptor.Writable };
            TimeSpecification timeout = new(1_000_000);
            LibC.ppoll(&descriptor, 1, &timeout, null);
        }
    }

    private void Rewire()
    {
        _portsChanged = false;
        List<SequencerPort> ports = _sequencer.Ports();
        if (_sources.Update(ports, out _))
        {
            Lost();
        }

        _destinations.Update(ports, out bool came);
        if (came)
        {
            Lane?.ReleaseSounding();
        }

        WireKeyboards();
    }

    /// <summary>Wires a port that nobody sees to the keyboards' own: a device takes nothing from ports that it is not wired to.</summary>
    private void WireKeyboards()
    {
        List<SequencerAddress> keyboards =
        [
            .. _sources.Peers.Where(port => port.IsHardware && port.IsDestination && _destinations.Peers.All(peer => peer.Address != port.Address))
                .Select(port => port.Address),
        ];
        List<SequencerAddress> wired = _sequencer.Wired(_privatePort, isInput: false);
        foreach (SequencerAddress keyboard in wired.Except(keyboards))
        {
            _sequencer.DisconnectTo(_privatePort, keyboard);
        }

        foreach (SequencerAddress keyboard in keyboards.Except(wired))
        {
            _sequencer.ConnectTo(_privatePort, keyboard);
        }

        _keyboards = keyboards;
    }

    /// <summary>A wire is gone.</summary>
    private void Lost() => Player?.Left(_queueClock.ToStamp(null, 0, _clock.Now));
}
