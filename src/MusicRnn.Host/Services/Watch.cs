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
    private bool _wasMuted;
    private long _overflows;
    private long _xruns;
    private long _late;
    private long _dropped;
    private string? _fault;
    private int _program = -1;
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
            if (status.State == DeviceState.Lost)
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

        Tell(rig.MidiLane.Overflows + rig.SoundLane.Overflows, ref _overflows, "An output was too full {Count} times, and released everything");
        Tell(rig.Audio.Xruns, ref _xruns, "Sound was interrupted {Count} times (xruns); larger periods help");
    }

    /// <summary>Looks at a session once.</summary>
    public void Look(Session session, Sound sound)
    {
        Tell(session.Late, ref _late, "{Count} messages came later than their input had promised");
        Tell(session.JournalDropped, ref _dropped, "{Count} events found no room in the journal and are missing from the take");
        if (session.JournalFault != _fault)
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
        if (program != _program)
        {
            if (_program >= 0)
            {
                logger.Information("The machine plays {Instrument}", sound.Describe(program));
            }

            _program = program;
        }
    }

    private void Tell(long count, ref long told, string sentence)
    {
        if (count > told)
        {
            logger.Warning(sentence, count - told);
            told = count;
        }
        else if (count < told)
        {
            told = count; // another session counts from nothing
        }
    }
}
