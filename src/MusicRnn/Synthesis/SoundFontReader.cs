using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace MusicRnn.Synthesis;

/// <summary>
/// Reads a SoundFont file and validates it once, so that playing need not check: every index is in range and every
/// sample lies within the data. A structure that contradicts itself is an <see cref="InvalidDataException"/> naming the
/// byte; a sample that cannot be played is silent, since real fonts carry such.
/// </summary>
/// <remarks>
/// Memory is bounded by the file's length: the sample data is held as it is (24 bits as 32), and the tables are limited by
/// their 16-bit indices to 65535 zones, generators and modulators on each of the two levels, at most 20 MB in all.
/// </remarks>
internal sealed class SoundFontReader
{
    private const int MostRecords = 65536;
    private const int MostModulatorsOfZone = 64;

    private readonly SafeFileHandle _file;
    private readonly long _length;
    private readonly Dictionary<string, (long Offset, int Size)> _chunks = []; // of the INFO, sdta and pdta lists
    private readonly List<Zone> _zones = [];
    private readonly List<Modulator> _modulators = [];
    private readonly List<(string Name, int Bank, int Program, int First, int Count)> _presets = [];
    private short[] _values = []; // [zones, GeneratorTable.Count], grown by doubling

    private SoundFontReader(string path, SafeFileHandle file)
    {
        Path = path;
        _file = file;
        _length = RandomAccess.GetLength(file);
    }

    public string Path { get; }

    public string Name { get; private set; } = "";

    public SampleHeader[] Samples { get; private set; } = [];

    public SampleMemory Memory { get; private set; } = null!;

    public Zone[] Zones => [.. _zones];

    public short[] Values => _values[..(_zones.Count * GeneratorTable.Count)];

    public Modulator[] Modulators => [.. _modulators];

    public (int First, int Count)[] Instruments { get; private set; } = [];

    public static SoundFontReader Read(string path, SampleStorage storage)
    {
        if (LinkedFile.Target(path) is { Exists: true, Length: 0 }) // a pipe would be waited for without end, and has no length
        {
            throw new InvalidDataException($"{path}: it ends at byte 0: it is empty, or no file but a pipe or a device.");
        }

        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        SoundFontReader reader = new(path, file);
        try
        {
            reader.ReadChunks();
            reader.ReadVersionAndName();
            reader.ReadSamples(storage);
            reader.ReadPresets();
            reader.ReadInstruments();
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e.InnerException);
        }

