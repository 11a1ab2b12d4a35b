using MusicRnn.Model;

namespace MusicRnn.Tests.Model;

/// <summary>One attention over a list of notes, its sums written out in double precision: the slow, obvious form of <see cref="LiveAttention"/>.</summary>
/// <param name="network">The network that has the weights.</param>
/// <param name="tensors">Which of its attentions.</param>
/// <param name="notes">All notes.</param>
/// <param name="hiddens">The uppermost hidden vector at each.</param>
/// <param name="start">A note in the middle that nothing is remembered before.</param>
internal sealed class NaiveAttention(Network network, AttentionTensors tensors, IReadOnlyList<StruckNote> notes, float[][] hiddens, int start)
{
    private const int Heads = AttentionTensors.Heads;

    private readonly double[]?[] _keys = new double[notes.Count][]; // by place, once they were asked for
    private readonly double[]?[] _values = new double[notes.Count][]; // without the durations

    public int StepOf(int i) => IsStart(i) ? NoteInput.Start : notes[i].Frame - notes[i - 1].Frame;

    /// <summary>What is added for a note at which a vector asks.</summary>
    public double[] AnswerAt(int t, float[] asking)
    {
        int[] places = [.. PlacesAt(t)];
        double[] query = Product(tensors.Query, asking);
        double[][] keys = [.. places.Select(place => _keys[place] ??= KeyOf(place))], values = [.. places.Select(place => ValueOf(place, t))];
        double[] answer = new double[AttentionTensors.ValueWidth];
        int keyWidth = tensors.KeyWidth / Heads, valueWidth = AttentionTensors.ValueWidth / Heads;
        for (int head = 0; head < Heads; head++)
        {
            double[] scores = [.. places.Select((place, i) => Score(query, keys[i], head) + DistanceLogit(t - place, head)), Score(query, Row(tensors.Nothing), head)];
            double[] shares = [.. scores.Select(score => Math.Exp(score - scores.Max()))];
            double total = shares.Sum();
            for (int i = 0; i < places.Length; i++)
            {
                for (int column = head * valueWidth; column < (head + 1) * valueWidth; column++)
                {
                    answer[column] += shares[i] / total * values[i][column];
                }
            }
        }

        return Product(tensors.Output, answer);

        double Score(double[] one, double[] other, int head) =>
            Enumerable.Range(head * keyWidth, keyWidth).Sum(column => one[column] * other[column]) / Math.Sqrt(keyWidth);
    }

    /// <summary>The rows of durations of what is looked back at from a note.</summary>
    public IEnumerable<int> DurationRowsAt(int t) => PlacesAt(t).Select(place => DurationRow(place + 1, t));

    private bool IsStart(int i) => i == 0 || i == start;

    private IEnumerable<int> PlacesAt(int t)
    {
        for (int place = t - 1; place >= 0 && t - place <= AttentionTensors.Past && !IsStart(place + 1); place--)
        {
            yield return place;
        }
    }

    private double[] KeyOf(int place)
    {
        double[] key = Product(tensors.Key, hiddens[place]);
        if (tensors.KeyNote is { } table)
        {
            AddNote(key, table, place + 1, table.Rows == 201);
        }

        return key;
    }

    private double[] ValueOf(int place, int t)
    {
        double[] value = [.. _values[place] ??= TimelessValueOf(place)];
        if (tensors.ValueDuration is { } durations)
        {
            AddRow(value, durations, DurationRow(place + 1, t));
        }

        return value;
    }

    private double[] TimelessValueOf(int place)
    {
        double[] value = Product(tensors.Value, hiddens[place + 1]);
        AddNote(value, tensors.ValueNote, place + 1, true);
        return value;
    }

    private void AddNote(double[] target, TensorInfo table, int note, bool hasVelocity)
    {
        AddRow(target, table, NoteEncoding.StepRow(StepOf(note)));
        AddRow(target, table, 81 + NoteEncoding.PitchIndex(notes[note].Pitch));
        if (hasVelocity)
        {
            AddRow(target, table, 81 + 88 + NoteEncoding.VelocityIndex(notes[note].Velocity));
        }
    }

    /// <summary>A note ends at the first one after it by whose onset its key is up, or which strikes its key again.</summary>
    private int DurationRow(int note, int t)
    {
        int onset = notes[note].Frame, release = onset + notes[note].Duration;
        for (int x = note + 1; x <= t; x++)
        {
            if (release <= notes[x].Frame || notes[x].Pitch == notes[note].Pitch)
            {
                return Grid.BinOf(Math.Max(1, Math.Min(release, notes[x].Frame) - onset));
            }
        }

        return 80;
    }

    private double DistanceLogit(int distance, int head)
    {
        // Between two rows both count, the nearer one more.
        double at = 2 * Math.Log2(distance);
        int row = (int)Math.Floor(at);
        double share = at - row;
        Span<float> logits = network.Tensor(tensors.Distance);
        return ((1 - share) * logits[(row * Heads) + head]) + (share == 0 ? 0 : share * logits[((row + 1) * Heads) + head]);
    }

    private double[] Row(TensorInfo tensor)
    {
        Span<float> values = network.Tensor(tensor);
        double[] row = new double[values.Length];
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = values[i];
        }

        return row;
    }

    private void AddRow(double[] target, TensorInfo table, int row)
    {
        Span<float> values = network.Tensor(table).Slice(row * table.Columns, table.Columns);
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += values[i];
        }
    }

    private double[] Product(TensorInfo matrix, float[] vector) => Product(matrix, [.. vector.Select(value => (double)value)]);

    private double[] Product(TensorInfo matrix, double[] vector)
    {
        Span<float> weights = network.Tensor(matrix);
        double[] product = new double[matrix.Rows];
        for (int row = 0; row < matrix.Rows; row++)
        {
            for (int column = 0; column < matrix.Columns; column++)
            {
                product[row] += weights[(row * matrix.Columns) + column] * vector[column];
            }
        }

        return product;
    }
}
