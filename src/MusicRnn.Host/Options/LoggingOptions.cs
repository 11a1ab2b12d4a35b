namespace MusicRnn.Host.Options;

/// <summary>What is written to the console and to the log files.</summary>
public sealed class LoggingOptions
{
    /// <summary>How much is said on the console. Default: Information.</summary>
    public LogDetail Console { get; set; } = LogDetail.Information;

    /// <summary>How much is written to the log files. Default: Debug.</summary>
    public LogDetail File { get; set; } = LogDetail.Debug;

    /// <summary>The folder of the log files, a new one each day. Default: null, which is $XDG_STATE_HOME/musicrnn/logs.</summary>
    [NextStart]
    public string? Folder { get; set; }

    /// <summary>How many days' log files are kept. Default: 7.</summary>
    [NextStart]
    [Range(1, 365)]
    public int KeepDays { get; set; } = 7;
}
