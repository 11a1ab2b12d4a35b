using System.Globalization;
using MusicRnn.Charts;
using MusicRnn.Model;
using MusicRnn.Notes;
using MusicRnn.Training;

namespace MusicRnn.Host.Commands;

/// <summary>The pictures that <c>evaluate --plots</c> draws.</summary>
internal static class EvaluationPictures
{
    private const int NotesAPiece = 500;
    private const int PassageNotes = 120;
    private const int Faint = 40; // cases below which a point of a calibration curve is chance
    private static readonly double[] TimeLabels = [0, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]; // seconds

    /// <summary>Draws what a network expected of pieces against what came.</summary>
    /// <param name="network">The network.</param>
    /// <param name="pieces">The pieces; of each the first notes are heard.</param>
    /// <param name="folder">Where the pictures go.</param>
    /// <param name="progress">Told how many of how many pieces are heard.</param>
    public static void DrawPredictions(Network network, IReadOnlyList<CorpusPiece> pieces, DirectoryInfo folder, Action<long, long> progress)
    {
        using var study = new PredictionStudy(network);
        var passage = new List<(int Came, double[] Expected)>();
        for (int i = 0; i < pieces.Count; i++)
        {
            study.Hear(pieces[i], NotesAPiece, i == 0 ? passage : null);
            progress(i + 1, pieces.Count);
        }

        (int, string)[] keys = [.. Enumerable.Range(2, 7).Select(octave => ((12 * octave) - NoteEncoding.LowestPitch, PitchNames.Of(12 * octave)))];
        (int, string)[] times = [.. TimeLabels.Select(seconds => (Grid.BinOf((long)Math.Round(seconds * 1e9 / Grid.Frame)), seconds.ToString(CultureInfo.InvariantCulture)))];
        OutputFolder.Draw(folder, "pitch", MapOf("Pitch: what was expected where a key was played", "played key", "expected key", study.Pitches, keys).ToSvg());
        OutputFolder.Draw(folder, "step", MapOf("Step: what was expected where a step was played", "played step (s)", "expected step (s)", study.Steps, times).ToSvg());
        OutputFolder.Draw(folder, "duration", MapOf("Duration: what was expected where a duration was played", "played duration (s)", "expected duration (s)", study.Durations, times).ToSvg());
        OutputFolder.Draw(folder, "passage", PassageOf(passage.Skip(Math.Max(0, (passage.Count / 2) - (PassageNotes / 2))).Take(PassageNotes).ToList()).ToSvg());
        var curves = new List<LineSeries>(study.Calibrations.Select(item => new LineSeries(
            $"{item.Head}, {item.Calibration.Error.ToString("P1", CultureInfo.InvariantCulture)}",
            [.. item.Calibration.Points.Where(point => point.Count >= Faint).Select(point => (point.Sure, point.Right))])));
        OutputFolder.Draw(
            folder,
            "calibration",
            new LineChart("Calibration: as sure as it is right? (mean distance)", "how likely it holds the likeliest", "how often that comes", curves) { Diagonal = true }.ToSvg());
    }

    /// <summary>Draws how the notes of answers are distributed against those of the true continuations.</summary>
    public static void DrawContinuations(ContinuationFigures figures, DirectoryInfo folder)
    {
        foreach ((string name, Histogram chart) in new NoteHistograms([("real", figures.Truth), ("generated", figures.Answers)]).Charts)
        {
            OutputFolder.Draw(folder, $"{name}-histogram", chart.ToSvg());
        }
    }

    private static HeatMap MapOf(string title, string came, string expected, Confusion confusion, (int, string)[] labels) =>
        new(title, came, expected, confusion.Means) { ColumnLabels = labels, RowLabels = labels, Least = 0, Greatest = Strongest(confusion.Means) };

    /// <summary>The colour's upper end: what only one cell in fifty is above, so that a few do not bleach the rest.</summary>
    private static double Strongest(double[,] values)
    {
        double[] sorted = [.. values.Cast<double>().Where(double.IsFinite).Order()];
        return sorted.Length == 0 ? 1 : Math.Max(1e-3, sorted[sorted.Length * 49 / 50]);
    }

    private static HeatMap PassageOf(List<(int Came, double[] Expected)> passage)
    {
        int lowest = passage.Select(note => note.Came).DefaultIfEmpty(27).Min() - 3, highest = passage.Select(note => note.Came).DefaultIfEmpty(51).Max() + 3;
        lowest = Math.Max(0, lowest);
        highest = Math.Min(NoteEncoding.Pitches - 1, highest);
        double[,] values = new double[highest - lowest + 1, passage.Count];
        for (int note = 0; note < passage.Count; note++)
        {
            for (int pitch = lowest; pitch <= highest; pitch++)
            {
                values[pitch - lowest, note] = passage[note].Expected[pitch];
            }
        }

        return new HeatMap("Along a piece: keys expected, and outlined those played", "note", "key", values)
        {
            Marks = [.. passage.Select((note, index) => (note.Came - lowest, index))],
            ColumnLabels = [.. Enumerable.Range(0, (passage.Count + 19) / 20).Select(i => (i * 20, (i * 20).ToString(CultureInfo.InvariantCulture)))],
            RowLabels = [.. Enumerable.Range(2, 7).Select(octave => (12 * octave) - NoteEncoding.LowestPitch).Where(pitch => pitch >= lowest && pitch <= highest)
                .Select(pitch => (pitch - lowest, PitchNames.Of(pitch + NoteEncoding.LowestPitch)))],
            Least = 0,
            Greatest = 0.5,
        };
    }
}
