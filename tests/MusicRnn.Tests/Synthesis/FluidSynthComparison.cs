using MusicRnn.Midi;
using MusicRnn.Synthesis;

namespace MusicRnn.Tests.Synthesis;

/// <summary>Renders one score here and by FluidSynth, dry, without a limiter, at one gain.</summary>
internal static class FluidSynthComparison
{
    public const int Rate = 44_100;

    public static StereoSound Theirs(string font, (long Frame, MidiMessage Message)[] score, int frames)
    {
        using FluidSynth synth = new(font, Rate);
        return Score.Render(synth.Play, synth.Render, score, frames, Rate);
    }

    public static StereoSound Ours(SoundFont font, (long Frame, MidiMessage Message)[] score, int frames)
    {
        Synthesizer synthesizer = new(font, new SynthesizerOptions { SampleRate = Rate, Gain = 0.5, Reverb = 0, Chorus = 0, Limiter = false });
        return Score.Render(synthesizer.Play, synthesizer.Render, score, frames, Rate);
    }

    /// <summary>Frames by which a sound of a preset comes later here: FluidSynth cuts a volume envelope's delay to whole blocks.</summary>
    public static int Lateness(Preset preset, StereoSound sound, StereoSound reference) =>
        IsDelayed(preset) ? Resemblance.Lateness(sound, reference, FluidSynth.BlockFrames - 1) : 0;

    private static bool IsDelayed(Preset preset)
    {
        SoundFont font = preset.Font;
        return Enumerable.Range(preset.FirstZone, preset.ZoneCount)
            .Select(zone => font.Instruments[font.Zones[zone].Target])
            .SelectMany(instrument => Enumerable.Range(instrument.First, instrument.Count))
            .Any(zone => font.Values[(zone * GeneratorTable.Count) + (int)Generator.VolumeEnvelopeDelay] > -12_000);
    }
}
