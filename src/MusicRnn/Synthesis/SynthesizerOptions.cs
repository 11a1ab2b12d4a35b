using System.ComponentModel.DataAnnotations;

namespace MusicRnn.Synthesis;

/// <summary>How a <see cref="Synthesizer"/> sounds.</summary>
public sealed record SynthesizerOptions
{
    /// <summary>Frames a second, 8000-192000; default 48000.</summary>
    [Range(8000, 192_000)]
    public int SampleRate { get; init; } = 48_000;

    /// <summary>Voices at once, 1-1024; default 256. A stereo piano spends two on a note.</summary>
    [Range(1, 1024)]
    public int Polyphony { get; init; } = 256;

    /// <summary>What everything is multiplied by, 0-10; default 0.5.</summary>
    [Range(0.0, 10.0)]
    public double Gain { get; init; } = 0.5;

    /// <summary>How points between a sample's points are found; default <see cref="Interpolation.Cubic"/>.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Cubic;

    /// <summary>How loud the reverb returns, 0-2, where 0 turns it off; default 1. How much each note sends there is its preset's and CC91's to say.</summary>
    [Range(0.0, 2.0)]
    public double Reverb { get; init; } = 1;

    /// <summary>How loud the chorus returns, 0-2, where 0 turns it off; default 1.</summary>
    [Range(0.0, 2.0)]
    public double Chorus { get; init; } = 1;

    /// <summary>Whether the sum is kept below full scale; default yes. It looks ahead, so the sound comes a millisecond later.</summary>
    public bool Limiter { get; init; } = true;
}
