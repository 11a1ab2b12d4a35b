using System.Globalization;

namespace MusicRnn.Performance;

/// <summary>One thing that a player can turn: a row of the <see cref="ParameterTable"/>.</summary>
/// <param name="Id">Its name for files and automation, in camel case; never changed once released.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Unit">What its value counts, for people; empty where it is a plain number.</param>
/// <param name="From">The value, in its unit, at normalised 0. It may be the larger end.</param>
/// <param name="To">The value at normalised 1.</param>
/// <param name="Curve">How it runs between them.</param>
/// <param name="Default">The value, in its unit, that it starts with.</param>
public sealed record Parameter(string Id, string Name, string Unit, double From, double To, ParameterCurve Curve, double Default)
{
    /// <summary>The normalised value of the middle of a <see cref="ParameterCurve.Centred"/> curve: that of controller value 64.</summary>
    public const double Centre = 64 / 127.0;

    /// <summary>Names of the values of a <see cref="ParameterCurve.Stepped"/> row, from <see cref="From"/> up; empty where they are numbers.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Turns a normalised value into one in the parameter's unit. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="normalised">0-1; what lies outside is taken as the nearer end.</param>
    public double ToUnit(double normalised)
    {
        double position = Math.Clamp(normalised, 0, 1);
        return Curve switch
        {
            ParameterCurve.Linear or ParameterCurve.Button => From + (position * (To - From)),
            ParameterCurve.Logarithmic => From * Math.Pow(To / From, position),
            ParameterCurve.Centred when position == Centre => 1,
            ParameterCurve.Centred => position < Centre
                ? Math.Pow(From, 1 - (position / Centre))
                : Math.Pow(To, (position - Centre) / (1 - Centre)),
            _ => From + Math.Round(position * (To - From)),
        };
    }

    /// <summary>Turns a value in the parameter's unit into a normalised one, 0-1.</summary>
    /// <param name="value">From one end to the other; what lies outside is taken as the nearer end.</param>
    public double ToNormalised(double value)
    {
        double inside = Math.Clamp(value, Math.Min(From, To), Math.Max(From, To));
        return Curve switch
        {
            ParameterCurve.Logarithmic => Math.Log(inside / From) / Math.Log(To / From),
            ParameterCurve.Centred when inside == 1 => Centre,
            ParameterCurve.Centred => inside < 1
                ? Centre * (1 - (Math.Log(inside) / Math.Log(From)))
                : Centre + ((1 - Centre) * Math.Log(inside) / Math.Log(To)),
            _ => (inside - From) / (To - From),
        };
    }

    /// <summary>A normalised value as people read it: by its label, or as a number and its unit.</summary>
    public string Format(double normalised)
    {
        double value = ToUnit(normalised);
        if (Labels.Count > 0)
        {
            return Labels[Math.Clamp((int)(value - From), 0, Labels.Count - 1)];
        }

        string number = value.ToString(Curve == ParameterCurve.Stepped ? "0" : "0.###", CultureInfo.InvariantCulture);
        return Unit.Length == 0 ? number : Unit == "x" ? "x" + number : $"{number} {Unit}";
    }
}
