namespace MusicRnn.Synthesis;

/// <summary>How points between a sample's points are found.</summary>
public enum Interpolation
{
    /// <summary>A straight line between two points.</summary>
    Linear,

    /// <summary>A cubic through four points (Catmull-Rom).</summary>
    Cubic,

    /// <summary>A windowed sinc over seven points.</summary>
    Sinc,
}
