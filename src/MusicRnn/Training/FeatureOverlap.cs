namespace MusicRnn.Training;

/// <summary>What the distributions of one feature have in common, 0-1, each over 64 notes.</summary>
/// <param name="Feature">Pitch class, step, duration or velocity, in camel case.</param>
/// <param name="Answer">An answer and the true continuation: first halves, and second halves.</param>
/// <param name="Halves">The two halves of a true continuation: what music has in common with itself.</param>
/// <param name="Shuffled">An answer and the true continuation of another piece: what any two have in common; null where there was no other piece.</param>
public readonly record struct FeatureOverlap(string Feature, double Answer, double Halves, double? Shuffled);
