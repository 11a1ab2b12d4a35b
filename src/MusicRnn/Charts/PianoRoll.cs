using System.Globalization;
using MusicRnn.Notes;

namespace MusicRnn.Charts;

/// <summary>
/// A piano roll as SVG: time to the right, the keyboard upwards, each voice in its colour, the stronger the louder the note,
/// and below it where each voice's sustain pedal is down. Where notes of several voices lie on one another, each has its part of the key's height.
/// </summary>
/// <param name="Title">What is shown.</param>
/// <param name="Voices">The voices, the first uppermost where they share a key.</param>
public sealed record PianoRoll(string Title, IReadOnlyList<PianoRollVoice> Voices)
{
    private const double Left = 74;
    private const double KeyboardWidth = 34;
    private const double Right = 22;
    private const double Top = 66;
    private const double LoudnessWidth = 150;
    private const double LaneHeight = 9;
    private const double LaneGap = 4;
    private const double LeastPlotWidth = 1104;
    private const double MostPlotWidth = 20_000;
    private const double LeastSecond = 26; // pixels: below it a fast passage is a smear
    private const double Second = 1e9;

    // Which keys of an octave from C up are black.
    private const int BlackKeys = 0b0101_0100_1010;

    /// <summary>Where bars begin, in nanoseconds from the start of the piece; none by default.</summary>
    public IReadOnlyList<long> BarLines { get; init; } = [];

    /// <summary>Moments to point out, such as the turns; none by default.</summary>
    public IReadOnlyList<PianoRollMark> Marks { get; init; } = [];

    /// <summary>Draws it. Every note is one rectangle of class "note".</summary>
    public string ToSvg()
    {
        (double from, double to) = Span();
        (int lowest, int highest) = Range();
        double plotWidth = Math.Clamp((to - from) * LeastSecond, LeastPlotWidth, MostPlotWidth);
        double rowHeight = Math.Clamp(430.0 / (highest - lowest + 1), 6, 11);
        double plotHeight = rowHeight * (highest - lowest + 1);
        int[] lanes = [.. Voices.Index().Where(item => item.Item.Piece.Pedal.Count > 0).Select(item => item.Index)];
        double bottom = Top + plotHeight + (lanes.Length > 0 ? LaneGap + (lanes.Length * (LaneHeight + LaneGap)) : 0);
        var canvas = new SvgCanvas(Left + plotWidth + Right, bottom + 42, Title);
        var time = Axis.Exact(from, to, Left, Left + plotWidth);

        canvas.Text("title", Left - KeyboardWidth, 28, SvgCanvas.Fit(Title, KeyboardWidth + plotWidth, ChartFrame.TitleSize));
        Legend.Draw(canvas, Left - KeyboardWidth, 50, KeyboardWidth + plotWidth - LoudnessWidth, Voices.Select(voice => voice.Label));
        DrawLoudness(canvas, Left + plotWidth);
        DrawRows(canvas, lowest, highest, rowHeight, plotWidth);
        DrawTime(canvas, time, bottom, plotWidth);
        canvas.Rectangle("edge", Left, Top, plotWidth, plotHeight);
        for (int i = 0; i < lanes.Length; i++)
        {
            DrawPedal(canvas, time, lanes[i], Top + plotHeight + LaneGap + (i * (LaneHeight + LaneGap)), plotWidth, to);
        }

        bool[][] shared = Shared(time);
        for (int i = 0; i < Voices.Count; i++)
        {
            DrawNotes(canvas, time, i, shared[i], highest, rowHeight);
        }

        DrawMarks(canvas, time, bottom, Left + plotWidth);
        if (Voices.All(voice => voice.Piece.Notes.Count == 0))
        {
            canvas.Text("", Left + (plotWidth / 2), Top + (plotHeight / 2), "No notes", "middle");
        }

        return canvas.Finish();
    }

    private static bool IsBlack(int pitch) => ((BlackKeys >> (pitch % 12)) & 1) != 0;

