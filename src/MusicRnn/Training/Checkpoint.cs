using System.Globalization;
using System.Text;
using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>Everything a training run needs to go on as if it had never stopped, in one safetensors file.</summary>
internal static class Checkpoint
{
    /// <summary>Writes a checkpoint, which appears whole or not at all.</summary>
    public static void Save(string path, TrainingOptions options, string corpus, Network network, Adam adam, NativeFloats memory, TrainingPosition position)
    {
        var writer = new SafetensorsWriter();
        writer.AddText("options", options.ToString());
        writer.AddText("corpus", corpus);
        writer.AddText("notes", Text(position.Notes));
        writer.AddText("updates", Text(adam.Updates));
        writer.AddText("streams", string.Join(' ', position.Streams.Select(Text)));
        writer.AddText("best", position.Best.ToString("R", CultureInfo.InvariantCulture));
        writer.AddText("best.notes", Text(position.BestNotes));
        writer.Add("weights", [network.Weights.Length], network.Weights);
        writer.Add("first_moment", [adam.FirstMoment.Length], adam.FirstMoment);
        writer.Add("second_moment", [adam.SecondMoment.Length], adam.SecondMoment);
        writer.Add("average", [adam.Average.Length], adam.Average);
        writer.Add("memory", [memory.Length], memory);
        writer.Write(path);
    }

    /// <summary>The options of the run that left a checkpoint, and the hash of its corpus.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static (TrainingOptions Options, string Corpus) Begun(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Metadata.TryGetValue("options", out string? options) && file.Metadata.TryGetValue("corpus", out string? corpus)
            ? (new TrainingOptions().Parse(Encoding.UTF8.GetBytes(options), path), corpus)
            : throw file.Broken("its metadata is not that of a checkpoint");
    }

    /// <summary>Reads a checkpoint into a run of the same size.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of another size.</exception>
    public static TrainingPosition Load(string path, Network network, Adam adam, NativeFloats memory, int streams)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        file.CheckHash();
        file.Read("weights", network.Weights.Span);
        file.Read("first_moment", adam.FirstMoment.Span);
        file.Read("second_moment", adam.SecondMoment.Span);
        file.Read("average", adam.Average.Span);
        file.Read("memory", memory.Span);
        if (!NotePast.IsSound(memory.Span[^(int)NotePast.KeptLength(streams)..]))
        {
            throw file.Broken("what it remembers of the last notes are no notes");
        }

        try
        {
            adam.Updates = int.Parse(file.Metadata["updates"], CultureInfo.InvariantCulture);
            return new TrainingPosition(
                long.Parse(file.Metadata["notes"], CultureInfo.InvariantCulture),
                [.. file.Metadata["streams"].Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture))],
                double.Parse(file.Metadata["best"], CultureInfo.InvariantCulture),
                long.Parse(file.Metadata["best.notes"], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is KeyNotFoundException or FormatException or OverflowException)
        {
            throw file.Broken("its metadata is not that of a checkpoint");
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