        return reader;
    }

    public Preset[] MakePresets(SoundFont font)
    {
        Dictionary<(int, int), Preset> presets = [];
        foreach ((string name, int bank, int program, int first, int count) in _presets)
        {
            presets.TryAdd((bank, program), new Preset(font, name, bank, program, first, count)); // of two with one number the first holds
        }

        return [.. presets.Values.OrderBy(preset => preset.Bank).ThenBy(preset => preset.Program)];
    }

    private void ReadChunks()
    {
        byte[] head = Bytes(0, 12, "the RIFF header");
        if (!head.AsSpan(0, 4).SequenceEqual("RIFF"u8) || !head.AsSpan(8, 4).SequenceEqual("sfbk"u8))
        {
            throw new InvalidDataException("byte 0: not a SoundFont: it does not begin with RIFF ... sfbk.");
        }

        long end = Math.Min(_length, 8 + (long)BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)));
        for (long at = 12; at + 8 <= end;)
        {
            (string id, uint size) = ChunkHeader(at, end);
            if (id == "LIST" && size >= 4)
            {
                string list = Encoding.Latin1.GetString(Bytes(at + 8, 4, "a list's name"));
                if (list is "INFO" or "sdta" or "pdta")
                {
                    ReadList(at + 12, at + 8 + size);
                }
            }

            at += 8 + size + (size & 1);
        }
    }

    private void ReadList(long at, long end)
    {
        while (at + 8 <= end)
        {
            (string id, uint size) = ChunkHeader(at, end);
            if (size > int.MaxValue - 64)
            {
                throw new InvalidDataException($"byte {at}: chunk {id} of {size} bytes is larger than 2 GB, more than this reader takes.");
            }

            _chunks.TryAdd(id, (at + 8, (int)size));
            at += 8 + size + (size & 1);
        }
    }

    private (string Id, uint Size) ChunkHeader(long at, long end)
    {
        byte[] header = Bytes(at, 8, "a chunk's header");
        string id = Printable(header.AsSpan(0, 4));
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4));
        return at + 8 + size > end
            ? throw new InvalidDataException($"byte {at}: chunk {id} of {size} bytes reaches past the end of what holds it, at byte {end}; the file is cut short or damaged.")
            : (id, size);
    }

    private void ReadVersionAndName()
    {
        if (!_chunks.TryGetValue("ifil", out (long Offset, int Size) version) || version.Size < 4)
        {
            throw new InvalidDataException("no ifil chunk, which states the version: the INFO list is missing or damaged.");
        }

        int major = BinaryPrimitives.ReadUInt16LittleEndian(Bytes(version.Offset, 2, "the version"));
        if (major != 2)
        {
            string hint = major == 3 ? " Version 3 has compressed samples: use the .sf2 of this font." : "";
            throw new InvalidDataException($"byte {version.Offset}: version {major} of the format; this reader takes version 2.{hint}");
        }

        Name = _chunks.TryGetValue("INAM", out (long Offset, int Size) name) && name.Size is > 0 and <= 65536
            ? Text(Bytes(name.Offset, Math.Min(name.Size, 256), "the font's name"))
            : "";
        Name = Name.Length > 0 ? Name : System.IO.Path.GetFileNameWithoutExtension(Path);
    }

    private void ReadSamples(SampleStorage storage)
    {
        if (!_chunks.TryGetValue("smpl", out (long Offset, int Size) data) || data.Size < 2)
        {
            throw new InvalidDataException("no smpl chunk: the font holds no samples.");
        }

        int length = data.Size / sizeof(short);
        ReadSampleHeaders(length);
        bool isFine = _chunks.TryGetValue("sm24", out (long Offset, int Size) low) && low.Size >= length;
        Memory = storage == SampleStorage.Mapped && !isFine
            ? SampleMemory.Map(Path, data.Offset)
            : SampleMemory.Read(_file, data.Offset, length, isFine ? low.Offset : 0);
    }

    private void ReadSampleHeaders(int dataLength)
    {
        const int Size = 46;
        const int CompressedOrRom = 0x8010;
        byte[] records = Records("shdr", Size, out int count);
        Samples = new SampleHeader[count - 1];
        for (int i = 0; i < Samples.Length; i++)
        {
            ReadOnlySpan<byte> record = records.AsSpan(i * Size, Size);
            long start = BinaryPrimitives.ReadUInt32LittleEndian(record[20..]);
            long end = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(record[24..]), dataLength);
            long loopStart = BinaryPrimitives.ReadUInt32LittleEndian(record[28..]);
            long loopEnd = BinaryPrimitives.ReadUInt32LittleEndian(record[32..]);
            long rate = BinaryPrimitives.ReadUInt32LittleEndian(record[36..]);
            int type = BinaryPrimitives.ReadUInt16LittleEndian(record[44..]);
            if (start >= end || (type & CompressedOrRom) != 0)
            {
                (start, end, loopStart, loopEnd) = (0, 0, 0, 0);
            }

            Samples[i] = new SampleHeader(
                (int)start,
                (int)end,
                (int)Math.Clamp(loopStart, start, end),
                (int)Math.Clamp(loopEnd, start, end),
                rate is >= 400 and <= 400_000 ? (int)rate : 44_100,
                record[40] <= 127 ? record[40] : 60,
                (sbyte)record[41]);
        }
    }

    private void ReadPresets()
    {
        const int Size = 38;
        byte[] records = Records("phdr", Size, out int count);
        int instruments = (_chunks.TryGetValue("inst", out (long Offset, int Size) inst) ? inst.Size / 22 : 0) - 1;
        ZoneTables tables = ReadTables("pbag", "pgen", "pmod");
        for (int i = 0; i + 1 < count; i++)
        {
            ReadOnlySpan<byte> record = records.AsSpan(i * Size, Size);
            int program = BinaryPrimitives.ReadUInt16LittleEndian(record[20..]);
            int bank = BinaryPrimitives.ReadUInt16LittleEndian(record[22..]);
            int bag = BinaryPrimitives.ReadUInt16LittleEndian(record[24..]);
            int nextBag = Word(records, ((i + 1) * Size) + 24);
            CheckRange("phdr", i, bag, nextBag, tables.ZoneCount);
            int first = _zones.Count;
            ReadZones(tables, bag, nextBag, Generator.Instrument, instruments);
            if (program <= 127)
            {
                _presets.Add((Text(record[..20]), bank, program, first, _zones.Count - first));
            }
        }
    }

    private void ReadInstruments()
    {
        const int Size = 22;
        byte[] records = Records("inst", Size, out int count);
        ZoneTables tables = ReadTables("ibag", "igen", "imod");
        Instruments = new (int, int)[count - 1];
        for (int i = 0; i < Instruments.Length; i++)
        {
            int bag = Word(records, (i * Size) + 20);
            int nextBag = Word(records, ((i + 1) * Size) + 20);
            CheckRange("inst", i, bag, nextBag, tables.ZoneCount);
            int first = _zones.Count;
            ReadZones(tables, bag, nextBag, Generator.SampleId, Samples.Length);
            Instruments[i] = (first, _zones.Count - first);
        }
    }

    private ZoneTables ReadTables(string bags, string generators, string modulators)
    {
        byte[] bag = Records(bags, 4, out int bagCount);
        byte[] generator = Records(generators, 4, out int generatorCount);
        byte[] modulator = Records(modulators, 10, out int modulatorCount);
        for (int i = 0; i + 1 < bagCount; i++)
        {
            CheckRange(bags, i, Word(bag, i * 4), Word(bag, (i + 1) * 4), generatorCount - 1);
            CheckRange(bags, i, Word(bag, (i * 4) + 2), Word(bag, ((i + 1) * 4) + 2), modulatorCount - 1);
        }

        int first = _modulators.Count;
        for (int i = 0; i + 1 < modulatorCount; i++)
        {
            int at = i * 10;
            int destination = Word(modulator, at + 2);
            ModulatorSource source = new((ushort)Word(modulator, at));
            ModulatorSource amountSource = new((ushort)Word(modulator, at + 6));
            bool isUsable = source.IsValid && amountSource.IsValid
                && (destination == (int)Generator.Pitch || GeneratorTable.IsAllowedInPreset(destination));
            _modulators.Add(isUsable
                ? new Modulator(source, (Generator)destination, BinaryPrimitives.ReadInt16LittleEndian(modulator.AsSpan(at + 4)), amountSource, Word(modulator, at + 8) == 2)
                : default); // amount 0 on a note's start offset: moves nothing
        }

        return new ZoneTables(bag, generator, first, bagCount - 1);
    }

    private void ReadZones(in ZoneTables tables, int bag, int lastBag, Generator target, int targetCount)
    {
        bool isPreset = target == Generator.Instrument;
        Span<short> fresh = stackalloc short[GeneratorTable.Count];
        if (!isPreset)
        {
            GeneratorTable.Defaults.CopyTo(fresh);
        }

        Zone global = new(0, 127, 0, 127, 0, 0, 0, 0, 0);
        Span<short> globalValues = stackalloc short[GeneratorTable.Count];
        fresh.CopyTo(globalValues);
        Span<short> values = stackalloc short[GeneratorTable.Count];
        for (int i = bag; i < lastBag; i++)
        {
            globalValues.CopyTo(values);
            int modulators = Word(tables.Bags, (i * 4) + 2);
            Zone zone = global with
            {
                Modulators = tables.FirstModulator + modulators,
                ModulatorCount = Math.Min(MostModulatorsOfZone, Word(tables.Bags, ((i + 1) * 4) + 2) - modulators),
            };
            if (ReadGenerators(tables, i, isPreset, target, targetCount, values, ref zone))
            {
                AddZone(zone, values);
            }
            else if (i == bag)
            {
                values.CopyTo(globalValues);
                global = zone with { GlobalModulators = zone.Modulators, GlobalModulatorCount = zone.ModulatorCount };
            }
        }
    }

    /// <summary>Reads one zone's generators over the values of its global zone; false where it names no target, as only a global zone may.</summary>
    private bool ReadGenerators(in ZoneTables tables, int bag, bool isPreset, Generator target, int targetCount, Span<short> values, ref Zone zone)
    {
        int first = Word(tables.Bags, bag * 4);
        int last = Word(tables.Bags, (bag + 1) * 4);
        bool onlyRangesSoFar = true;
        for (int g = first; g < last; g++)
        {
            int generator = Word(tables.Generators, g * 4);
            byte low = tables.Generators[(g * 4) + 2];
            byte high = tables.Generators[(g * 4) + 3];
            if (generator == (int)Generator.KeyRange && g == first)
            {
                zone = zone with { LowKey = low, HighKey = high };
            }
            else if (generator == (int)Generator.VelocityRange && onlyRangesSoFar)
            {
                zone = zone with { LowVelocity = low, HighVelocity = high };
                onlyRangesSoFar = false;
            }
            else if (generator == (int)target)
            {
                int index = low | (high << 8);
                if (index >= targetCount)
                {
                    throw new InvalidDataException(
                        $"zone {bag} names {(isPreset ? "instrument" : "sample")} {index}, but there are {Math.Max(0, targetCount)} ({(isPreset ? "pgen" : "igen")} record {g}).");
                }

                zone = zone with { Target = (ushort)index };
                return true; // what follows the target is to be ignored (SF2.04 section 8.1.2)
            }
            else
            {
                onlyRangesSoFar = false;
                if (isPreset ? GeneratorTable.IsAllowedInPreset(generator) : GeneratorTable.IsAllowedInInstrument(generator))
                {
                    values[generator] = (short)(low | (high << 8));
                }
            }
        }

        return false;
    }

    private void AddZone(in Zone zone, ReadOnlySpan<short> values)
    {
        int at = _zones.Count * GeneratorTable.Count;
        if (at + GeneratorTable.Count > _values.Length)
        {
            Array.Resize(ref _values, Math.Max(64 * GeneratorTable.Count, 2 * _values.Length));
        }

        values.CopyTo(_values.AsSpan(at));
        _zones.Add(zone);
    }

    private static void CheckRange(string chunk, int record, int first, int next, int count)
    {
        if (first > next || next > count)
        {
            throw new InvalidDataException($"{chunk} record {record} spans {first} to {next} of a list of {count}: the list's indices must rise and stay within it.");
        }
    }

    private byte[] Records(string id, int recordSize, out int count)
    {
        if (!_chunks.TryGetValue(id, out (long Offset, int Size) chunk))
        {
            throw new InvalidDataException($"no {id} chunk: the pdta list is missing or damaged.");
        }

        count = chunk.Size / recordSize;
        if (chunk.Size % recordSize != 0 || count == 0 || count > MostRecords)
        {
            throw new InvalidDataException($"byte {chunk.Offset}: chunk {id} of {chunk.Size} bytes is not 1 to {MostRecords} records of {recordSize} bytes.");
        }

        return Bytes(chunk.Offset, chunk.Size, id);
    }

    private byte[] Bytes(long offset, int count, string what)
    {
        byte[] bytes = new byte[count];
        for (int done = 0; done < count;)
        {
            int read = RandomAccess.Read(_file, bytes.AsSpan(done), offset + done);
            if (read == 0)
            {
                throw new InvalidDataException($"byte {offset + done}: the file ends within {what}.");
            }

            done += read;
        }

        return bytes;
    }

    private static int Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Printable(end >= 0 ? bytes[..end] : bytes).Trim();
    }

    private static string Printable(ReadOnlySpan<byte> bytes) =>
        string.Create(bytes.Length, Encoding.Latin1.GetString(bytes), (span, text) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(text[i]) ? '?' : text[i];
            }
        });

    private readonly record struct ZoneTables(byte[] Bags, byte[] Generators, int FirstModulator, int ZoneCount);
}
