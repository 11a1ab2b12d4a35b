namespace MusicRnn.Host.Tests;

/// <summary>Tests that keep time with a server, a browser or an emulated machine run alone: they share the machine with nothing else.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
