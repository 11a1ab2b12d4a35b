namespace MusicRnn.Model;

/// <summary>What the sustain pedal does between one onset and the next.</summary>
public enum PedalMove : byte
{
    /// <summary>It stays as it is.</summary>
    None,

    /// <summary>It was down and goes up.</summary>
    Lift,

    /// <summary>It was up and goes down.</summary>
    Press,

    /// <summary>It was down, goes up, and down again.</summary>
    Change,
}
