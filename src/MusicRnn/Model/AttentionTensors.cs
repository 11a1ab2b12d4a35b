namespace MusicRnn.Model;

/// <summary>
/// The tensors of one attention over the notes just past (Vaswani et al. 2017; with one recurrent network below it, Merity 2019): a place in the music is looked up by what the LSTM
/// made of it, and answers with the note that followed there.
/// </summary>
/// <param name="Query">[<see cref="KeyWidth"/>, width of what asks].</param>
/// <param name="Key">[<see cref="KeyWidth"/>, hidden]: of the hidden vector at a note.</param>
/// <param name="KeyNote">What the note that followed adds to a key, as far as the head knows its own note: rows of step, pitch, velocity, [169 or 201, <see cref="KeyWidth"/>]; null if nothing.</param>
/// <param name="Value">[<see cref="ValueWidth"/>, hidden]: of the hidden vector at the note that followed.</param>
/// <param name="ValueNote">What that note adds to the value: rows of step, pitch, velocity, [<see cref="NoteRows"/>, <see cref="ValueWidth"/>].</param>
/// <param name="ValueDuration">What its duration adds, the last row being that of a key still down, [<see cref="DurationRows"/>, <see cref="ValueWidth"/>]; null if nothing.</param>
/// <param name="Distance">Logits by distance, [<see cref="DistanceRows"/>, <see cref="Heads"/>]: row f stands for 2 to the f / 2 notes, and what lies between for both.</param>
/// <param name="Nothing">The key of nothing at all, whose value is 0, [<see cref="KeyWidth"/>].</param>
/// <param name="Output">[width of what is added to, <see cref="ValueWidth"/>].</param>
public sealed record AttentionTensors(
    TensorInfo Query,
    TensorInfo Key,
    TensorInfo? KeyNote,
    TensorInfo Value,
    TensorInfo ValueNote,
    TensorInfo? ValueDuration,
    TensorInfo Distance,
    TensorInfo Nothing,
    TensorInfo Output)
{
    /// <summary>The notes that are looked back at.</summary>
    public const int Past = 128;

    /// <summary>Attentions side by side, each with its share of keys and values.</summary>
    public const int Heads = 4;

    /// <summary>The width of all heads' values.</summary>
    public const int ValueWidth = 128;

    /// <summary>Rows of a note: its step, its pitch, its velocity level.</summary>
    public const int NoteRows = VelocityRow + NoteEncoding.Velocities;

    /// <summary>Rows of a duration, and one for a key still down.</summary>
    public const int DurationRows = SoundingRow + 1;

    /// <summary>Rows of distances: two to every doubling.</summary>
    public const int DistanceRows = 15;

    /// <summary>The first row of pitches, after those of steps.</summary>
    public const int PitchRow = Grid.Bins + 1;

    /// <summary>The first row of velocity levels.</summary>
    public const int VelocityRow = PitchRow + NoteEncoding.Pitches;

    /// <summary>The row of a key still down.</summary>
    public const int SoundingRow = Grid.Bins;

    /// <summary>The width of all heads' keys.</summary>
    public int KeyWidth => Query.Rows;

    /// <summary>The row of the duration of a note that has ended.</summary>
    /// <param name="onset">Its onset's frame.</param>
    /// <param name="release">The frame in which its key came up.</param>
    /// <param name="struck">The onset's frame of the note by which it had: the same key may have been struck again.</param>
    public static int DurationRow(long onset, long release, long struck) => Grid.BinOf(Math.Max(1, Math.Min(release, struck) - onset));

    /// <summary>What a distance adds to the logit of a place.</summary>
    /// <param name="distances">The weights of <see cref="Distance"/>.</param>
    /// <param name="head">One of <see cref="Heads"/>.</param>
    /// <param name="distance">Notes back to the place, from 1 to <see cref="Past"/>.</param>
    public static float DistanceLogit(ReadOnlySpan<float> distances, int head, int distance)
    {
        float sum = 0;
        for (int row = 0; row < DistanceRows; row++)
        {
            sum += distances[(row * Heads) + head] * DistanceWeight(distance, row);
        }

        return sum;
    }

    /// <summary>How much a distance belongs to a row of <see cref="Distance"/>, 0-1.</summary>
    /// <param name="distance">Notes back to the place that is looked up, from 1 to <see cref="Past"/>.</param>
    /// <param name="row">The row.</param>
    public static float DistanceWeight(int distance, int row) => MathF.Max(0, 1 - MathF.Abs((2 * MathF.Log2(distance)) - row));
}
