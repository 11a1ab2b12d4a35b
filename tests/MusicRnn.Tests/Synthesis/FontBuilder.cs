using System.Text;
using MusicRnn.Synthesis;

namespace MusicRnn.Tests.Synthesis;

/// <summary>Writes small SoundFonts, so that a test can say exactly what a font says.</summary>
internal sealed class FontBuilder
{
    private readonly List<(string Name, int[] Points, int LoopStart, int LoopEnd, int Rate, int RootKey, int Correction)> _samples = [];
    private readonly List<(string Name, ZoneSpec[] Zones)> _instruments = [];
    private readonly List<(string Name, int Bank, int Program, ZoneSpec[] Zones)> _presets = [];

    /// <summary>Whether the low 8 bits of 24-bit points are written too.</summary>
    public bool IsFine { get; init; }

    /// <summary>Adds a sample of 24-bit points, whose low 8 bits are dropped unless <see cref="IsFine"/>.</summary>
    public int Sample(int[] points, int loopStart, int loopEnd, int rate = 44_100, int rootKey = 69, int correction = 0)
    {
        _samples.Add(($"sample {_samples.Count}", points, loopStart, loopEnd, rate, rootKey, correction));
        return _samples.Count - 1;
    }

    /// <summary>Adds a sine whose loop is its last period.</summary>
    public int Sine(int period = 100, int periods = 4, double amplitude = 0.5, int rate = 44_100, int rootKey = 69, int correction = 0) => Sample(
        [.. Enumerable.Range(0, period * periods).Select(i => (int)Math.Round(amplitude * 8_388_607 * Math.Sin(2 * Math.PI * i / period)))],
        period * (periods - 1),
        period * periods,
        rate,
        rootKey,
        correction);

    /// <summary>Adds an instrument; a zone without a sample is a global one.</summary>
    public int Instrument(params ZoneSpec[] zones)
    {
        _instruments.Add(($"instrument {_instruments.Count}", zones));
        return _instruments.Count - 1;
    }

    /// <summary>Adds a preset; a zone without an instrument is a global one.</summary>
    public FontBuilder Preset(int bank, int program, params ZoneSpec[] zones)
    {
        _presets.Add(($"preset {bank}:{program}", bank, program, zones));
        return this;
    }

    /// <summary>Loads the font, by way of a file.</summary>
    public SoundFont Load() => Load(ToArray());

    /// <summary>Loads a font from bytes, by way of a file.</summary>
    public static SoundFont Load(byte[] bytes, SampleStorage storage = SampleStorage.Memory) => InFile(bytes, path => SoundFont.Load(path, storage));

