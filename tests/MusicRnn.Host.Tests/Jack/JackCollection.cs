namespace MusicRnn.Host.Tests.Jack;

/// <summary>Tests that keep time with a JACK server run alone: they share the machine with nothing else.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class JackCollection
{
    public const string Name = "JACK";
}
