namespace MusicRnn.Training;

/// <summary>What a piece of a corpus is for.</summary>
public enum Split
{
    /// <summary>To learn from.</summary>
    Train,

    /// <summary>To judge by while learning, and to choose by.</summary>
    Validation,

    /// <summary>To judge by once, at the end.</summary>
    Test,
}
