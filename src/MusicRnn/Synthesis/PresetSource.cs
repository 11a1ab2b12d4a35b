namespace MusicRnn.Synthesis;

/// <summary>How a preset was come by.</summary>
public enum PresetSource
{
    /// <summary>The font has the very bank and program.</summary>
    Font,

    /// <summary>The font has the program in bank 0, or another percussion kit.</summary>
    BaseBank,

    /// <summary>The system's General MIDI font has it.</summary>
    SystemFont,

    /// <summary>Nobody has it: the nearest instrument of the font stands in.</summary>
    Nearest,

    /// <summary>Nobody has it, and nothing is near: silence.</summary>
    None,
}