    private static double Y(int pitch, int highest, double rowHeight) => Top + ((highest - pitch) * rowHeight);

    private static void DrawLoudness(SvgCanvas canvas, double right)
    {
        canvas.Text("small", right, 50, "loud", "end");
        for (int i = 0; i < 6; i++)
        {
            canvas.Rectangle("key", right - 30 - ((6 - i) * 13), 42, 12, 8, 1.5, Opacity(20 + (16 * i)));
        }

        canvas.Text("small", right - 113, 50, "soft", "end");
    }

    private static void DrawRows(SvgCanvas canvas, int lowest, int highest, double rowHeight, double plotWidth)
    {
        double keyboard = Left - KeyboardWidth;
        canvas.Rectangle("white", keyboard, Top, KeyboardWidth, rowHeight * (highest - lowest + 1));
        for (int pitch = lowest; pitch <= highest; pitch++)
        {
            double y = Y(pitch, highest, rowHeight);
            if (IsBlack(pitch))
            {
                canvas.Rectangle("shade", Left, y, plotWidth, rowHeight);
                canvas.Line("axis thin", keyboard, y + (rowHeight / 2), Left, y + (rowHeight / 2));
                canvas.Rectangle("black", keyboard, y, KeyboardWidth * 0.6, rowHeight, 1);
            }
            else if (pitch % 12 is 0 or 5)
            {
                canvas.Line("axis thin", keyboard, y + rowHeight, Left, y + rowHeight);
                canvas.Line(pitch % 12 == 0 ? "strong thin" : "grid thin", Left, y + rowHeight, Left + plotWidth, y + rowHeight);
            }

            if (pitch % 12 == 0)
            {
                string octave = ((pitch / 12) - 1).ToString(CultureInfo.InvariantCulture);
                canvas.Text("small", keyboard - 6, y + (rowHeight / 2) + 3.8, "C" + octave, "end");
            }
        }
    }

    private void DrawTime(SvgCanvas canvas, Axis time, double bottom, double plotWidth)
    {
        foreach ((double value, string label) in time.Ticks((int)(plotWidth / 90)))
        {
            double x = time.At(value);
            if (BarLines.Count == 0)
            {
                canvas.Line("grid thin", x, Top, x, bottom);
            }

            canvas.Line("axis thin", x, bottom, x, bottom + 5);
            canvas.Text("", x, bottom + 19, label, "middle");
        }

        canvas.Line("axis thin", Left, bottom, Left + plotWidth, bottom);
        canvas.Text("", Left + plotWidth, bottom + 34, "seconds", "end");
        foreach (long bar in BarLines)
        {
            double x = time.At(bar / Second);
            if (x >= Left && x <= Left + plotWidth)
            {
                canvas.Line("strong thin", x, Top, x, bottom);
            }
        }
    }

    private void DrawPedal(SvgCanvas canvas, Axis time, int voice, double y, double plotWidth, double end)
    {
        canvas.Text("small", Left - 6, y + LaneHeight - 1, "pedal", "end");
        canvas.Rectangle("shade", Left, y, plotWidth, LaneHeight, 2);
        IReadOnlyList<PedalChange> pedal = Voices[voice].Piece.Pedal;
        for (int i = 0; i < pedal.Count; i++)
        {
            if (pedal[i].Down)
            {
                double x = time.At(pedal[i].Time / Second);
                double up = time.At(i + 1 < pedal.Count ? pedal[i + 1].Time / Second : end);
                canvas.Rectangle(Colour("pedal f", voice), x, y, Math.Max(1, up - x), LaneHeight, 2, 0.45);
            }
        }
    }

    private void DrawNotes(SvgCanvas canvas, Axis time, int voice, bool[] shared, int highest, double rowHeight)
    {
        foreach ((int index, Note note) in Voices[voice].Piece.Notes.Index())
        {
            (double left, double right) = Extent(time, note);
            double height = (rowHeight - 0.8) / (shared[index] ? Voices.Count : 1);
            double y = Y(note.Pitch, highest, rowHeight) + 0.4 + (shared[index] ? voice * height : 0);
            canvas.Rectangle(Colour("note f", voice), left, y, right - left, height, Math.Min(2, height / 4), Opacity(note.Velocity));
        }
    }

