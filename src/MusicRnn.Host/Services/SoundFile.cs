using System.Globalization;
using System.Numerics;
using MusicRnn.Devices.Files;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Host.Services;

/// <summary>Writes a MIDI file as sound, through the very lane and file that a live run writes by.</summary>
internal static class SoundFile
{
    private const long Second = 1_000_000_000;
    private const int LeastCapacity = 4096;

    /// <summary>Why sound cannot be written to a file of that name, which says that it is another kind of file; null where it can. Pipes and devices have no ending.</summary>
    public static string? NameFault(string path) =>
        Path.GetExtension(path) is var extension && extension.Length == 0 || extension.Equals(".wav", StringComparison.OrdinalIgnoreCase) || extension.Equals(".wave", StringComparison.OrdinalIgnoreCase)
            ? null
            : $"sound is written as WAV, and {extension} is another kind of file";

    /// <summary>Writes a MIDI file as a WAV file, which appears whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="file">What is heard.</param>
    /// <param name="instrument">What it is heard on.</param>
    /// <param name="stop">Stops it; nothing is left then.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="InvalidDataException">The sound is longer than a WAV file can be.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static void Write(string path, MidiFile file, IInstrument instrument, CancellationToken stop = default) =>
        Write(path, [.. file.Messages.Select(item => new TimedMessage(item.Time, item.Message))], file.Duration, instrument, stop);

    /// <summary>Writes messages as a WAV file, which appears whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="messages">What is heard, ordered by time from 0.</param>
    /// <param name="duration">When it ends, nanoseconds.</param>
    /// <param name="instrument">What it is heard on.</param>
    /// <param name="stop">Stops it; nothing is left then.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="InvalidDataException">The sound is longer than a WAV file can be.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static void Write(string path, IReadOnlyList<TimedMessage> messages, long duration, IInstrument instrument, CancellationToken stop = default)
    {
        TimeSpan most = WavFileOutput.MostTime(instrument.SampleRate), asked = TimeSpan.FromSeconds((duration + Sound.Tail) / 1e9);
        if (asked > most)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"the music lasts {asked.TotalHours:0.0} hours, and a WAV file of {instrument.SampleRate} frames a second holds {most.TotalHours:0.0}: take fewer frames (Audio:SampleRate) or a shorter file."));
        }

        WholeFile.Write(path, to =>
        {
            using var ledger = new NoteLedger();
            using var output = new WavFileOutput(to, 0, instrument.SampleRate);
            var lane = new OutputLane(ledger, returns: false, Capacity(messages, 2 * output.BlockFrames * Second / output.SampleRate));
            output.Start(lane, _ => instrument);
            foreach (TimedMessage message in messages)
            {
                stop.ThrowIfCancellationRequested();
                output.Step(message.Stamp);
                lane.Emit(new OutputEvent(message.Stamp, OutputKind.Midi, message.Message));
            }

            output.Step(duration + Sound.Tail);
            if (output.Status is { State: DeviceState.Failed } status)
            {
                throw new IOException(status.Text);
            }

            if (lane.Overflows > 0)
            {
                throw new InvalidOperationException("The lane was made too small for what was to be heard.");
            }
        });
    }

    /// <summary>Room for all that waits at one time: a file, unlike a player, may have any number of messages at one moment, and a strike may count twice.</summary>
    private static int Capacity(IReadOnlyList<TimedMessage> messages, long window)
    {
        int most = LeastCapacity / 2;
        int first = 0;
        for (int i = 0; i < messages.Count; i++)
        {
            while (messages[first].Stamp < messages[i].Stamp - window)
            {
                first++;
            }

            most = Math.Max(most, i + 1 - first);
        }

        return checked((int)BitOperations.RoundUpToPowerOf2(2 * (uint)most));
    }
}
