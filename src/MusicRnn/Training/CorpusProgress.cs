namespace MusicRnn.Training;

/// <summary>How far the making of a corpus has come.</summary>
/// <param name="Done">Files read.</param>
/// <param name="Total">Files found.</param>
/// <param name="Name">The file that was read last.</param>
public readonly record struct CorpusProgress(int Done, int Total, string Name);
