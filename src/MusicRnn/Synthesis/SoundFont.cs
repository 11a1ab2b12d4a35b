namespace MusicRnn.Synthesis;

/// <summary>
/// A SoundFont 2.04 file: presets, their zones, and sample points outside the managed heap. Immutable; any number of
/// synthesisers may play from it. Its native memory goes when nobody refers to it any more.
/// </summary>
public sealed class SoundFont
{
    private readonly Preset[] _presets; // by bank, then program

    internal SoundFont(SoundFontReader reader)
    {
        Path = reader.Path;
        Name = reader.Name;
        Samples = reader.Samples;
        Memory = reader.Memory;
        Zones = reader.Zones;
        Values = reader.Values;
        Modulators = reader.Modulators;
        Instruments = reader.Instruments;
        _presets = reader.MakePresets(this);
    }

    /// <summary>The file that it was read from.</summary>
    public string Path { get; }

    /// <summary>The font's own name (its INAM chunk), or its file's name.</summary>
    public string Name { get; }

    /// <summary>Its presets, by bank, then program.</summary>
    public IReadOnlyList<Preset> Presets => _presets;

    internal SampleHeader[] Samples { get; }

    internal SampleMemory Memory { get; }

    /// <summary>Zones of presets first, then of instruments.</summary>
    internal Zone[] Zones { get; }

    /// <summary>What each zone says: a preset's to be added, an instrument's to be taken. [zones, <see cref="GeneratorTable.Count"/>]</summary>
    internal short[] Values { get; }

    internal Modulator[] Modulators { get; }

    /// <summary>Each instrument's first zone and their number.</summary>
    internal (int First, int Count)[] Instruments { get; }

    /// <summary>Reads a font.</summary>
    /// <param name="path">The file; SoundFont 2 (.sf2), 16 or 24 bits.</param>
    /// <param name="storage">Where its samples live.</param>
    /// <exception cref="InvalidDataException">The file is not a SoundFont, is damaged, or is compressed (.sf3); the message says where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SoundFont Load(string path, SampleStorage storage = SampleStorage.Memory)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new SoundFont(SoundFontReader.Read(path, storage));
    }

    /// <summary>The preset of a bank and program, or null. Any thread; allocates nothing, locks nothing.</summary>
    /// <param name="bank">0-128.</param>
    /// <param name="program">0-127.</param>
    public Preset? Find(int bank, int program)
    {
        int low = 0;
        int high = _presets.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            Preset preset = _presets[middle];
            int order = preset.Bank != bank ? preset.Bank.CompareTo(bank) : preset.Program.CompareTo(program);
            if (order == 0)
            {
                return preset;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }
}
