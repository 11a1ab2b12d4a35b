namespace MusicRnn.Notes;

/// <summary>A key, major or minor, as a listener finds it from how long each pitch class sounds.</summary>
/// <param name="Tonic">Pitch class of the tonic, 0 (C) to 11.</param>
/// <param name="IsMinor">Whether it is minor.</param>
/// <remarks>Krumhansl, "Cognitive Foundations of Musical Pitch" (1990), chapters 2 and 4: the key whose probe-tone profile correlates best.</remarks>
public readonly record struct MusicalKey(int Tonic, bool IsMinor)
{
    private const int MajorScale = 0b1010_1011_0101; // bit k: k semitones above the tonic
    private const int MinorScale = 0b0101_1010_1101; // natural

    private static readonly double[] MajorProfile = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88];
    private static readonly double[] MinorProfile = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17];

    /// <summary>Finds the key of some notes.</summary>
    /// <param name="notes">The notes, one or more.</param>
    public static MusicalKey Of(IEnumerable<Note> notes)
    {
        double[] weights = new double[12]; // seconds, by pitch class
        foreach (Note note in notes)
        {
            weights[note.Pitch % 12] += note.Duration / 1e9;
        }

        MusicalKey best = default;
        double most = double.NegativeInfinity;
        for (int tonic = 0; tonic < 12; tonic++)
        {
            foreach (bool isMinor in (bool[])[false, true])
            {
                double correlation = Correlation(weights, isMinor ? MinorProfile : MajorProfile, tonic);
                if (correlation > most)
                {
                    (best, most) = (new MusicalKey(tonic, isMinor), correlation);
                }
            }
        }

        return best;
    }

    /// <summary>Whether a pitch belongs to the key's scale: the major, or the natural minor.</summary>
    /// <param name="pitch">MIDI key number.</param>
    public bool Contains(int pitch) => ((IsMinor ? MinorScale : MajorScale) >> ((pitch + 12 - Tonic) % 12) & 1) != 0;

    /// <inheritdoc/>
    public override string ToString() => PitchNames.OfClass(Tonic) + (IsMinor ? " minor" : " major");

    private static double Correlation(double[] weights, double[] profile, int tonic)
    {
        double meanWeight = weights.Average(), meanProfile = profile.Average();
        double product = 0, squares = 0, profileSquares = 0;
        for (int i = 0; i < 12; i++)
        {
            double weight = weights[(tonic + i) % 12] - meanWeight, value = profile[i] - meanProfile;
            product += weight * value;
            squares += weight * weight;
            profileSquares += value * value;
        }

        return squares > 0 ? product / Math.Sqrt(squares * profileSquares) : 0;
    }
}
