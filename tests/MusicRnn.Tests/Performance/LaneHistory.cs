using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

/// <summary>Plays a history of random happenings to a lane and judges what arrives at its receiver.</summary>
internal sealed class LaneHistory : IDisposable
{
    private const int Machine = 1;
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"musicrnn-ledger-{Guid.NewGuid():N}");
    private readonly Dictionary<int, int> _sounding = []; // at the receiver: channel * 128 + pitch, note-ons less note-offs
    private List<TimedMessage> _unsent = []; // collected last: a kill may come before it is sent
    private NoteLedger _ledger;
    private OutputLane _lane;
    private PlayerInput _input;
    private long _now = 1000;
    private long _heardUntil;
    private readonly Dictionary<int, MidiMessage> _levers = []; // at the receiver: channel * count + lever, where it is not at rest
    private bool _afterKill;
    private string? _fault;

    private LaneHistory()
    {
        _ledger = NoteLedger.Open(_path);
        _lane = new OutputLane(_ledger, returns: true);
        _input = new PlayerInput("history", new() { EchoWindow = 0 }, [_lane]);
    }

    /// <summary>What was wrong, or null.</summary>
    public static string? Play(int[] history)
    {
        using LaneHistory play = new();
        foreach (int happening in history)
        {
            play.Happen(new Random(happening));
        }

        play._lane.Emit(new(play._now, OutputKind.Release, default));
        play._lane.Silence();
        play.Collect(play._now + 1_000_000, 4096);
        play.Collect(play._now + 1_000_001, 4096);
        play.Collect(play._now + 1_000_002, 4096);
        play._fault ??= play._sounding.Values.Any(count => count > 0) ? "a note hangs at the end" : null;
        play._fault ??= play._levers.Count > 0 ? "a pedal is down or a wheel off its centre at the end" : null;
        play._fault ??= !play._lane.IsSilent ? "the lane is not silent at the end" : null;
        return play._fault;
    }

    public void Dispose()
    {
        _ledger.Dispose();
        File.Delete(_path);
    }

    private void Happen(Random random)
    {
        int pitch = 60 + random.Next(4); // few keys, so that they overlap
        long stamp = _now + random.Next(-50, 300);
        switch (random.Next(21))
        {
            case 0 or 1 or 2 or 3 or 4:
                Emit(stamp, MidiMessage.NoteOn(Machine, pitch, 80));
                Emit(stamp + random.Next(0, 400), MidiMessage.NoteOff(Machine, pitch));
                break;
            case 5:
                Emit(stamp, MidiMessage.NoteOn(Machine, pitch, 80)); // its end may come later, or never
                break;
            case 6:
                Emit(stamp, MidiMessage.NoteOff(Machine, pitch));
                break;
            case 7:
                Emit(stamp, MidiMessage.Control(Machine, Controller.Sustain, random.Next(2) * 127));
                break;
            case 8:
                _lane.Emit(new(stamp, OutputKind.Withdraw, default));
                break;
            case 9:
                _lane.Emit(new(stamp, OutputKind.Release, default));
                break;
            case 10:
                Key(MidiMessage.NoteOn(0, pitch, 70));
                break;
            case 11:
                Key(MidiMessage.NoteOff(0, pitch));
                break;
            case 17:
                Key(random.Next(3) switch
                {
                    0 => MidiMessage.Control(0, Controller.Sustain, random.Next(2) * 127),
                    1 => MidiMessage.Control(0, Controller.Sostenuto, random.Next(2) * 127),
                    _ => MidiMessage.Of(MidiKind.PitchBend, 0, 0, 64 + random.Next(2)),
                });
                break;
            case 12:
                _input.Lost(_now);
                break;
            case 13:
                Flood(random);
                break;
            case 14:
                if (random.Next(2) == 0)
                {
                    _lane.Silence();
                }
                else
                {
                    _lane.ReleaseSounding();
                }

                break;
            case 15:
                Send();
                _now += random.Next(1000);
                _lane.Discard(_now); // the device is away, and comes back
                _lane.ReleaseSounding();
                break;
            case 16:
                Kill(random.Next(2) == 0);
                break;
            default:
                Collect(_now + random.Next(1, 200), random.Next(1, 64));
                break;
        }
    }

    private void Emit(long stamp, MidiMessage message) => _lane.Emit(new(stamp, OutputKind.Midi, message));

    private void Key(MidiMessage message) => _input.Receive(_now, message);

    private void Flood(Random random)
    {
        for (int i = 0; i < 5000; i++)
        {
            Emit(_now + random.Next(100), i % 2 == 0 ? MidiMessage.NoteOn(Machine, 60 + (i / 2 % 7), 60) : MidiMessage.NoteOff(Machine, 60 + (i / 2 % 7)));
        }

        for (int i = 0; i < 1500; i++)
        {
            Key(i % 2 == 0 ? MidiMessage.NoteOn(0, 40, 60) : MidiMessage.NoteOff(0, 40));
        }
    }

    /// <summary>Everything is gone but the file and what the receiver heard.</summary>
    private void Kill(bool beforeSending)
    {
        if (beforeSending)
        {
            _unsent = [];
        }

        Send();
        _ledger.Dispose(); // writes nothing
        _ledger = NoteLedger.Open(_path);
        _lane = new OutputLane(_ledger, returns: true);
        _input = new PlayerInput("history", new() { EchoWindow = 0 }, [_lane]);
        _lane.ReleaseSounding();
        _afterKill = true;
        _heardUntil = 0; // another run, another order
        foreach (int key in _sounding.Keys.Where(key => key / 128 != Machine))
        {
            _sounding[key] = Math.Min(1, _sounding[key]); // a key that was struck more than once is released once
        }

        Collect(_now + 1, 4096);
        Collect(_now + 1, 4096);
        _afterKill = false;
        if (_sounding.Values.Any(count => count > 0) || _levers.Count > 0)
        {
            _fault ??= "something hangs after a kill";
        }
    }

    private void Collect(long until, int span)
    {
        _now = Math.Max(_now, until);
        TimedMessage[] due = new TimedMessage[span];
        int count;
        do
        {
            count = _lane.Collect(_now, due);
            Send();
            _unsent = [.. due[..count]];
        }
        while (count == span);
    }

    private void Send()
    {
        foreach ((long stamp, MidiMessage message) in _unsent)
        {
            int key = (message.Channel * 128) + message.Data1;
            int count = _sounding.GetValueOrDefault(key);
            if (stamp < _heardUntil)
            {
                _fault ??= $"{message} goes back in time";
            }

            _heardUntil = stamp;
            if (message.IsNoteOn)
            {
                if (message.Channel == Machine && count > 0)
                {
                    _fault ??= $"{message} is struck while it sounds";
                }

                _sounding[key] = count + 1;
            }
            else if (message.IsNoteOff)
            {
                if (message.Channel == Machine && count == 0 && !_afterKill) // the player's pass, whatever they end
                {
                    _fault ??= $"{message} ends nothing";
                }

                _sounding[key] = Math.Max(0, count - 1);
            }
            else if (Lever.Of(message) is >= 0 and int lever)
            {
                _levers.Remove((message.Channel * Lever.Count) + lever);
                if (!Lever.IsAtRest(message))
                {
                    _levers.Add((message.Channel * Lever.Count) + lever, message);
                }
            }
        }

        _unsent = [];
    }
}
