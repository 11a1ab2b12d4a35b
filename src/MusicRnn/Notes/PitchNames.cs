using System.Globalization;

namespace MusicRnn.Notes;

/// <summary>What keys are called: middle C, 60, is C4.</summary>
public static class PitchNames
{
    private static readonly string[] Classes = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];

    /// <summary>The name of a key.</summary>
    /// <param name="pitch">MIDI key number, 0-127.</param>
    public static string Of(int pitch) => OfClass(pitch % 12) + ((pitch / 12) - 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>The name of a pitch class, 0 (C) to 11.</summary>
    public static string OfClass(int pitchClass) => Classes[pitchClass];
}
