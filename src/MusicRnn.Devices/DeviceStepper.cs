using MusicRnn.Performance;

namespace MusicRnn.Devices;

/// <summary>Takes stepped devices along in real time, on a thread of its own: files, and nothing.</summary>
public sealed class DeviceStepper : IDisposable
{
    private const long Period = 5_000_000;
    private readonly IClock _clock;
    private readonly ISteppedDevice[] _devices;
    private readonly Func<long>? _emittedUntil;
    private readonly Thread _thread;
    private volatile bool _closing;

    /// <summary>Begins to step.</summary>
    /// <param name="clock">The performance's clock.</param>
    /// <param name="devices">The devices, started.</param>
    /// <param name="emittedUntil">Every output event stamped before the returned stamp has been emitted; outputs that are taken behind the
    /// clock are not taken past it, so that a late improviser changes nothing in a file. Null where nobody tells.</param>
    public DeviceStepper(IClock clock, IReadOnlyList<ISteppedDevice> devices, Func<long>? emittedUntil = null)
    {
        _clock = clock;
        _devices = [.. devices];
        _emittedUntil = emittedUntil;
        _thread = new Thread(Run) { IsBackground = true, Name = "musicrnn-files" };
        _thread.Start();
    }

    /// <summary>Takes every device up to now, and stops. The devices are not disposed.</summary>
    public void Dispose()
    {
        if (!_closing)
        {
            _closing = true;
            _thread.Join();
            Step(_clock.Now, 0);
        }
    }

    private void Run()
    {
        while (!_closing)
        {
            long now = _clock.Now;
            Step(now, 1);
            _clock.SleepUntil(now + Period);
        }
    }

    private void Step(long now, int ahead)
    {
        foreach (ISteppedDevice device in _devices)
        {
            long until = now + (ahead * device.Ahead);
            device.Step(device.Ahead < 0 && _emittedUntil is not null ? Math.Min(until, _emittedUntil()) : until);
        }
    }
}
