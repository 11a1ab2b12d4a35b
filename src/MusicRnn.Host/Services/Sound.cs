using MusicRnn.Host.Options;
using MusicRnn.Performance;
using MusicRnn.Synthesis;

namespace MusicRnn.Host.Services;

/// <summary>The instrument's own voice: a SoundFont, and how a synthesiser is made of it.</summary>
/// <param name="bank">The font, and what stands in for what it lacks.</param>
internal sealed class Sound(SoundBank bank)
{
    private double _gain = 0.5;

    /// <summary>The font, and what stands in for what it lacks.</summary>
    public SoundBank Bank { get; } = bank;

    /// <summary>Reads the font that the settings name.</summary>
    /// <exception cref="InvalidDataException">It is not a SoundFont, or a damaged one.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Sound Open(Settings settings, Installation installation)
    {
        var sound = new Sound(SoundBank.Open(installation.Resolve(settings.Sound.SoundFont)));
        sound.Apply(settings.Sound);
        return sound;
    }

    /// <summary>Takes up how loud it is to be; heard from the next instrument on that is made.</summary>
    public void Apply(SoundOptions options) => Volatile.Write(ref _gain, new SynthesizerOptions().Gain * Math.Pow(10, options.GainDecibels / 20));

    /// <summary>Makes a synthesiser.</summary>
    /// <param name="sampleRate">Frames a second.</param>
    public IInstrument Make(int sampleRate) => new Synthesizer(Bank, new SynthesizerOptions { SampleRate = sampleRate, Gain = Volatile.Read(ref _gain) });

    /// <summary>What plays a program, for people: its name, and where it is from when the font lacks it.</summary>
    /// <param name="program">0-127.</param>
    public string Describe(int program)
    {
        PresetMatch match = Bank.Find(0, program);
        string name = match.Preset?.Name ?? "nothing";
        return match.Source switch
        {
            PresetSource.Font or PresetSource.BaseBank => name,
            PresetSource.SystemFont => $"{name} (from {match.Preset!.Font.Path})",
            _ => $"{name}, which is nearest to {GeneralMidiNames.Of(program)} in this font",
        };
    }
}
