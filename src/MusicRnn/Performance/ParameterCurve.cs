namespace MusicRnn.Performance;

/// <summary>How a parameter's normalised value (0-1) becomes its value in its unit.</summary>
public enum ParameterCurve : byte
{
    /// <summary>In equal steps from one end to the other.</summary>
    Linear,

    /// <summary>In equal ratios from one end to the other.</summary>
    Logarithmic,

    /// <summary>In equal ratios from one end to 1, and from 1 to the other end; 1 lies at controller value 64 exactly.</summary>
    Centred,

    /// <summary>Whole numbers.</summary>
    Stepped,

    /// <summary>Pressed from the middle up, as controllers are: rising through it does something, once.</summary>
    Button,
}
