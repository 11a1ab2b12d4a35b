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

        if (bank != 0 && Fallback?.Find(bank, program) is Preset other && Font.Find(0, program) is null)
        {
            return new PresetMatch(other, PresetSource.SystemFont);
        }

        PresetMatch match = _melodic[program];
        return match.Source == PresetSource.Font ? match with { Source = PresetSource.BaseBank } : match;
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
            return new PresetMatch(own, own.Program == program ? PresetSource.Font : PresetSource.Nearest);
        }

        Preset? other = Fallback?.Find(Kit, program) ?? Fallback?.Find(Kit, 0);
        return new PresetMatch(other, other is null ? PresetSource.None : PresetSource.SystemFont);
    }
}
