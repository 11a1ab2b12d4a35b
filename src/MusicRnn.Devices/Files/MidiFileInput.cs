using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Devices.Files;

/// <summary>A MIDI file played in as if someone played it: each message comes with the stamp that the file gives it, whenever it is read.</summary>
public sealed class MidiFileInput : IMidiInput, ISteppedDevice
{
    private readonly StatusCell _status = new();
    private readonly IReadOnlyList<TrackMessage> _messages;
    private readonly long _start;
    private readonly long _end;
    private PlayerInput? _player;
    private int _next;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">The stamp of its beginning, in nanoseconds.</param>
    /// <exception cref="InvalidDataException">It is not a MIDI file, or a broken one.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public MidiFileInput(string path, long start)
    {
        MidiFile file = MidiFile.Read(path);
        _messages = file.Messages;
        _start = start;
        _end = start + file.Duration;
        Name = $"file {path}";
        _status.Set(DeviceState.Waiting, $"{_messages.Count} messages in {file.Duration / 1e9:0.0} s");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public DeviceStatus Status => _status.Value;

    /// <summary>50 ms: what is not late in reaching the outputs sounds at its exact frame.</summary>
    public long Ahead => 50_000_000;

    /// <summary>The stamp of the file's end: nothing comes later.</summary>
    public long End => _end;

    /// <inheritdoc/>
    public void Start(PlayerInput player)
    {
        _player = player;
        player.CompleteBefore(_start);
        _status.Set(DeviceState.Running, "plays");
    }

    /// <inheritdoc/>
    public void Step(long until)
    {
        if (_player is not PlayerInput player || _status.Value.State != DeviceState.Running)
        {
            return;
        }

        while (_next < _messages.Count && _start + _messages[_next].Time < until)
        {
            player.Receive(_start + _messages[_next].Time, _messages[_next].Message);
            _next++;
        }

        if (_next < _messages.Count)
        {
            player.CompleteBefore(_start + _messages[_next].Time);
        }
        else if (_end >= until)
        {
            player.CompleteBefore(_end);
        }
        else
        {
            player.Left(_end); // some files end before the last key is up
            player.CompleteBefore(long.MaxValue);
            _status.Set(DeviceState.Finished, "has been played to its end");
        }
    }

    /// <summary>Nothing to close: the file was read whole.</summary>
    public void Dispose()
    {
    }
}
