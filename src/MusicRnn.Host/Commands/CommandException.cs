namespace MusicRnn.Host.Commands;

/// <summary>A command cannot go on, for a reason that the user can act on. The message is all that is shown: it names the thing, the place and the next move.</summary>
/// <param name="message">The message.</param>
/// <param name="exitCode">What the process ends with.</param>
public sealed class CommandException(string message, int exitCode = ExitCode.Failed) : Exception(message)
{
    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; } = exitCode;
}
