using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Devices.Files;

/// <summary>A MIDI file that what sounds is written to. It is whole at every moment, also after a kill.</summary>
public sealed class MidiFileOutput : IMidiOutput, ISteppedDevice
{
    private readonly StatusCell _status = new();
    private readonly MidiFileRecorder _recorder;
    private readonly TimedMessage[] _due = new TimedMessage[256];
    private readonly long _start;
    private OutputLane? _lane;
    private long _until;
    private bool _disposed;

    /// <summary>Begins a file, over an older one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">The stamp of its beginning, in nanoseconds.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public MidiFileOutput(string path, long start)
    {
        _recorder = new MidiFileRecorder(path);
        _start = _until = start;
        Name = $"file {path}";
        _status.Set(DeviceState.Running, "is written");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public DeviceStatus Status => _status.Value;

    /// <summary>-50 ms: by then everything has come.</summary>
    public long Ahead => -50_000_000;

    /// <inheritdoc/>
    public IReadOnlyList<string> Receivers => [];

    /// <inheritdoc/>
    public void Start(OutputLane lane) => _lane = lane;

    /// <inheritdoc/>
    public void Step(long until)
    {
        if (_lane is null || _disposed)
        {
            return;
        }

        _until = Math.Max(_until, until);
        int count;
        do
        {
            count = _lane.Collect(_until, _due);
            foreach (TimedMessage due in _due.AsSpan(0, count))
            {
                _recorder.Add(due.Stamp - _start, due.Message);
            }
        }
        while (count == _due.Length);

        try
        {
            _recorder.Flush();
            _status.Set(DeviceState.Running, "is written");
        }
        catch (IOException exception)
        {
            _status.Set(DeviceState.Lost, $"cannot be written ({exception.Message.TrimEnd('.')}); it is tried again.");
        }
    }

    /// <summary>Releases what sounds, so that the file ends in silence, and closes it.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _lane?.Silence();
        Step(_until);
        Step(_until); // what was collected is written: the ledger may know
        _disposed = true;
        try
        {
            _recorder.Dispose();
            _status.Set(DeviceState.Finished, "is closed");
        }
        catch (IOException exception)
        {
            _status.Set(DeviceState.Failed, $"could not be written to its end: {exception.Message.TrimEnd('.')}");
        }
    }
}
