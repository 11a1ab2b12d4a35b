namespace MusicRnn.Host.Options;

/// <summary>Where sessions are kept.</summary>
public sealed class TakesOptions
{
    /// <summary>The folder of the takes and of the journal of the session under way. Default: null, which is $XDG_DATA_HOME/musicrnn/takes.</summary>
    public string? Folder { get; set; }
}
