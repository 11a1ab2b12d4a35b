using MusicRnn.Notes;
using MusicRnn.Performance;
using MusicRnn.Tests.Performance;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

public class TurnEvaluationTests
{
    private const long Ms = 1_000_000;

    [Fact]
    public void TurnsInsideAPieceAreFalseAndTheWaitAtItsEndIsMeasured()
    {
        // Ten groups of six notes, 400 ms of rest between them: 60 * 200 + 9 * 300 ms.
        List<Note> notes = [];
        long at = 0;
        for (int note = 0; note < 60; note++)
        {
            notes.Add(new Note(at, 100 * Ms, (byte)(50 + (note % 20)), 60));
            at += (note % 6 == 5 ? 500 : 200) * Ms;
        }

        using var evaluation = new TurnEvaluation(TestNetworks.Lively);
        evaluation.Hear(new Piece(notes, []));
        evaluation.Hear(new Piece(notes, []));
        double minutes = (notes[^1].Release - notes[0].Onset) / 60e9;
        TurnFigures quick = Figure(evaluation, 0.3), patient = Figure(evaluation, 0.5);
        Assert.Equal(9 / minutes, quick.FalsePerMinute, 9);
        Assert.Equal(0.3, quick.MedianWait!.Value, 9);
        Assert.Equal(0, patient.FalsePerMinute);
        Assert.Equal(0.5, patient.MedianWait!.Value, 9);
        TurnFigures pedal = evaluation.Figures.Single(figure => figure.Rule == TurnRule.Pedal);
        Assert.Equal((0, null), (pedal.FalsePerMinute, pedal.MedianWait));
        string table = TurnFigures.ToTable(evaluation.Figures);
        Assert.Contains("| Silence | 0.3 s |", table);
        Assert.Contains("| Model | threshold 0.05 |", table);
        Assert.Contains("| Pedal | sustain pedal twice | 0.00 | by the player |", table);
        Assert.Equal("| Silence | 2 s | 0.00 | never came |", TurnFigures.ToTable([new TurnFigures(TurnRule.Silence, 2, 0, null)]).Split('\n')[^1]);
    }

    [Fact]
    public void TheModelsTurnsAreThoseThatTheImproviserTakes()
    {
        List<Note> notes = [.. Enumerable.Range(0, 5).Select(note => new Note(note * 200 * Ms, 150 * Ms, (byte)(60 + (note * 5 % 12)), (byte)(60 + note)))];
        using var evaluation = new TurnEvaluation(TestNetworks.Lively);
        evaluation.Hear(new Piece(notes, []));
        foreach (double threshold in (double[])[0.3, 0.05, 0.01])
        {
            using Stage stage = new(parameters: (ParameterTable.Patience, threshold));
            double end = stage.PlayPhrase();
            TurnFigures figure = evaluation.Figures.Single(figure => figure.Rule == TurnRule.Model && figure.Setting == threshold);
            Assert.Equal((stage.Improviser.Turn / 1e9) - (end / 1e3), figure.MedianWait!.Value, 6);
        }
    }

    [Fact]
    public void ASustainPedalPressedTwiceInsideAPieceIsAFalseGesture()
    {
        List<Note> notes = [.. Enumerable.Range(0, 60).Select(note => new Note(note * 1000 * Ms, 100 * Ms, 60, 60))];
        using var evaluation = new TurnEvaluation(TestNetworks.Lively);
        evaluation.Hear(new Piece([.. notes.Select(note => note with { Onset = note.Onset + (50 * Ms) })], [new(10 * Ms, true), new(60 * Ms, false), new(30_200 * Ms, true), new(30_300 * Ms, false), new(30_400 * Ms, true), new(30_500 * Ms, false)]));
        Assert.Equal(60 / 59.1, evaluation.Figures.Single(figure => figure.Rule == TurnRule.Pedal).FalsePerMinute, 9);
    }

    private static TurnFigures Figure(TurnEvaluation evaluation, double seconds) =>
        evaluation.Figures.Single(figure => figure.Rule == TurnRule.Silence && figure.Setting == seconds);
}
