using System.Buffers.Binary;

namespace MusicRnn.Midi;

/// <summary>
/// Writes a Standard MIDI File of format 1. By its defaults (25 000 ticks a quarter, 120 quarters a minute)
/// a tick is 20 microseconds, finer than a frame at 48 kHz, so that reading gives back the nearest multiple of 20 000 ns of every time.
/// </summary>
public sealed class MidiFileWriter
{
    private readonly List<MidiTrackWriter> _tracks = [];
    private readonly int _division;
    private readonly TempoMap _tempos;

    /// <summary>Starts an empty file.</summary>
    /// <param name="ticksPerQuarter">1 to 32 767.</param>
    /// <param name="quarter">The length of a quarter note at the beginning in microseconds, 1 to 16 777 215.</param>
    public MidiFileWriter(int ticksPerQuarter = 25_000, int quarter = 500_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ticksPerQuarter, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ticksPerQuarter, 0x7FFF);
        ArgumentOutOfRangeException.ThrowIfLessThan(quarter, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quarter, MidiTrackWriter.MaxQuarter);
        _division = ticksPerQuarter;
        _tempos = new TempoMap(ticksPerQuarter, quarter);
    }

    /// <summary>Adds a track. The first one also carries the tempo.</summary>
    /// <param name="name">Its name; null for none.</param>
    public MidiTrackWriter AddTrack(string? name = null)
    {
        var track = new MidiTrackWriter(_tempos);
        if (_tracks.Count == 0)
        {
            track.AddFirstTempo();
        }

        if (name != null)
        {
            track.AddText(0, TextKind.TrackName, name);
        }

        _tracks.Add(track);
        return track;
    }

    /// <summary>The whole file as it stands: every track ends with its last event.</summary>
    public byte[] ToArray()
    {
        using var stream = new MemoryStream();
        Write(stream);
        return stream.ToArray();
    }

    /// <summary>Writes the whole file as it stands to a file of that name, which appears whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string path) => WholeFile.Write(path, to =>
    {
        using var stream = new FileStream(to, FileMode.Create, FileAccess.Write);
        Write(stream);
    });

    /// <summary>Writes the whole file as it stands.</summary>
    public void Write(Stream stream)
    {
        Span<byte> header = stackalloc byte[14];
        WriteHeader(header, _tracks.Count, _division);
        stream.Write(header);
        foreach (MidiTrackWriter track in _tracks)
        {
            track.Write(stream);
        }
    }

    /// <summary>Writes the header chunk of a file of format 1.</summary>
    /// <param name="header">14 bytes.</param>
    /// <param name="tracks">The number of tracks.</param>
    /// <param name="ticksPerQuarter">The division.</param>
    internal static void WriteHeader(Span<byte> header, int tracks, int ticksPerQuarter)
    {
        "MThd"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], 6);
        BinaryPrimitives.WriteInt16BigEndian(header[8..], 1);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)tracks);
        BinaryPrimitives.WriteUInt16BigEndian(header[12..], (ushort)ticksPerQuarter);
    }
}
