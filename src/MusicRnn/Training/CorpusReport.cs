namespace MusicRnn.Training;

/// <summary>What became of a folder that a corpus was made of.</summary>
/// <param name="Pieces">How many pieces went into each split, and how many notes they have.</param>
/// <param name="Skipped">Files that could not be used, each with the reason.</param>
public sealed record CorpusReport(IReadOnlyDictionary<Split, (int Pieces, long Notes)> Pieces, IReadOnlyList<(string Name, string Reason)> Skipped);
