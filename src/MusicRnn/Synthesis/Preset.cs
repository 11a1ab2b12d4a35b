namespace MusicRnn.Synthesis;

/// <summary>An instrument that a font offers by bank and program (SF2.04 section 7.2).</summary>
public sealed class Preset
{
    internal Preset(SoundFont font, string name, int bank, int program, int firstZone, int zoneCount)
    {
        Font = font;
        Name = name;
        Bank = bank;
        Program = program;
        FirstZone = firstZone;
        ZoneCount = zoneCount;
    }

    /// <summary>The bank by which percussion is filed (SF2.04 section 7.2).</summary>
    public const int PercussionBank = 128;

    /// <summary>The font that holds it.</summary>
    public SoundFont Font { get; }

    /// <summary>Its name in the font.</summary>
    public string Name { get; }

    /// <summary>Its bank: 0 for General MIDI, 128 for percussion.</summary>
    public int Bank { get; }

    /// <summary>Its program number in the bank, 0-127.</summary>
    public int Program { get; }

    /// <summary>
    /// Brings its samples into memory, where its font is mapped (<see cref="SampleStorage.Mapped"/>): its first notes then do not wait for the
    /// disk. Any thread but the audio's.
    /// </summary>
    public void Prepare()
    {
        HashSet<int> instruments = [.. Font.Zones.AsSpan(FirstZone, ZoneCount).ToArray().Select(zone => (int)zone.Target)];
        HashSet<int> samples = []; // each once: a font may name one from 65 535 zones of 65 535
        foreach (int instrument in instruments)
        {
            (int first, int count) = Font.Instruments[instrument];
            for (int z = first; z < first + count; z++)
            {
                samples.Add(Font.Zones[z].Target);
            }
        }

        foreach (int sample in samples)
        {
            Font.Memory.Touch(Font.Samples[sample]);
        }
    }

    internal int FirstZone { get; }

    internal int ZoneCount { get; }

    /// <summary>Name, bank and program, as a list shows them.</summary>
    public override string ToString() => $"{Name} ({Bank}:{Program})";
}
