using MusicRnn.Devices.Files;
using MusicRnn.Performance;

namespace MusicRnn.Host.Services;

/// <summary>Writes what was played as sound, through the very lane and file that a live run writes by.</summary>
internal static class SoundFile
{
    private const long Tail = 3_000_000_000; // for the last notes to die away

    /// <summary>Writes a WAV file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="messages">What is heard, ordered by time.</param>
    /// <param name="start">The stamp that the file begins at; what comes before is heard there.</param>
    /// <param name="instrument">What it is heard on.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static void Write(string path, IEnumerable<TimedMessage> messages, long start, IInstrument instrument)
    {
        using var ledger = new NoteLedger();
        var lane = new OutputLane(ledger, returns: false);
        using var file = new WavFileOutput(path, start, instrument.SampleRate);
        file.Start(lane, _ => instrument);
        long now = start;
        foreach (TimedMessage message in messages)
        {
            now = Math.Max(now, message.Stamp);
            file.Step(now);
            lane.Emit(new OutputEvent(now, OutputKind.Midi, message.Message));
        }

        file.Step(now + Tail);
        if (file.Status is { State: DeviceState.Finished } status)
        {
            throw new IOException(status.Text);
        }
    }
}
