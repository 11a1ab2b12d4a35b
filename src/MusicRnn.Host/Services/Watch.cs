using MusicRnn.Devices.Null;
using MusicRnn.Performance;
using Serilog;

namespace MusicRnn.Host.Services;

/// <summary>Tells the player what changes on a rig: devices that come and go, loops, losses. It polls; nothing on a real-time thread logs.</summary>
/// <param name="rig">The rig.</param>
/// <param name="logger">Where it is told.</param>
internal sealed class Watch(Rig rig, ILogger logger)
{
    private readonly Dictionary<IDevice, DeviceStatus> _told = [];
    private readonly Tally _overflows = new("An output was too full {Count} times, and released everything");
    private readonly Tally _overruns = new("The input had no room for what was played {Count} times, and what was held was released: something keeps the processor from it");
    private readonly Tally _xruns = new("Sound was interrupted {Count} times (xruns); larger periods help");
    private readonly Tally _late = new("{Count} messages came later than their input had promised");
    private readonly Tally _dropped = new("{Count} events found no room in the journal and are missing from the take");
    private readonly HashSet<string> _losses = [];
    private bool _wasMuted;
    private string? _fault;
    private int _program = -1;
    private Sound? _sound;
    private ImproviserState _state;

    /// <summary>Looks at the devices once.</summary>
    public void Look()
    {
        foreach (IDevice device in rig.Devices)
        {
            DeviceStatus status = device.Status;
            DeviceStatus? told = _told.GetValueOrDefault(device);
            if (ReferenceEquals(status, told))
            {
                continue;
            }

            _told[device] = status;
            if (status == told || (device is NullMidiInput or NullMidiOutput or NullAudioOutput && rig.Choice.Missing.Length > 0))
            {
                continue;
            }

            string role = device is IMidiInput ? "Listens" : device is IMidiOutput ? "Plays" : "Sounds";
            string name = status.Text.StartsWith(device.Name, StringComparison.Ordinal) ? "" : device.Name + ": ";
            if (status.State == DeviceState.Failed)
            {
                TellLosses();
            }
            else if (status.State == DeviceState.Lost)
            {
                logger.Warning("{Role}: {Name}{Status}", role, name, status.Text);
            }
            else
            {
                logger.Information("{Role}: {Name}{Status}", role, name, status.Text);
            }
        }

        if (rig.Player.Echo.IsMuted != _wasMuted)
        {
            _wasMuted = !_wasMuted;
            if (_wasMuted)
            {
                logger.Warning("{Input} is muted: what is sent comes back there steadily. Undo the loop in the DAW or the wiring; it is heard again 4 s after the last echo", rig.MidiInput.Name);
            }
            else
            {
                logger.Information("{Input} is heard again: the loop is gone", rig.MidiInput.Name);
            }
        }

        _overflows.Tell(rig.MidiLane.Overflows + rig.SoundLane.Overflows, rig.Clock.Now, logger);
        _overruns.Tell(rig.Player.Overruns, rig.Clock.Now, logger);
        _xruns.Tell(rig.Audio.Xruns, rig.Clock.Now, logger);
    }

    /// <summary>Tells what is missing in files that were recorded to, each loss once. What fails last fails when the rig is closed.</summary>
    public void TellLosses()
    {
        foreach (string loss in rig.Losses.Where(_losses.Add))
        {
            logger.Error("{Loss}", loss);
        }
    }

    /// <summary>Looks at a session once, and has what it plays at hand.</summary>
    public void Look(Session session, Sound sound)
    {
        _late.Tell(session.Late, rig.Clock.Now, logger);
        _dropped.Tell(session.JournalDropped, rig.Clock.Now, logger);
        if (session.IsKept && session.JournalFault != _fault)
        {
            _fault = session.JournalFault;
            if (_fault is not null)
            {
                logger.Warning("The journal cannot be written on: {Reason}", _fault);
            }
        }

        if (session.State != _state)
        {
            _state = session.State;
            logger.Debug("{State}", _state switch { ImproviserState.Listening => "You play", ImproviserState.Answering => "The machine plays", _ => "Nobody plays" });
        }

        int program = session.Parameters.Step(ParameterTable.Program);
        if (program != _program || sound != _sound)
        {
            sound.Prepare(program);
            if (_program >= 0 && program != _program)
            {
                logger.Information("The machine plays {Instrument}", sound.Describe(program));
            }

            (_program, _sound) = (program, sound);
        }
    }

    /// <summary>A count of something that should not happen, told now and then and not each time.</summary>
    private sealed class Tally(string sentence)
    {
        private const long Pause = 10_000_000_000;
        private long _told;
        private long _next;

        public void Tell(long count, long now, ILogger logger)
        {
            if (count < _told)
            {
                _told = count; // another session counts from nothing
            }

            if (count > _told && now >= _next)
            {
                logger.Warning(sentence, count - _told);
                _told = count;
                _next = now + Pause;
            }
        }
    }
}
