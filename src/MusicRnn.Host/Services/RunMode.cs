namespace MusicRnn.Host.Services;

/// <summary>How long a run lasts.</summary>
internal enum RunMode
{
    /// <summary>Until it is stopped.</summary>
    Service,

    /// <summary>Until the file that is played in has been played, answered, and has died away.</summary>
    Once,
}
