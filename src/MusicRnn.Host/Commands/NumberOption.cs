using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace MusicRnn.Host.Commands;

/// <summary>An option that takes a number within bounds. It reads with a point and without thousands, and says in one sentence what it wants where it gets anything else.</summary>
/// <typeparam name="T">A kind of number.</typeparam>
internal sealed class NumberOption<T> : Option<T?>
    where T : struct, INumber<T>
{
    private static readonly bool IsWhole = typeof(T) == typeof(int);
    private readonly T _least;
    private readonly T _most;
    private readonly T? _multiple;

    /// <summary>Makes an option.</summary>
    /// <param name="name">Its name, with two dashes.</param>
    /// <param name="description">What it does; the bounds are added.</param>
    /// <param name="least">The lowest number.</param>
    /// <param name="most">The highest.</param>
    /// <param name="value">What holds where it is not given; null for nothing.</param>
    /// <param name="multiple">What it must be a multiple of; null for any.</param>
    public NumberOption(string name, string description, T least, T most, T? value = null, T? multiple = null)
        : base(name)
    {
        _least = least;
        _most = most;
        _multiple = multiple;
        HelpName = "NUMBER";
        Description = string.Create(CultureInfo.InvariantCulture, $"{description} {least} to {most}.");
        CustomParser = Read;
        if (value is not null)
        {
            DefaultValueFactory = _ => value;
        }
    }

    private T? Read(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        NumberStyles styles = IsWhole ? NumberStyles.AllowLeadingSign : NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (T.TryParse(text, styles, CultureInfo.InvariantCulture, out T number) && number >= _least && number <= _most
            && (_multiple is not T multiple || T.IsZero(number % multiple)))
        {
            return number;
        }

        result.AddError(string.Create(CultureInfo.InvariantCulture,
            $"{Name} is a {(IsWhole ? "whole number" : "number")} from {_least} to {_most}{(_multiple is null ? "" : $", a multiple of {_multiple}")}, not \"{text}\"."));
        return null;
    }
}
