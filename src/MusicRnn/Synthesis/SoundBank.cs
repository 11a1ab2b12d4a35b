using System.Globalization;

namespace MusicRnn.Synthesis;

/// <summary>A font, and what stands in for the programs that it lacks: the system's General MIDI font, else the nearest of its own.</summary>
public sealed class SoundBank
{
    private readonly PresetMatch[] _melodic = new PresetMatch[128]; // bank 0, by program
    private readonly PresetMatch[] _percussion = new PresetMatch[128];

    /// <summary>Makes a bank.</summary>
    /// <param name="font">The font.</param>
    /// <param name="fallback">A General MIDI font for what it lacks, or null.</param>
    public SoundBank(SoundFont font, SoundFont? fallback = null)
    {
        ArgumentNullException.ThrowIfNull(font);
        Font = font;
        Fallback = fallback;
        for (int program = 0; program < 128; program++)
        {
            _melodic[program] = Resolve(program);
            _percussion[program] = ResolvePercussion(program);
        }
    }

    /// <summary>The font.</summary>
    public SoundFont Font { get; }

    /// <summary>The font for what the first one lacks, if there is one.</summary>
    public SoundFont? Fallback { get; }

    /// <summary>Reads a font, and the first of the system's General MIDI fonts that can be read beside it, whose samples stay in their file until played.</summary>
    /// <param name="path">The font.</param>
    /// <exception cref="InvalidDataException">The font is not a SoundFont or is damaged; the message says where.</exception>
    /// <exception cref="IOException">The font cannot be read.</exception>
    public static SoundBank Open(string path)
    {
        SoundFont font = SoundFont.Load(path);
        foreach (string other in SystemFonts.Find())
        {
            try
            {
                return new SoundBank(font, SoundFont.Load(other, SampleStorage.Mapped));
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                // A broken font of the system's is no fault of this one: the next may serve, or none.
            }
        }

        return new SoundBank(font);
    }

    /// <summary>The preset that plays a program. Any thread; allocates nothing, locks nothing.</summary>
    /// <param name="bank">0-127, or 128 for percussion.</param>
    /// <param name="program">0-127.</param>
    public PresetMatch Find(int bank, int program)
    {
        if (Font.Find(bank, program) is Preset exact)
        {
            return new PresetMatch(exact, PresetSource.Font);
        }

        if (bank == Preset.PercussionBank)
        {
            return _percussion[program];
        }

        PresetMatch match = _melodic[program];
        if (bank == 0)
        {
            return match;
        }

        if (match.Source == PresetSource.Font)
        {
            return match with { Source = PresetSource.BaseBank };
        }

        return Fallback?.Find(bank, program) is Preset other ? new PresetMatch(other, PresetSource.SystemFont) : match;
    }

    /// <summary>
    /// The preset that somebody means: by its name in the font or a part of it, by General MIDI's name, by program ("40") or by bank
    /// and program ("0:40"), counted from 0.
    /// </summary>
    /// <exception cref="ArgumentException">Nothing is called that; the message lists what is close.</exception>
    public PresetMatch Find(string instrument)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instrument);
        string asked = instrument.Trim();
        if (TryNumber(asked, out int bank, out int program))
        {
            return Find(bank, program);
        }

        if (FindNamed(Font, asked) is Preset own)
        {
            return new PresetMatch(own, PresetSource.Font);
        }

        if (GeneralMidiNames.FindNamed(asked) is >= 0 and int named)
        {
            return Find(0, named);
        }

        return Fallback is not null && FindNamed(Fallback, asked) is Preset other
            ? new PresetMatch(other, PresetSource.SystemFont)
            : throw new ArgumentException($"no instrument is called \"{asked}\"; close to it are {string.Join(", ", Close(asked))}.");
    }

    /// <summary>What to tell a player whose program was not the font's own, in one sentence; null where it was.</summary>
    public string? Explain(PresetMatch match, int program) => match.Source switch
    {
        PresetSource.SystemFont => $"{Font.Name} has no {(match.Preset!.Bank == Preset.PercussionBank ? "percussion" : GeneralMidiNames.Of(program))}: {match.Preset} of {match.Preset.Font.Name} plays.",
        PresetSource.Nearest => $"{Font.Name} has no {GeneralMidiNames.Of(program)}, and there is no General MIDI font on this system: {match.Preset}, the nearest, plays.",
        PresetSource.None => $"{Font.Name} has no percussion, and there is no General MIDI font on this system: channel 10 is silent.",
        _ => null,
    };

    private static bool TryNumber(string asked, out int bank, out int program)
    {
        string[] parts = asked.Split(':');
        bank = 0;
        program = 0;
        return parts.Length <= 2
            && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out program)
            && (parts.Length == 1 || int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out bank))
            && program <= 127
            && bank <= Preset.PercussionBank;
    }

    private static Preset? FindNamed(SoundFont font, string asked) =>
        font.Presets.FirstOrDefault(preset => PresetName.IsSame(asked, preset.Name))
        ?? font.Presets.FirstOrDefault(preset => PresetName.Fits(asked, preset.Name));

    private IEnumerable<string> Close(string asked)
    {
        const int Most = 5;
        return Font.Presets.Select(preset => (preset.Name, Text: preset.ToString()))
            .Concat(Enumerable.Range(0, 128).Select(p => (Name: GeneralMidiNames.Of(p), Text: $"{GeneralMidiNames.Of(p)} (0:{p})")))
            .OrderBy(item => PresetName.Distance(asked, item.Name))
            .Select(item => item.Text)
            .Distinct()
            .Take(Most);
    }

    private PresetMatch Resolve(int program)
    {
        if (Font.Find(0, program) is Preset own)
        {
            return new PresetMatch(own, PresetSource.Font);
        }

        if (Fallback?.Find(0, program) is Preset other)
        {
            return new PresetMatch(other, PresetSource.SystemFont);
        }

        Preset? nearest = Font.Presets
            .Where(preset => preset.Bank != Preset.PercussionBank)
            .MinBy(preset => InstrumentFamily.Distance(program, preset.Program) + (preset.Bank == 0 ? 0 : 0.5));
        return new PresetMatch(nearest, nearest is null ? PresetSource.None : PresetSource.Nearest);
    }

    /// <summary>Percussion: another kit will do, another instrument will not.</summary>
    private PresetMatch ResolvePercussion(int program)
    {
        const int Kit = Preset.PercussionBank;
        Preset? own = Font.Find(Kit, program & 0x78) ?? Font.Find(Kit, 0) ?? Font.Presets.FirstOrDefault(preset => preset.Bank == Kit);
        if (own is not null)
        {
            return new PresetMatch(own, PresetSource.BaseBank);
        }

        Preset? other = Fallback?.Find(Kit, program) ?? Fallback?.Find(Kit, program & 0x78) ?? Fallback?.Find(Kit, 0);
        return new PresetMatch(other, other is null ? PresetSource.None : PresetSource.SystemFont);
    }
}
