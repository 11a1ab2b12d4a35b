namespace MusicRnn.Host.Commands;

/// <summary>What the process ends with.</summary>
public static class ExitCode
{
    /// <summary>What was asked is done.</summary>
    public const int Done = 0;

    /// <summary>It could not be done.</summary>
    public const int Failed = 1;

    /// <summary>The arguments are wrong; nothing was begun.</summary>
    public const int WrongArguments = 2;
}
