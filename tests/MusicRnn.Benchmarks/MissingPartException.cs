namespace MusicRnn.Benchmarks;

/// <summary>What a probe needs of the machine is not there.</summary>
internal sealed class MissingPartException(string message) : Exception(message);
