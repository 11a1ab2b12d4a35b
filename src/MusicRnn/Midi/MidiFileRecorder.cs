using System.Buffers.Binary;

namespace MusicRnn.Midi;

/// <summary>
/// Writes a MIDI file of one track while the music is being played, so that at every moment, a kill between or within two
/// writes included, the file is whole and holds what was flushed before. One thread at a time; it writes to the disk, so never an audio thread.
/// </summary>
/// <remarks>
/// New events go behind the track's end, where nothing counts yet; then the chunk's length takes them in, still behind the
/// end; then the old end, 00 FF 2F 00, becomes an event that means nothing, 00 FF 7F 00, by one byte.
/// </remarks>
public sealed class MidiFileRecorder : IDisposable
{
    private const int LengthOffset = 18; // Of the track chunk, which follows the header's 14 bytes and its own tag.
    private const int EventsOffset = 22;

    private readonly Stream _stream;
    private readonly MidiTrackWriter _track;
    private long _end; // of the file, and of its one track

    /// <summary>Begins a file, over an older one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ticksPerQuarter">1 to 32 767.</param>
    /// <param name="quarter">The length of a quarter note in microseconds, 1 to 16 777 215.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public MidiFileRecorder(string path, int ticksPerQuarter = 25_000, int quarter = 500_000)
        : this(RecordedFile.Create(path), ticksPerQuarter, quarter)
    {
    }

    internal MidiFileRecorder(Stream stream, int ticksPerQuarter, int quarter)
    {
        _stream = stream;
        _track = new MidiTrackWriter(new TempoMap(ticksPerQuarter, quarter));
        _track.AddFirstTempo();
        Span<byte> start = stackalloc byte[EventsOffset];
        MidiFileWriter.WriteHeader(start, 1, ticksPerQuarter);
        "MTrk"u8.CopyTo(start[14..]);
        BinaryPrimitives.WriteInt32BigEndian(start[LengthOffset..], _track.Bytes.Length + MidiTrackWriter.End.Length);
        _stream.Write([.. start, .. _track.Bytes, .. MidiTrackWriter.End]);
        _end = EventsOffset + _track.Bytes.Length + MidiTrackWriter.End.Length;
        _track.Clear();
    }

    /// <summary>Adds a message, in the file from the next <see cref="Flush"/> on.</summary>
    /// <param name="time">Nanoseconds from the start of the file; an earlier one than the last event's counts as that.</param>
    /// <param name="message">A channel message.</param>
    public void Add(long time, MidiMessage message) => _track.Add(time, message);

    /// <summary>Adds a text, in the file from the next <see cref="Flush"/> on.</summary>
    /// <param name="time">Nanoseconds from the start of the file; an earlier one than the last event's counts as that.</param>
    /// <param name="kind">What the text is.</param>
    /// <param name="text">The text.</param>
    public void AddText(long time, TextKind kind, string text) => _track.AddText(time, kind, text);

    /// <summary>Brings what was added into the file.</summary>
    /// <exception cref="IOException">It cannot be written; the file stays whole, and the next flush tries again.</exception>
    public void Flush()
    {
        if (_track.Bytes.IsEmpty)
        {
            return;
        }

        byte[] events = [.. _track.Bytes, .. MidiTrackWriter.End];
        _stream.Position = _end;
        _stream.Write(events);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, checked((int)(_end + events.Length - EventsOffset)));
        _stream.Position = LengthOffset;
        _stream.Write(length);
        _stream.Position = _end - 2;
        _stream.Write([0x7F]);
        _stream.Flush();
        _end += events.Length;
        _track.Clear();
    }

    /// <summary>Flushes and closes the file.</summary>
    public void Dispose()
    {
        try
        {
            Flush();
        }
        finally
        {
            _stream.Dispose();
        }
    }
}
