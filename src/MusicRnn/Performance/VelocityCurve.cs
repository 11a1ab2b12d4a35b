namespace MusicRnn.Performance;

/// <summary>How the player's keyboard is felt: from the velocity that it sends to the velocity that is used.</summary>
public enum VelocityCurve : byte
{
    /// <summary>As it is sent.</summary>
    Linear,

    /// <summary>Louder for a light touch: 127 * (v / 127)^0.6.</summary>
    Soft,

    /// <summary>Softer for a light touch: 127 * (v / 127)^1.6.</summary>
    Hard,

    /// <summary>One velocity, whatever is sent.</summary>
    Fixed,
}
