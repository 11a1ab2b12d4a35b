using System.Text;

namespace MusicRnn.Charts;

/// <summary>The data of an SVG path.</summary>
internal sealed class SvgPath
{
    private readonly StringBuilder _data = new();

    /// <summary>Whether nothing was drawn yet.</summary>
    public bool IsEmpty => _data.Length == 0;

    /// <summary>Lifts the pen to a point.</summary>
    public SvgPath Move(double x, double y) => Add('M', x, y);

    /// <summary>Draws a line to a point.</summary>
    public SvgPath Line(double x, double y) => Add('L', x, y);

    /// <summary>Closes the outline.</summary>
    public SvgPath Close()
    {
        _data.Append('Z');
        return this;
    }

    /// <summary>A rectangle.</summary>
    public SvgPath Rectangle(double x, double y, double width, double height)
    {
        Move(x, y);
        _data.Append('h').Append(SvgCanvas.Number(width)).Append('v').Append(SvgCanvas.Number(height)).Append('h').Append(SvgCanvas.Number(-width));
        return Close();
    }

    /// <inheritdoc/>
    public override string ToString() => _data.ToString();

    private SvgPath Add(char command, double x, double y)
    {
        _data.Append(command).Append(SvgCanvas.Number(x)).Append(' ').Append(SvgCanvas.Number(y));
        return this;
    }
}
