using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace MusicRnn.Midi;

/// <summary>
/// Reads the bytes of a Standard MIDI File. What files in the wild do wrong and what does not change the music is let
/// through: a RIFF wrapper, foreign chunks, a longer header, a wrong track count, a track without its end or longer than
/// the file, running status kept over meta events, system messages between events, bytes after the end.
/// </summary>
internal ref struct MidiFileReader
{
    private const int DefaultQuarter = 500_000;
    private const int HeaderTag = 0x4D546864; // MThd
    private const int TrackTag = 0x4D54726B; // MTrk
    private const int RiffTag = 0x52494646; // RIFF
    private const int MidiFormTag = 0x524D4944; // RMID
    private const int DataTag = 0x64617461; // data
    private const int SequencerSpecific = 0x7F;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly string _name;
    private readonly List<RawEvent> _events = [];
    private readonly List<string> _texts = [];
    private readonly List<byte[]> _data = [];
    private int _at;

    public MidiFileReader(ReadOnlySpan<byte> bytes, string name)
    {
        _bytes = bytes;
        _name = name;
    }

    public MidiFile Read()
    {
        SkipRiff();
        if (_bytes.Length - _at < 14 || BinaryPrimitives.ReadInt32BigEndian(_bytes[_at..]) != HeaderTag)
        {
            throw Broken(_at, "a MIDI file's header (MThd) is missing");
        }

        uint headerLength = BinaryPrimitives.ReadUInt32BigEndian(_bytes[(_at + 4)..]);
        int format = BinaryPrimitives.ReadUInt16BigEndian(_bytes[(_at + 8)..]);
        ushort division = BinaryPrimitives.ReadUInt16BigEndian(_bytes[(_at + 12)..]);
        if (headerLength < 6 || headerLength > _bytes.Length - _at - 8)
        {
            throw Broken(_at + 4, $"the header's length is {headerLength}, where 6 is right");
        }

        if (format > 2)
        {
            throw Broken(_at + 8, $"the format is {format}, where 0, 1 and 2 exist");
        }

        FileClock clock = ReadDivision(division, _at + 12);
        _at += 8 + (int)headerLength;
        int tracks = 0;
        long start = 0, end = 0;
        while (_bytes.Length - _at >= 8)
        {
            int tag = BinaryPrimitives.ReadInt32BigEndian(_bytes[_at..]);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(_bytes[(_at + 4)..]);
            _at += 8;
            int chunkEnd = (int)Math.Min(_bytes.Length, _at + (long)length);
            if (tag == TrackTag)
            {
                if (format == 2)
                {
                    _events.Add(new RawEvent(start, tracks, 0x51, default, DefaultQuarter)); // Each pattern has a tempo map of its own.
                }

                end = Math.Max(end, ReadTrack(chunkEnd, tracks, start));
                start = format == 2 ? end : 0;
                tracks++;
            }

            _at = chunkEnd;
        }

        if (tracks == 0)
        {
            throw Broken(_at, "no track (MTrk) follows the header");
        }

        return Build(format, tracks, end, clock);
    }

    /// <summary>A RIFF file of form RMID holds a MIDI file in its chunk "data" (RP-029).</summary>
    private void SkipRiff()
    {
        if (_bytes.Length < 12 || BinaryPrimitives.ReadInt32BigEndian(_bytes) != RiffTag || BinaryPrimitives.ReadInt32BigEndian(_bytes[8..]) != MidiFormTag)
        {
            return;
        }

        long at = 12;
        while (_bytes.Length - at >= 8)
        {
            int tag = BinaryPrimitives.ReadInt32BigEndian(_bytes[(int)at..]);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(_bytes[((int)at + 4)..]);
            at += 8;
            if (tag == DataTag)
            {
                _at = (int)at;
                return;
            }

            at += length + (length & 1);
        }

        throw Broken(12, "the RIFF file has no chunk \"data\"");
    }

    private readonly FileClock ReadDivision(ushort division, int offset)
    {
        if ((division & 0x8000) == 0)
        {
            return division == 0 ? throw Broken(offset, "the division is 0 ticks a quarter") : FileClock.Metrical(division);
        }

        int framesPerSecond = -(sbyte)(division >> 8);
        int ticksPerFrame = division & 0xFF;
        if (framesPerSecond is not (24 or 25 or 29 or 30) || ticksPerFrame == 0)
        {
            throw Broken(offset, $"the division is {ticksPerFrame} ticks a frame at {framesPerSecond} frames a second, where 24, 25, 29 (drop) and 30 exist");
        }

        return FileClock.Smpte(framesPerSecond, ticksPerFrame);
    }

    /// <summary>Reads the events of one track and returns the tick of its end.</summary>
    private long ReadTrack(int end, int track, long tick)
    {
        byte running = 0;
        while (_at < end)
        {
            tick += ReadLength(end, "a delta time");
            int offset = _at;
            int status = ReadByte(end, "an event");
            switch (status)
            {
                case < 0x80:
                    if (running == 0)
                    {
                        throw Broken(offset, $"0x{status:X2} is a data byte, where an event's status byte is due");
                    }

                    _at = offset;
                    AddMessage(running, end, tick, track);
                    break;
                case < 0xF0:
                    running = (byte)status;
                    AddMessage(running, end, tick, track);
                    break;
                case 0xFF:
                    int type = ReadByte(end, "a meta event's type");
                    ReadOnlySpan<byte> data = ReadData(end, "a meta event");
                    if (type == 0x2F)
                    {
                        return tick;
                    }

                    AddMeta(type, data, tick, track);
                    break;
                case 0xF0 or 0xF7:
                    ReadData(end, "a system exclusive message");
                    break;
                case 0xF1 or 0xF3:
                    ReadByte(end, "a system message");
                    break;
                case 0xF2:
                    ReadByte(end, "a system message");
                    ReadByte(end, "a system message");
                    break;
                case 0xF4 or 0xF5:
                    throw Broken(offset, $"0x{status:X2} is no status byte");
                default:
                    break; // Tune request and the real-time messages are of one byte, and nothing to a file.
            }
        }

        return tick;
    }

    private void AddMessage(byte status, int end, long tick, int track)
    {
        byte first = ReadDataByte(end);
        byte second = (status & 0xE0) == 0xC0 ? (byte)0 : ReadDataByte(end);
        _events.Add(new RawEvent(tick, track, 0, new MidiMessage(status, first, second), 0));
    }

    private void AddMeta(int type, ReadOnlySpan<byte> data, long tick, int track)
    {
        switch (type)
        {
            case >= 1 and <= 15:
                _events.Add(new RawEvent(tick, track, (byte)type, default, _texts.Count));
                _texts.Add(Decode(data));
                break;
            case SequencerSpecific when data.Length > 0:
                _events.Add(new RawEvent(tick, track, SequencerSpecific, default, _data.Count));
                _data.Add(data.ToArray());
                break;
            case 0x51 when data.Length >= 3:
                int quarter = (data[0] << 16) | (data[1] << 8) | data[2];
                if (quarter > 0)
                {
                    _events.Add(new RawEvent(tick, track, 0x51, default, quarter));
                }

                break;
            case 0x58 when data.Length >= 2 && data[0] > 0 && data[1] < 8:
                _events.Add(new RawEvent(tick, track, 0x58, default, (data[0] << 8) | (1 << data[1])));
                break;
            default:
                break;
        }
    }

    private static string Decode(ReadOnlySpan<byte> data)
    {
        try
        {
            return StrictUtf8.GetString(data);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(data);
        }
    }

    private readonly MidiFile Build(int format, int trackCount, long end, FileClock clock)
    {
        Span<RawEvent> events = CollectionsMarshal.AsSpan(_events);
        for (int i = 0; i < events.Length; i++)
        {
            events[i] = events[i] with { Order = i };
        }

        if (trackCount > 1)
        {
            events.Sort(static (a, b) => a.Tick != b.Tick ? a.Tick.CompareTo(b.Tick) : a.Order.CompareTo(b.Order));
        }

        var messages = new List<TrackMessage>(events.Length);
        var texts = new List<TrackText>(_texts.Count);
        var tempos = new List<TempoChange>();
        var signatures = new List<TimeSignature>();
        var own = new List<TrackData>(_data.Count);
        foreach (ref readonly RawEvent item in events)
        {
            long time = TimeOf(ref clock, item.Tick);
            switch (item.Meta)
            {
                case 0:
                    messages.Add(new TrackMessage(time, item.Track, item.Message));
                    break;
                case 0x51:
                    if (clock.SetQuarter(item.Tick, item.Value))
                    {
                        tempos.Add(new TempoChange(time, item.Value));
                    }

                    break;
                case 0x58:
                    signatures.Add(new TimeSignature(time, item.Value >> 8, item.Value & 0xFF));
                    break;
                case SequencerSpecific:
                    own.Add(new TrackData(time, item.Track, _data[item.Value]));
                    break;
                default:
                    texts.Add(new TrackText(time, item.Track, (TextKind)item.Meta, _texts[item.Value]));
                    break;
            }
        }

        return new MidiFile
        {
            Format = format,
            TrackCount = trackCount,
            Duration = TimeOf(ref clock, end),
            Messages = messages,
            Texts = texts,
            Data = own,
            Tempos = tempos,
            TimeSignatures = signatures,
        };
    }

    private readonly long TimeOf(ref FileClock clock, long tick)
    {
        Int128 time = clock.TimeOf(tick);
        return time <= MidiFile.MaxTime ? (long)time : throw Broken(_bytes.Length, "its events go on for more than a week");
    }

    private int ReadLength(int end, string what)
    {
        int offset = _at;
        int value = 0;
        for (int i = 0; i < 4; i++)
        {
            int next = ReadByte(end, what);
            value = (value << 7) | (next & 0x7F);
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Broken(offset, $"{what} is a number of more than four bytes");
    }

    private ReadOnlySpan<byte> ReadData(int end, string what)
    {
        int offset = _at;
        int length = ReadLength(end, "a length");
        if (length > end - _at)
        {
            throw Broken(offset, $"{what} of {length} bytes runs past the end of its track");
        }

        ReadOnlySpan<byte> data = _bytes.Slice(_at, length);
        _at += length;
        return data;
    }

    private byte ReadDataByte(int end)
    {
        int offset = _at;
        byte value = ReadByte(end, "a message");
        return value < 0x80 ? value : throw Broken(offset, $"0x{value:X2} stands where a message's data byte (0 to 0x7F) is due");
    }

    private byte ReadByte(int end, string what) =>
        _at < end ? _bytes[_at++] : throw Broken(_at, $"the track ends within {what}");

    private readonly InvalidDataException Broken(int offset, string what) =>
        new($"{_name} is not a sound MIDI file: at byte {offset}, {what}. Export it anew, or choose another file.");

    /// <summary>An event before its tick is a time; <paramref name="Meta"/> is 0 for a message, and <paramref name="Value"/> a meta event's number or text.</summary>
    private readonly record struct RawEvent(long Tick, int Track, byte Meta, MidiMessage Message, int Value)
    {
        public int Order { get; init; }
    }
}
