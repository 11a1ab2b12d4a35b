using System.Globalization;
using MusicRnn.Charts;

namespace MusicRnn.Training;

/// <summary>How the losses of a training run went, kept beside its weights as a table and as a picture.</summary>
public sealed class LossCurves
{
    private const string Header = "million notes,training,validation,validation step,validation pitch,validation velocity,validation duration";
    private readonly List<double?[]> _rows = [];

    /// <summary>Begins the curves of a run, or goes on with those that are there.</summary>
    /// <param name="weights">The file of the weights.</param>
    /// <param name="notes">The notes that the run has learned from: what the table says of later ones is dropped.</param>
    public LossCurves(string weights, long notes)
    {
        TablePath = weights + ".losses.csv";
        PicturePath = weights + ".losses.svg";
        if (notes == 0 || !File.Exists(TablePath))
        {
            return;
        }

        foreach (string line in File.ReadLines(TablePath).Skip(1))
        {
            double?[] row = [.. line.Split(',').Select(field => double.TryParse(field, CultureInfo.InvariantCulture, out double value) ? value : (double?)null)];
            if (row.Length == 7 && row[0] * 1e6 <= notes + 0.5)
            {
                _rows.Add(row);
            }
        }
    }

    /// <summary>The table: comma-separated values, losses in nats a note.</summary>
    public string TablePath { get; }

    /// <summary>The picture, SVG.</summary>
    public string PicturePath { get; }

    /// <summary>Adds a report, and writes both files.</summary>
    public void Add(TrainingProgress progress)
    {
        Losses training = progress.Training;
        double?[] row = [progress.Notes / 1e6, training.Notes > 0 ? training.Total / training.Notes : null, null, null, null, null, null];
        if (progress.Validation is { Notes: > 0 } validation)
        {
            double notes = validation.Notes;
            double?[] measured = [validation.Total / notes, validation.Step / notes, validation.Pitch / notes, validation.Velocity / notes, validation.Duration / notes];
            measured.CopyTo(row, 2);
        }

        _rows.Add(row);
        Write(TablePath, string.Join('\n', [Header, .. _rows.Select(values => string.Join(',', values.Select(Text)))]) + "\n");
        var chart = new LineChart("Losses while learning", "million notes", "nats a note",
        [
            new LineSeries("training", Points(1)),
            new LineSeries("validation", Points(2)),
        ]);
        Write(PicturePath, chart.ToSvg());
    }

    private static string Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static void Write(string path, string text) => WholeFile.Write(path, to => File.WriteAllText(to, text));

    private (double X, double Y)[] Points(int column) =>
        [.. _rows.Where(row => row[column] is not null).Select(row => (row[0]!.Value, row[column]!.Value))];
}
