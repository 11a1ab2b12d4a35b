using System.CommandLine;
using MusicRnn.Performance;

namespace MusicRnn.Host.Commands;

/// <summary>An argument that names a take: by its path, or by its name in the takes folder.</summary>
internal sealed class TakeArgument : Argument<string>
{
    /// <summary>Makes the argument.</summary>
    public TakeArgument()
        : base("take")
    {
        HelpName = "take";
        Description = "The take: a path, or a name that `musicrnn takes` lists.";
    }

    /// <summary>The take's file.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public string FileIn(TakeFolder folder, ParseResult parsed)
    {
        string take = parsed.GetRequiredValue(this);
        return folder.Find(take) ?? throw new CommandException(
            $"there is no take \"{take}\", neither here nor in {folder.Path}. `musicrnn takes` lists those that there are.");
    }
}
