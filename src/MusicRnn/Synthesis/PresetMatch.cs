namespace MusicRnn.Synthesis;

/// <summary>What a bank answers when asked for a program.</summary>
/// <param name="Preset">The preset that plays, or null for silence: percussion where no font has any.</param>
/// <param name="Source">How it was come by.</param>
public readonly record struct PresetMatch(Preset? Preset, PresetSource Source);
