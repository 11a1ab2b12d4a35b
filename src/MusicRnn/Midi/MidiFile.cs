namespace MusicRnn.Midi;

/// <summary>
/// A Standard MIDI File (Standard MIDI Files 1.0, RP-001), read whole: its channel messages in the order of time, and the
/// meta events that say something about the music. System exclusive messages are left out.
/// </summary>
public sealed class MidiFile
{
    /// <summary>The largest file that is read, in bytes: 16 MiB, ten times a long recital.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>The latest time that is read, in nanoseconds: a week.</summary>
    public const long MaxTime = 7L * 24 * 3600 * 1_000_000_000;

    private const int FirstBytes = 64 * 1024; // of a stream whose length is not known

    internal MidiFile()
    {
    }

    /// <summary>0: one track; 1: tracks that sound together; 2: tracks that follow one another, and are read so.</summary>
    public int Format { get; internal init; }

    /// <summary>The number of tracks found.</summary>
    public int TrackCount { get; internal init; }

    /// <summary>When the last event of any track is due (its end included), in nanoseconds.</summary>
    public long Duration { get; internal init; }

    /// <summary>Every channel message, ordered by time; at one time by track, and within a track as it stands there.</summary>
    public required IReadOnlyList<TrackMessage> Messages { get; init; }

    /// <summary>Every text event, ordered in the same way.</summary>
    public required IReadOnlyList<TrackText> Texts { get; init; }

    /// <summary>Every sequencer-specific event that has data, ordered in the same way.</summary>
    public required IReadOnlyList<TrackData> Data { get; init; }

    /// <summary>The tempos, ordered by time. Empty where the file says none (then a quarter is 500 000 microseconds) and where its division is in SMPTE frames.</summary>
    public required IReadOnlyList<TempoChange> Tempos { get; init; }

    /// <summary>The time signatures, ordered by time. Empty where the file says none (then 4/4 holds).</summary>
    public required IReadOnlyList<TimeSignature> TimeSignatures { get; init; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is not a MIDI file, or a broken one: the message names the file, the byte, and what is wrong there.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static MidiFile Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        byte[] bytes = new byte[stream.CanSeek ? Math.Min(stream.Length, MaxBytes) + 1 : FirstBytes];
        int count = 0;
        while (true)
        {
            // A pipe does not tell its length, and a file may grow.
            count += stream.ReadAtLeast(bytes.AsSpan(count), bytes.Length - count, throwOnEndOfStream: false);
            if (count < bytes.Length || count > MaxBytes)
            {
                return Read(bytes.AsSpan(0, count), path);
            }

            Array.Resize(ref bytes, Math.Min(2 * bytes.Length, MaxBytes + 1));
        }
    }

    /// <summary>Reads a file's bytes.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in an error.</param>
    /// <exception cref="InvalidDataException">It is not a MIDI file, or a broken one: the message names the file, the byte, and what is wrong there.</exception>
    public static MidiFile Read(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.Length > MaxBytes)
        {
            throw new InvalidDataException($"{name} is no MIDI file to be read here: it has more than {MaxBytes} bytes. Choose a smaller one.");
        }

        return new MidiFileReader(bytes, name).Read();
    }
}
