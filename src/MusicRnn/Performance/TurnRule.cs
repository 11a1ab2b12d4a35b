namespace MusicRnn.Performance;

/// <summary>How the machine knows that a phrase is over.</summary>
public enum TurnRule : byte
{
    /// <summary>From the model: when it no longer expects a note.</summary>
    Model,

    /// <summary>When nothing has been released for a fixed time.</summary>
    Silence,

    /// <summary>By a gesture with a controller (<see cref="ParameterTable.TurnController"/>): pressed once; the sustain pedal, twice within 0.4 s.</summary>
    Pedal,
}
