using System.CommandLine;

namespace MusicRnn.Host.Commands;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does.</param>
internal abstract class ExampleCommand(string name, string description) : Command(name, description)
{
    /// <summary>Lines that can be typed as they stand, each with what it does.</summary>
    public IReadOnlyList<(string Line, string Effect)> Examples { get; protected init; } = [];

    /// <summary>What else the help should tell, after the examples.</summary>
    public string Notes { get; protected init; } = "";
}
