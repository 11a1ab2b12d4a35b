using System.Xml.Linq;
using MusicRnn.Charts;
using MusicRnn.Notes;

namespace MusicRnn.Tests.Charts;

public class PianoRollTests
{
    private const long Second = 1_000_000_000;

    private static readonly PianoRoll Duet = new("Duet", [
        new("Player", new Piece([new Note(0, Second, 60, 64), new Note(Second, Second, 64, 90)], [new PedalChange(Second / 2, true), new PedalChange(2 * Second, false)])),
        new("Machine", new Piece([new Note(3 * Second, Second, 72, 30)], []))]);

    [Fact]
    public void EveryNoteIsOneRectangle()
    {
        Assert.Equal(3, Chart.Count(Chart.Parse(Duet.ToSvg()), "note"));
        var roll = new PianoRoll(SeedPhrase.Title, [new("Player", SeedPhrase.Piece)]);
        XElement svg = Chart.Parse(roll.ToSvg());
        Assert.Equal(SeedPhrase.Piece.Notes.Count, Chart.Count(svg, "note"));
        Assert.Equal(SeedPhrase.Piece.Pedal.Count / 2, Chart.Count(svg, "pedal"));
    }

    [Fact]
    public void NotesLieWhereTheirTimeAndPitchPutThemInTheirVoicesColour()
    {
        XElement[] notes = [.. Chart.Of(Chart.Parse(Duet.ToSvg()), "note")];

        Assert.Equal(["note f0", "note f0", "note f1"], notes.Select(note => note.Attribute("class")!.Value));
        double second = Chart.Number(notes[1], "x") - Chart.Number(notes[0], "x");
        Assert.Equal(3 * second, Chart.Number(notes[2], "x") - Chart.Number(notes[0], "x"), 0.02);
        Assert.Equal(second, Chart.Number(notes[0], "width"), 1.0);
        double key = (Chart.Number(notes[0], "y") - Chart.Number(notes[1], "y")) / 4;
        Assert.Equal(12 * key, Chart.Number(notes[0], "y") - Chart.Number(notes[2], "y"), 0.02);
        Assert.True(Chart.Number(notes[1], "fill-opacity") > Chart.Number(notes[0], "fill-opacity"));
        Assert.True(Chart.Number(notes[0], "fill-opacity") > Chart.Number(notes[2], "fill-opacity"));
    }

    [Fact]
    public void NotesOfTwoVoicesOnOneAnotherAreBothSeen()
    {
        var roll = new PianoRoll("Both", [
            new("First", new Piece([new Note(0, Second, 60, 64), new Note(Second, Second, 60, 64), new Note(2 * Second, Second, 60, 64), new Note(4 * Second, 1, 60, 64)], [])),
            new("Second", new Piece([new Note(0, Second, 60, 64), new Note(Second / 2, Second, 62, 64), new Note(5 * Second / 2, Second, 60, 64), new Note((4 * Second) + 10, 1, 60, 64)], []))]);
        XElement[] notes = [.. Chart.Of(Chart.Parse(roll.ToSvg()), "note")];
        double whole = Chart.Number(notes[1], "height");

        int[] shared = [0, 2, 3, 4, 6, 7], alone = [1, 5];
        Assert.All(shared, note => Assert.Equal(whole / 2, Chart.Number(notes[note], "height"), 0.02));
        Assert.All(alone, note => Assert.Equal(whole, Chart.Number(notes[note], "height"), 0.02));
        Assert.All(shared.Take(3), first => Assert.All(shared.Skip(3), second =>
            Assert.True(Chart.Number(notes[first], "y") + Chart.Number(notes[first], "height") <= Chart.Number(notes[second], "y") + 0.02)));
        Assert.Equal(Chart.Number(notes[1], "y"), Chart.Number(notes[0], "y"), 0.02);
        Assert.Equal(Chart.Number(notes[1], "y") + whole, Chart.Number(notes[4], "y") + Chart.Number(notes[4], "height"), 0.02);
    }

    [Fact]
    public void ThePedalIsShownWhereItIsDown()
    {
        XElement svg = Chart.Parse(Duet.ToSvg());
        XElement pedal = Assert.Single(Chart.Of(svg, "pedal"));
        XElement[] notes = [.. Chart.Of(svg, "note")];
        double second = Chart.Number(notes[1], "x") - Chart.Number(notes[0], "x");

        Assert.Equal(Chart.Number(notes[0], "x") + (second / 2), Chart.Number(pedal, "x"), 0.02);
        Assert.Equal(1.5 * second, Chart.Number(pedal, "width"), 0.02);
    }

    [Fact]
    public void MarksBarLinesAndVoicesAreLabelled()
    {
        XElement svg = Chart.Parse((Duet with { Marks = [new PianoRollMark(5 * Second / 2, "turn")], BarLines = [Second, 2 * Second, 100 * Second] }).ToSvg());

        Assert.Contains("turn", Chart.Texts(svg));
        Assert.Contains("Player", Chart.Texts(svg));
        Assert.Contains("Machine", Chart.Texts(svg));
        Assert.Contains("C4", Chart.Texts(svg));
        Assert.Equal(1, Chart.Count(svg, "turn"));
    }

    [Fact]
    public void ANoteFarIntoASessionIsShownFromJustBeforeIt()
    {
        var late = new Piece([new Note(3600 * Second, Second, 60, 64)], []);
        XElement svg = Chart.Parse(new PianoRoll("Late", [new("Player", late)]).ToSvg());

        Assert.True(Chart.Number(svg, "width") < 1300);
        Assert.Contains("3600", string.Concat(Chart.Texts(svg)));
    }

    [Fact]
    public void NothingToShowIsSaid()
    {
        Assert.Contains("No notes", Chart.Texts(Chart.Parse(new PianoRoll("Empty", []).ToSvg())));
        Assert.Contains("No notes", Chart.Texts(Chart.Parse(new PianoRoll("Empty", [new("Player", new Piece([], []))]).ToSvg())));
    }

    [Fact]
    public void TheWholeKeyboardAndADayFitAnImage()
    {
        var piece = new Piece([new Note(0, 1, 0, 1), new Note(86_400 * Second, 1, 127, 127)], [new PedalChange(0, true)]);
        XElement svg = Chart.Parse(new PianoRoll("Wide", [new("Player", piece)]).ToSvg());

        Assert.True(Chart.Number(svg, "width") < 30_000);
        Assert.Equal(2, Chart.Count(svg, "note"));
    }

    [Fact]
    public void TitlesAndLabelsAreEscaped() => Chart.AssertEscapes(text => new PianoRoll(text, [new(text, Duet.Voices[0].Piece)]) { Marks = [new PianoRollMark(0, text)] }.ToSvg());

    [Fact]
    public void TheSameChartIsTheSameTextInEveryLanguage() => Chart.AssertDeterministic(Duet.ToSvg);
}