    /// <summary>Which notes of each voice lie, as they are drawn, on a note of another.</summary>
    private bool[][] Shared(Axis time)
    {
        bool[][] shared = [.. Voices.Select(voice => new bool[voice.Piece.Notes.Count])];
        var latest = new (int Index, double Right)[128, Voices.Count];
        var notes = Voices.SelectMany((voice, number) => voice.Piece.Notes.Select((note, index) => (Voice: number, Index: index, Note: note)));
        foreach ((int voice, int index, Note note) in notes.OrderBy(item => item.Note.Onset))
        {
            (double left, double right) = Extent(time, note);
            for (int other = 0; other < Voices.Count; other++)
            {
                if (other != voice && latest[note.Pitch, other].Right > left)
                {
                    shared[voice][index] = shared[other][latest[note.Pitch, other].Index] = true;
                }
            }

            latest[note.Pitch, voice] = (index, right);
        }

        return shared;
    }

    /// <summary>From where to where a note is drawn: a little short of its release, and wide enough to be seen.</summary>
    private static (double Left, double Right) Extent(Axis time, Note note)
    {
        double left = time.At(note.Onset / Second);
        return (left, Math.Max(left + 2, time.At(note.Release / Second) - 0.6));
    }

    private void DrawMarks(SvgCanvas canvas, Axis time, double bottom, double right)
    {
        foreach (PianoRollMark mark in Marks)
        {
            double x = time.At(mark.Time / Second);
            canvas.Line("turn", x, Top - 6, x, bottom);
            bool leftwards = x + 4 + SvgCanvas.WidthOf(mark.Label, 10.5) > right;
            canvas.Text("mark small", leftwards ? x - 4 : x + 4, Top - 4, mark.Label, leftwards ? "end" : "start");
        }
    }

    /// <summary>From a quarter at the softest to solid at fortissimo, evenly over what is commonly played.</summary>
    private static double Opacity(int velocity) => 0.25 + (0.75 * Math.Clamp((velocity - 20) / 85.0, 0, 1));

    private static string Colour(string style, int voice) => style + (voice % ChartTheme.Series).ToString(CultureInfo.InvariantCulture);

    /// <summary>The seconds to show: from 0, or from just before a first note that comes late.</summary>
    private (double From, double To) Span()
    {
        double from = double.MaxValue, to = 0;
        foreach (Piece piece in Voices.Select(voice => voice.Piece))
        {
            foreach (Note note in piece.Notes)
            {
                from = Math.Min(from, note.Onset / Second);
                to = Math.Max(to, note.Release / Second);
            }

            foreach (PedalChange change in piece.Pedal)
            {
                to = Math.Max(to, change.Time / Second);
            }
        }

        foreach (PianoRollMark mark in Marks)
        {
            from = Math.Min(from, mark.Time / Second);
            to = Math.Max(to, mark.Time / Second);
        }

        from = from is < 5 or double.MaxValue ? 0 : Math.Floor(from) - 1;
        return (from, Math.Max(to + ((to - from) * 0.01), from + 1));
    }

    /// <summary>The keys to show: those played and a little more, two octaves at least.</summary>
    private (int Lowest, int Highest) Range()
    {
        int lowest = 127, highest = 0;
        foreach (Note note in Voices.SelectMany(voice => voice.Piece.Notes))
        {
            lowest = Math.Min(lowest, note.Pitch);
            highest = Math.Max(highest, note.Pitch);
        }

        if (lowest > highest)
        {
            return (48, 72);
        }

        lowest -= 2;
        highest += 2;
        int missing = Math.Max(0, 25 - (highest - lowest + 1));
        return (Math.Max(0, lowest - (missing / 2)), Math.Min(127, highest + ((missing + 1) / 2)));
    }
}
