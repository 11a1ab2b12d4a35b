using MusicRnn.Host.Services;
using MusicRnn.Performance;

namespace MusicRnn.Host.Panel;

/// <summary>How the instrument fares: rates of the last second, and counts that outlive devices and sessions.</summary>
internal sealed class Vitals
{
    private readonly Dictionary<string, DeviceState> _states = [];
    private Session? _session;
    private long _busy;
    private long _fed;
    private double _leadSum;
    private int _leads;

    /// <summary>Microseconds that the improviser's thread worked for each note fed to the network, when last there were any.</summary>
    public double MicrosecondsANote { get; private set; }

    /// <summary>Milliseconds between deciding a note of the machine and its sounding, when last there were any.</summary>
    public double DecisionToSoundMilliseconds { get; private set; }

    /// <summary>How often a device went away.</summary>
    public long Losses { get; private set; }

    /// <summary>Takes in that a note was decided so long before it sounds. [page-thread]</summary>
    public void Decided(long ahead)
    {
        _leadSum += ahead / 1e6;
        _leads++;
    }

    /// <summary>Looks once a second. [page-thread]</summary>
    public void Look(Stage stage)
    {
        if (_session != stage.Session)
        {
            _session = stage.Session;
            (_busy, _fed) = (_session.Busy, _session.NotesFed);
        }

        long fed = _session.NotesFed, busy = _session.Busy;
        if (fed > _fed)
        {
            MicrosecondsANote = (busy - _busy) / 1000.0 / (fed - _fed);
        }

        (_busy, _fed) = (busy, fed);
        if (_leads > 0)
        {
            DecisionToSoundMilliseconds = _leadSum / _leads;
            (_leadSum, _leads) = (0, 0);
        }

        foreach (IDevice device in stage.Rig.Devices)
        {
            DeviceState state = device.Status.State;
            if (state == DeviceState.Lost && _states.GetValueOrDefault(device.Name) != DeviceState.Lost)
            {
                Losses++;
            }

            _states[device.Name] = state;
        }
    }
}
