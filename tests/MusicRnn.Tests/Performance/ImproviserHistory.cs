using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

/// <summary>Plays a history of random happenings to an improviser, through a lane, and judges what arrives at its receiver.</summary>
internal sealed class ImproviserHistory : IOutputSink, IDisposable
{
    private const int Machine = 1;
    private readonly NoteLedger _ledger = new();
    private readonly OutputLane _lane;
    private readonly Improviser _improviser;
    private readonly TimedMessage[] _due = new TimedMessage[64];
    private readonly HashSet<int> _sounding = [];
    private readonly List<OutputEvent> _emitted = [];
    private long _now = 1_000_000_000;
    private long _reached;
    private int _pedal = -1;
    private string? _fault;

    private ImproviserHistory(Network network, ulong seed)
    {
        _lane = new OutputLane(_ledger, returns: false);
        _improviser = new Improviser(network, new ParameterTable(), new() { Seed = seed }, this);
        _improviser.Start(_now);
        _reached = _now;
    }

    /// <summary>Plays a history.</summary>
    /// <param name="history">Happenings.</param>
    /// <param name="chunk">The most milliseconds that the improviser is advanced at once.</param>
    /// <returns>What was wrong, or null; and everything that was emitted.</returns>
    public static (string? Fault, IReadOnlyList<OutputEvent> Emitted) Play(int[] history, int chunk)
    {
        using ImproviserHistory play = new(history.Length % 2 == 0 ? TestNetworks.Lively : TestNetworks.Slow, (ulong)history.Length);
        foreach (int happening in history)
        {
            play.Happen(new Random(happening), chunk);
        }

        play._improviser.Stop(play._now);
        play.Collect(play._now + 1);
        play.Collect(play._now + 1);
        play._fault ??= play._sounding.Count > 0 ? "a note hangs at the end" : null;
        play._fault ??= play._pedal > 0 ? "the pedal is down at the end" : null;
        play._fault ??= !play._lane.IsSilent ? "something waits at the end" : null;
        play._fault ??= play._improviser.NextWake != long.MaxValue ? "the improviser goes on after its end" : null;
        return (play._fault, play._emitted);
    }

    public void Emit(in OutputEvent output)
    {
        _emitted.Add(output);
        _lane.Emit(output);
    }

    public void Dispose()
    {
        _improviser.Dispose();
        _ledger.Dispose();
    }

    private void Happen(Random random, int chunk)
    {
        AdvanceBy(random.Next(4) == 0 ? random.Next(4000) : random.Next(200), random.Next(1_000_000), chunk);
        int pitch = 55 + random.Next(10);
        switch (random.Next(24))
        {
            case < 9:
                for (int note = 0; note <= random.Next(5); note++)
                {
                    Send(MidiMessage.NoteOn(random.Next(2), pitch + note, 20 + random.Next(100)));
                    AdvanceBy(random.Next(60), 0, chunk);
                    Send(MidiMessage.NoteOff(random.Next(2), pitch + note - random.Next(2)));
                }

                ReleaseAll();
                AdvanceBy(random.Next(4000), 0, chunk);
                break;
            case 9:
                Send(MidiMessage.NoteOn(0, pitch, 70));
                break;
            case 10:
                Send(MidiMessage.NoteOff(0, pitch));
                break;
            case 11:
                Send(MidiMessage.Control(0, Controller.Sustain, random.Next(2) * 127));
                break;
            case 12:
                Send(MidiMessage.Program(0, random.Next(128)));
                break;
            case 13:
                Send(MidiMessage.Control(0, random.Next(2) == 0 ? Controller.AllNotesOff : Controller.ResetAllControllers, 0));
                break;
            case 14:
                Take(new InputEvent(_now, InputKind.InputLost, default, 0, 0));
                break;
            case 15 or 16 or 17:
                int button = (int[])[ParameterTable.TakeOver, ParameterTable.TakeOver, ParameterTable.Loop, ParameterTable.Reset, ParameterTable.Panic] is var buttons ? buttons[random.Next(5)] : 0;
                Take(InputEvent.Set(_now, button, 1));
                Take(InputEvent.Set(_now, button, 0));
                break;
            case 18:
                Take(InputEvent.Set(_now, ParameterTable.Mode, random.NextDouble()));
                break;
            default:
                Take(InputEvent.Set(_now, random.Next(ParameterTable.Rows.Count), random.NextDouble()));
                break;
        }
    }

    private void ReleaseAll()
    {
        Send(MidiMessage.Control(0, Controller.AllNotesOff, 0));
        Send(MidiMessage.Control(1, Controller.AllNotesOff, 0));
    }

    private void Send(MidiMessage message) => Take(KnobMap.Default.Translate(InputEvent.Midi(_now, message)));

    private void Take(InputEvent input)
    {
        _reached = input.Stamp;
        _improviser.Receive(input);
        Collect(_now);
    }

    private void AdvanceBy(int milliseconds, int nanoseconds, int chunk)
    {
        long to = _now + (milliseconds * 1_000_000L) + nanoseconds;
        while (_now < to)
        {
            _now = Math.Min(to, _now + (chunk * 1_000_000L));
            _reached = _now;
            _improviser.Advance(_now);
            Collect(_now);
        }
    }

    private void Collect(long until)
    {
        int count;
        do
        {
            count = _lane.Collect(until, _due);
            foreach (TimedMessage due in _due.AsSpan(0, count))
            {
                Judge(due);
            }
        }
        while (count == _due.Length);
    }

    private void Judge(TimedMessage due)
    {
        MidiMessage message = due.Message;
        if (message.Channel != Machine)
        {
            return;
        }

        if (due.Stamp > _reached)
        {
            _fault ??= $"{message} sounds before it is due";
        }

        if (message.IsNoteOn && !_sounding.Add(message.Data1))
        {
            _fault ??= $"{message} is struck while it sounds";
        }
        else if (message.IsNoteOff && !_sounding.Remove(message.Data1))
        {
            _fault ??= $"{message} ends nothing";
        }
        else if (message.IsControl(Controller.Sustain))
        {
            _pedal = message.Data2;
        }
    }
}
