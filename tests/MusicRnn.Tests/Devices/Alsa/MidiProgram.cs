using MusicRnn.Devices.Alsa;
using MusicRnn.Midi;

namespace MusicRnn.Tests.Devices.Alsa;

/// <summary>Another program in the sequencer: plays on one port, and hears with the kernel's stamps on the other.</summary>
internal sealed class MidiProgram : IDisposable
{
    private readonly Sequencer _sequencer;
    private readonly int _queue;
    private readonly int _input;
    private readonly int _output;
    private readonly List<(long Time, MidiMessage Message)> _heard = [];
    private readonly Dictionary<string, SequencerAddress> _wired = [];

    public MidiProgram(string name = "Program", uint type = SequencerPort.Application)
    {
        _sequencer = new Sequencer(name);
        _queue = _sequencer.StartQueue(name);
        _input = _sequencer.CreatePort("ear", SequencerPort.Write | SequencerPort.SubscribeWrite, SequencerPort.MidiGeneric | type, _queue);
        _output = _sequencer.CreatePort("hand", SequencerPort.Read | SequencerPort.SubscribeRead, SequencerPort.MidiGeneric | type, -1);
    }

    /// <summary>Everything heard so far, with the program's own time in nanoseconds.</summary>
    public List<(long Time, MidiMessage Message)> Heard
    {
        get
        {
            while (_sequencer.Receive(out SequencerEvent received) >= 0)
            {
                if (received.TryGetMessage(out MidiMessage message))
                {
                    _heard.Add((received.Time, message));
                }
            }

            return _heard;
        }
    }

    public int NoteOns => Heard.Count(heard => heard.Message.IsNoteOn);

    public int NoteOffs => Heard.Count(heard => heard.Message.IsNoteOff);

    public static SequencerPort? Find(string name)
    {
        using Sequencer looking = new("looking");
        return looking.Ports().Find(port => port.Name == name);
    }

    public void ListenTo(string port) => Assert.True(_sequencer.ConnectFrom(Find(port)!.Address, _input) >= 0);

    public void Play(string port, params MidiMessage[] messages)
    {
        SequencerAddress address = Wire(port);
        foreach (MidiMessage message in messages)
        {
            Assert.True(_sequencer.Send(SequencerEvent.Of(message, _output, address)) >= 0);
        }
    }

    /// <summary>Plays at moments from now on, in nanoseconds.</summary>
    public void PlayAt(string port, IEnumerable<(long Delay, MidiMessage Message)> messages)
    {
        SequencerAddress address = Wire(port);
        long now = _sequencer.TimeOf(_queue);
        foreach ((long delay, MidiMessage message) in messages)
        {
            Assert.True(_sequencer.Send(SequencerEvent.Of(message, _output, address).At(_queue, now + delay)) >= 0);
        }
    }

    public void Dispose() => _sequencer.Dispose();

    /// <summary>Wires the hand to a port, for a device takes nothing from ports that are not.</summary>
    private SequencerAddress Wire(string port)
    {
        if (!_wired.TryGetValue(port, out SequencerAddress address))
        {
            address = Find(port)!.Address;
            Assert.True(_sequencer.ConnectTo(_output, address) >= 0);
            _wired[port] = address;
        }

        return address;
    }
}