    /// <summary>Puts a font into a file for as long as it is used.</summary>
    public static T InFile<T>(byte[] bytes, Func<string, T> use)
    {
        string path = Path.Combine(Path.GetTempPath(), $"musicrnn-{Environment.ProcessId}-{Guid.NewGuid():N}.sf2");
        File.WriteAllBytes(path, bytes);
        try
        {
            return use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public byte[] ToArray()
    {
        MemoryStream smpl = new();
        MemoryStream sm24 = new();
        BinaryWriter shdr = new(new MemoryStream());
        foreach ((string name, int[] points, int loopStart, int loopEnd, int rate, int rootKey, int correction) in _samples)
        {
            int start = (int)smpl.Length / 2;
            foreach (int point in points.Concat(new int[46]))
            {
                smpl.Write([(byte)(point >> 8), (byte)(point >> 16)]);
                sm24.WriteByte((byte)point);
            }

            WriteName(shdr, name);
            shdr.Write(start);
            shdr.Write(start + points.Length);
            shdr.Write(start + loopStart);
            shdr.Write(start + loopEnd);
            shdr.Write(rate);
            shdr.Write((byte)rootKey);
            shdr.Write((sbyte)correction);
            shdr.Write((ushort)0);
            shdr.Write((ushort)1);
        }

        WriteName(shdr, "EOS");
        shdr.Write(new byte[26]);
        Level presets = new();
        Level instruments = new();
        foreach ((string name, int bank, int program, ZoneSpec[] zones) in _presets)
        {
            WriteName(presets.Headers, name);
            presets.Headers.Write((ushort)program);
            presets.Headers.Write((ushort)bank);
            presets.Headers.Write((ushort)presets.BagCount);
            presets.Headers.Write(new byte[12]);
            presets.Add(zones, 41);
        }

        WriteName(presets.Headers, "EOP");
        presets.Headers.Write(0);
        presets.Headers.Write((ushort)presets.BagCount);
        presets.Headers.Write(new byte[12]);
        foreach ((string name, ZoneSpec[] zones) in _instruments)
        {
            WriteName(instruments.Headers, name);
            instruments.Headers.Write((ushort)instruments.BagCount);
            instruments.Add(zones, 53);
        }

        WriteName(instruments.Headers, "EOI");
        instruments.Headers.Write((ushort)instruments.BagCount);
        presets.Close();
        instruments.Close();
        byte[] info = List("INFO", ("ifil", [2, 0, 4, 0]), ("INAM", Encoding.Latin1.GetBytes("built\0")));
        byte[] data = IsFine ? List("sdta", ("smpl", smpl.ToArray()), ("sm24", sm24.ToArray())) : List("sdta", ("smpl", smpl.ToArray()));
        byte[] tables = List(
            "pdta",
            ("phdr", Bytes(presets.Headers)),
            ("pbag", Bytes(presets.Bags)),
            ("pmod", Bytes(presets.Modulators)),
            ("pgen", Bytes(presets.Generators)),
            ("inst", Bytes(instruments.Headers)),
            ("ibag", Bytes(instruments.Bags)),
            ("imod", Bytes(instruments.Modulators)),
            ("igen", Bytes(instruments.Generators)),
            ("shdr", Bytes(shdr)));
        return Chunk("RIFF", [.. "sfbk"u8, .. info, .. data, .. tables]);
    }

    private static byte[] List(string name, params (string Id, byte[] Data)[] chunks) =>
        Chunk("LIST", [.. Encoding.ASCII.GetBytes(name), .. chunks.SelectMany(chunk => Chunk(chunk.Id, chunk.Data))]);

    private static byte[] Chunk(string id, byte[] data) =>
        [.. Encoding.ASCII.GetBytes(id), .. BitConverter.GetBytes(data.Length), .. data, .. new byte[data.Length & 1]];

    private static byte[] Bytes(BinaryWriter writer) => ((MemoryStream)writer.BaseStream).ToArray();

    private static void WriteName(BinaryWriter writer, string name) => writer.Write(Encoding.ASCII.GetBytes(name.PadRight(20, '\0')));

    private sealed class Level
    {
        public BinaryWriter Headers { get; } = new(new MemoryStream());

        public BinaryWriter Bags { get; } = new(new MemoryStream());

        public BinaryWriter Generators { get; } = new(new MemoryStream());

        public BinaryWriter Modulators { get; } = new(new MemoryStream());

        public int BagCount => (int)Bags.BaseStream.Length / 4;

        public void Add(ZoneSpec[] zones, int targetGenerator)
        {
            foreach (ZoneSpec zone in zones)
            {
                AddBag();
                foreach ((int generator, int value) in zone.Generators)
                {
                    Generators.Write((ushort)generator);
                    Generators.Write((short)value);
                }

                if (zone.Target is int target)
                {
                    Generators.Write((ushort)targetGenerator);
                    Generators.Write((short)target);
                }

                foreach ((int source, int destination, int amount, int amountSource, int transform) in zone.Modulators)
                {
                    Modulators.Write((ushort)source);
                    Modulators.Write((ushort)destination);
                    Modulators.Write((short)amount);
                    Modulators.Write((ushort)amountSource);
                    Modulators.Write((ushort)transform);
                }
            }
        }

        public void Close()
        {
            AddBag();
            Generators.Write(0);
            Modulators.Write(new byte[10]);
        }

        private void AddBag()
        {
            Bags.Write((ushort)(Generators.BaseStream.Length / 4));
            Bags.Write((ushort)(Modulators.BaseStream.Length / 10));
        }
    }
}
