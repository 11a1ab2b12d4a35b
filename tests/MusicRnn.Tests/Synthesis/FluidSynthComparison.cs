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
}
