using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>
/// From hidden vectors to the loss of the notes that follow, and back. The heads are chained: step; pitch given step;
/// velocity given both; duration given all three; pedal given step and pitch.
/// </summary>
internal sealed unsafe class PredictionHeads : IDisposable
{
    // The pedal is worth hearing, but it is not to take the trunk's attention from the notes.
    private const float PedalWeight = 0.5f;
    private const int RowsAtOnce = 64;
    private const int PitchStride = 96;
    private const int RelativeWidth = NoteEncoding.Recent * NoteEncoding.RelativeIntervals;

    private readonly NetworkLayout _layout;
    private readonly ThreadTeam _team;
    private readonly Gemm _gemm;
    private readonly int _rows;
    private readonly int _streams;
    private readonly int _head;
    private readonly NativeFloats _features; // [rows, 4 * head]: the heads' own hidden layers, rectified
    private readonly NativeFloats _featureGradient; // [rows, 4 * head]
    private readonly NativeFloats _step; // [rows, 80]: logits, then their gradients; so the others
    private readonly NativeFloats _pitch; // [rows, 96], 88 used
    private readonly NativeFloats _relative; // [rows, 8 * 64]
    private readonly NativeFloats _repeated; // [rows, 96]
    private readonly NativeFloats _stepOfLate; // [rows, 16]
    private readonly NativeFloats _durationOfLate; // [rows, 16]
    private readonly NativeFloats _velocity; // [rows, 32]
    private readonly NativeFloats _duration; // [rows, 80]
    private readonly NativeFloats _pedal; // [rows, 32], 27 used
    private readonly Losses[] _partial;

    /// <summary>Takes the memory for the heads of a window.</summary>
    public PredictionHeads(NetworkLayout layout, int steps, int streams, ThreadTeam team, Gemm gemm)
    {
        _layout = layout;
        _team = team;
        _gemm = gemm;
        _streams = streams;
        _rows = steps * streams;
        _head = layout.Shape.Head;
        _features = new NativeFloats((long)_rows * NetworkLayout.Heads * _head);
        _featureGradient = new NativeFloats((long)_rows * NetworkLayout.Heads * _head);
        _step = new NativeFloats((long)_rows * Grid.Bins);
        _pitch = new NativeFloats((long)_rows * PitchStride);
        _relative = new NativeFloats((long)_rows * RelativeWidth);
        _repeated = new NativeFloats((long)_rows * Repeat.Logits);
        _stepOfLate = new NativeFloats((long)_rows * LevelLogits.Levels);
        _durationOfLate = new NativeFloats((long)_rows * LevelLogits.Levels);
        _velocity = new NativeFloats((long)_rows * NoteEncoding.Velocities);
        _duration = new NativeFloats((long)_rows * Grid.Bins);
        _pedal = new NativeFloats((long)_rows * PedalStride);
        _partial = new Losses[(_rows + RowsAtOnce - 1) / RowsAtOnce];
    }

    /// <summary>After <see cref="Evaluate"/>: (step probability - one-hot) / rows, [rows, bins].</summary>
    public float* StepGradient => _step.Pointer;

    private static int PedalStride => (NoteEncoding.PedalClasses + 15) & ~15;

    private int Features => NetworkLayout.Heads * _head;

    /// <summary>Logits of every head, given the notes that really follow.</summary>
    /// <param name="weights">All the network's weights.</param>
    /// <param name="hidden">[steps, streams, hidden].</param>
    /// <param name="window">The notes.</param>
    public void Forward(float* weights, float* hidden, NoteWindow window)
    {
        int inputs = _layout.Shape.Hidden, head = _head;
        Apply(weights, _layout.Step, hidden, inputs, _step.Pointer, Grid.Bins);
        Apply(weights, _layout.StepOfLate, hidden, inputs, _stepOfLate.Pointer, LevelLogits.Levels);
        Apply(weights, _layout.Projection, hidden, inputs, _features.Pointer, Features);
        ForEachRow(row =>
        {
            int next = row + _streams;
            float* features = _features.Pointer + ((long)row * Features);
            int step = Math.Min(window.Step[next], (byte)(Grid.Bins - 1)), pitch = window.Pitch[next], velocity = window.Velocity[next];
            Neighbours near = window.Neighbours[next];
            Rows.Add(_step.Pointer + ((long)row * Grid.Bins), Row(weights, _layout.StepGivenRepeat, window.Repeat[next].StepRow), Grid.Bins);
            Rows.Add(features, Row(weights, _layout.PitchGivenStep, step), head);
            Rows.Add(features + head, Row(weights, _layout.VelocityGivenStep, step), head);
            Rows.Add(features + head, Row(weights, _layout.VelocityGivenPitch, pitch), head);
            Rows.Add(features + head, Row(weights, _layout.VelocityGivenNeighbour, near.VelocityBelow), head);
            Rows.Add(features + head, Row(weights, _layout.VelocityGivenNeighbour, near.VelocityAbove), head);
            Rows.Add(features + head, Row(weights, _layout.VelocityGivenNeighbour, near.VelocityRepeated), head);
            Rows.Add(features + (2 * head), Row(weights, _layout.DurationGivenStep, step), head);
            Rows.Add(features + (2 * head), Row(weights, _layout.DurationGivenPitch, pitch), head);
            Rows.Add(features + (2 * head), Row(weights, _layout.DurationGivenVelocity, velocity), head);
            Rows.Add(features + (2 * head), Row(weights, _layout.DurationGivenNeighbour, near.HeldBelow), head);
            Rows.Add(features + (2 * head), Row(weights, _layout.DurationGivenNeighbour, near.HeldAbove), head);
            Rows.Add(features + (2 * head), Row(weights, _layout.DurationGivenNeighbour, near.Sounding), head);
            Rows.Add(features + (2 * head), Row(weights, _layout.DurationGivenNeighbour, near.HeldRepeated), head);
            Rows.Add(features + (3 * head), Row(weights, _layout.PedalGivenStep, step), head);
            Rows.Add(features + (3 * head), Row(weights, _layout.PedalGivenPitch, pitch), head);
            Rows.Rectify(features, Features);
        });
        Apply(weights, _layout.Pitch, _features.Pointer, Features, _pitch.Pointer, PitchStride);
        Apply(weights, _layout.Relative, _features.Pointer, Features, _relative.Pointer, RelativeWidth);
        Apply(weights, _layout.RepeatedPitch, _features.Pointer, Features, _repeated.Pointer, Repeat.Logits);
        Apply(weights, _layout.Velocity, _features.Pointer + head, Features, _velocity.Pointer, NoteEncoding.Velocities);
        Apply(weights, _layout.Duration, _features.Pointer + (2 * head), Features, _duration.Pointer, Grid.Bins);
        Apply(weights, _layout.DurationOfLate, _features.Pointer + (2 * head), Features, _durationOfLate.Pointer, LevelLogits.Levels);
        Apply(weights, _layout.Pedal, _features.Pointer + (3 * head), Features, _pedal.Pointer, PedalStride);
        ForEachRow(row =>
        {
            float* logits = _pitch.Pointer + ((long)row * PitchStride);
            AddRelative(logits, _relative.Pointer + ((long)row * RelativeWidth), window, row);
            AddRepeated(logits, _repeated.Pointer + ((long)row * Repeat.Logits), window, row + _streams);
            LevelLogits.Add(_step.Pointer + ((long)row * Grid.Bins), _stepOfLate.Pointer + ((long)row * LevelLogits.Levels), window.StepLevelsOf(row + _streams));
            LevelLogits.Add(_duration.Pointer + ((long)row * Grid.Bins), _durationOfLate.Pointer + ((long)row * LevelLogits.Levels), window.DurationLevelsOf(row + _streams));
        });
    }

    /// <summary>The losses of the notes that follow, and in place of the logits their gradients.</summary>
    public Losses Evaluate(NoteWindow window)
    {
        float scale = 1f / _rows;
        _team.Run(_partial.Length, (piece, _) =>
        {
            var sum = new Losses();
            for (int row = piece * RowsAtOnce; row < Math.Min(_rows, (piece + 1) * RowsAtOnce); row++)
            {
                EvaluateRow(window, row, scale, sum);
            }

            _partial[piece] = sum;
        });
        var losses = new Losses();
        foreach (Losses partial in _partial)
        {
            losses.Add(partial);
        }

        return losses;
    }

    /// <summary>Gradients of the heads' weights, overwritten, and of the hidden vectors.</summary>
    public void Backward(float* weights, float* gradients, float* hidden, NoteWindow window, float* hiddenGradient)
    {
        int inputs = _layout.Shape.Hidden, head = _head;
        float* features = _features.Pointer;
        float* featureGradient = _featureGradient.Pointer;
        ForEachRow(row =>
        {
            float* gradient = _pitch.Pointer + ((long)row * PitchStride);
            GatherRelative(gradient, _relative.Pointer + ((long)row * RelativeWidth), window, row);
            LevelLogits.Gather(_step.Pointer + ((long)row * Grid.Bins), _stepOfLate.Pointer + ((long)row * LevelLogits.Levels), window.StepLevelsOf(row + _streams));
            LevelLogits.Gather(_duration.Pointer + ((long)row * Grid.Bins), _durationOfLate.Pointer + ((long)row * LevelLogits.Levels), window.DurationLevelsOf(row + _streams));
            RepeatLogits.Gather(gradient, _repeated.Pointer + ((long)row * Repeat.Logits), window.Repeat[row + _streams], window.VotesOf(row + _streams));
        });
        Differentiate(weights, gradients, _layout.Pitch, features, Features, _pitch.Pointer, PitchStride, featureGradient, false);
        Differentiate(weights, gradients, _layout.Relative, features, Features, _relative.Pointer, RelativeWidth, featureGradient, true);
        Differentiate(weights, gradients, _layout.RepeatedPitch, features, Features, _repeated.Pointer, Repeat.Logits, featureGradient, true);
        Differentiate(weights, gradients, _layout.Velocity, features + head, Features, _velocity.Pointer, NoteEncoding.Velocities, featureGradient + head, false);
        Differentiate(weights, gradients, _layout.Duration, features + (2 * head), Features, _duration.Pointer, Grid.Bins, featureGradient + (2 * head), false);
        Differentiate(weights, gradients, _layout.DurationOfLate, features + (2 * head), Features, _durationOfLate.Pointer, LevelLogits.Levels, featureGradient + (2 * head), true);
        Differentiate(weights, gradients, _layout.Pedal, features + (3 * head), Features, _pedal.Pointer, PedalStride, featureGradient + (3 * head), false);
        ForEachRow(row => Rows.RectifyGradient(features + ((long)row * Features), featureGradient + ((long)row * Features), Features));
        ScatterConditions(gradients, window);
        Differentiate(weights, gradients, _layout.Step, hidden, inputs, _step.Pointer, Grid.Bins, hiddenGradient, false);
        Differentiate(weights, gradients, _layout.StepOfLate, hidden, inputs, _stepOfLate.Pointer, LevelLogits.Levels, hiddenGradient, true);
        Differentiate(weights, gradients, _layout.Projection, hidden, inputs, featureGradient, Features, hiddenGradient, true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeFloats buffer in (NativeFloats[])[_features, _featureGradient, _step, _pitch, _relative, _repeated, _stepOfLate, _durationOfLate, _velocity, _duration, _pedal])
        {
            buffer.Dispose();
        }
    }

    /// <summary>Adds to the pitch logits those relative to each recent note: interval -32 stands first.</summary>
    public static void AddRelative(float* logits, float* relative, NoteWindow window, int note)
    {
        for (int back = 0; back < NoteEncoding.Recent; back++)
        {
            int recent = window.Recent[(note * NoteEncoding.Recent) + back];
            if (recent == NoteWindow.NoNote)
            {
                continue;
            }

            int shift = recent - (NoteEncoding.RelativeIntervals / 2);
            float* line = relative + (back * NoteEncoding.RelativeIntervals) - shift;
            int end = Math.Min(NoteEncoding.Pitches, shift + NoteEncoding.RelativeIntervals);
            for (int pitch = Math.Max(0, shift); pitch < end; pitch++)
            {
                logits[pitch] += line[pitch];
            }
        }
    }

    /// <summary>Adds to the pitch logits those of what the past says of each pitch.</summary>
    public static void AddRepeated(float* logits, float* repeated, NoteWindow window, int note) =>
        RepeatLogits.Add(logits, repeated, window.Repeat[note], window.VotesOf(note));

    private static void GatherRelative(float* gradients, float* relative, NoteWindow window, int note)
    {
        new Span<float>(relative, RelativeWidth).Clear();
        for (int back = 0; back < NoteEncoding.Recent; back++)
        {
            int recent = window.Recent[(note * NoteEncoding.Recent) + back];
            if (recent == NoteWindow.NoNote)
            {
                continue;
            }

            int shift = recent - (NoteEncoding.RelativeIntervals / 2);
            int first = Math.Max(0, shift), end = Math.Min(NoteEncoding.Pitches, shift + NoteEncoding.RelativeIntervals);
            new Span<float>(gradients + first, end - first).CopyTo(
                new Span<float>(relative + (back * NoteEncoding.RelativeIntervals) + first - shift, end - first));
        }
    }

    private static float* Row(float* tables, TensorInfo table, int row) => tables + table.Offset + ((long)row * table.Columns);

    private void EvaluateRow(NoteWindow window, int row, float scale, Losses sum)
    {
        int next = row + _streams;
        float* step = _step.Pointer + ((long)row * Grid.Bins);
        float* pitch = _pitch.Pointer + ((long)row * PitchStride);
        float* velocity = _velocity.Pointer + ((long)row * NoteEncoding.Velocities);
        float* duration = _duration.Pointer + ((long)row * Grid.Bins);
        float* pedal = _pedal.Pointer + ((long)row * PedalStride);
        if (window.Start[next])
        {
            new Span<float>(step, Grid.Bins).Clear();
            new Span<float>(pitch, PitchStride).Clear();
            new Span<float>(velocity, NoteEncoding.Velocities).Clear();
            new Span<float>(duration, Grid.Bins).Clear();
            new Span<float>(pedal, PedalStride).Clear();
            return;
        }

        float played = pitch[window.Pitch[next]];
        int likelier = 0;
        for (int i = 0; i < NoteEncoding.Pitches; i++)
        {
            likelier += pitch[i] > played ? 1 : 0;
        }

        sum.Notes++;
        sum.PitchTop1 += likelier < 1 ? 1 : 0;
        sum.PitchTop5 += likelier < 5 ? 1 : 0;
        sum.Step += Rows.CrossEntropy(step, Grid.Bins, window.Step[next], scale) + Math.Log(Grid.Width(window.Step[next]));
        sum.Pitch += Rows.CrossEntropy(pitch, NoteEncoding.Pitches, window.Pitch[next], scale);
        sum.Velocity += Rows.CrossEntropy(velocity, NoteEncoding.Velocities, window.Velocity[next], scale);
        sum.Duration += Rows.CrossEntropy(duration, Grid.Bins, window.Duration[next], scale) + Math.Log(Grid.Width(window.Duration[next]));
        if (window.PedalClass[next] < 0)
        {
            new Span<float>(pedal, PedalStride).Clear();
        }
        else
        {
            sum.Pedal += Rows.CrossEntropy(pedal, NoteEncoding.PedalClasses, window.PedalClass[next], scale * PedalWeight);
        }
    }

    /// <summary>The gradients of the tables by which one part of a note conditions the heads of the next.</summary>
    private void ScatterConditions(float* gradients, NoteWindow window)
    {
        long first = _layout.StepGivenRepeat.Offset;
        new Span<float>(gradients + first, (int)(_layout.PedalGivenPitch.Offset + _layout.PedalGivenPitch.Length - first)).Clear();
        int head = _head, parts = Math.Min(_team.Size * 2, head / 16);
        _team.Run(parts, (part, _) =>
        {
            int column = head / 16 * part / parts * 16, count = (head / 16 * (part + 1) / parts * 16) - column;
            int bin = Grid.Bins / 16 * part / parts * 16, bins = (Grid.Bins / 16 * (part + 1) / parts * 16) - bin;
            for (int row = 0; row < _rows; row++)
            {
                int next = row + _streams;
                if (window.Start[next])
                {
                    continue;
                }

                float* gradient = _featureGradient.Pointer + ((long)row * Features) + column;
                int step = window.Step[next], pitch = window.Pitch[next], velocity = window.Velocity[next];
                Neighbours near = window.Neighbours[next];
                Rows.Add(Row(gradients, _layout.StepGivenRepeat, window.Repeat[next].StepRow) + bin, _step.Pointer + ((long)row * Grid.Bins) + bin, bins);
                Rows.Add(Row(gradients, _layout.PitchGivenStep, step) + column, gradient, count);
                Rows.Add(Row(gradients, _layout.VelocityGivenStep, step) + column, gradient + head, count);
                Rows.Add(Row(gradients, _layout.VelocityGivenPitch, pitch) + column, gradient + head, count);
                Rows.Add(Row(gradients, _layout.VelocityGivenNeighbour, near.VelocityBelow) + column, gradient + head, count);
                Rows.Add(Row(gradients, _layout.VelocityGivenNeighbour, near.VelocityAbove) + column, gradient + head, count);
                Rows.Add(Row(gradients, _layout.VelocityGivenNeighbour, near.VelocityRepeated) + column, gradient + head, count);
                Rows.Add(Row(gradients, _layout.DurationGivenStep, step) + column, gradient + (2 * head), count);
                Rows.Add(Row(gradients, _layout.DurationGivenPitch, pitch) + column, gradient + (2 * head), count);
                Rows.Add(Row(gradients, _layout.DurationGivenVelocity, velocity) + column, gradient + (2 * head), count);
                Rows.Add(Row(gradients, _layout.DurationGivenNeighbour, near.HeldBelow) + column, gradient + (2 * head), count);
                Rows.Add(Row(gradients, _layout.DurationGivenNeighbour, near.HeldAbove) + column, gradient + (2 * head), count);
                Rows.Add(Row(gradients, _layout.DurationGivenNeighbour, near.Sounding) + column, gradient + (2 * head), count);
                Rows.Add(Row(gradients, _layout.DurationGivenNeighbour, near.HeldRepeated) + column, gradient + (2 * head), count);
                Rows.Add(Row(gradients, _layout.PedalGivenStep, step) + column, gradient + (3 * head), count);
                Rows.Add(Row(gradients, _layout.PedalGivenPitch, pitch) + column, gradient + (3 * head), count);
            }
        });
    }

    private void Apply(float* weights, LinearTensors linear, float* input, int inputStride, float* output, int outputStride)
    {
        int outputs = linear.Weight.Rows, inputs = linear.Weight.Columns;
        _gemm.Multiply(
            _rows, outputs, inputs, new MatrixView(input, inputStride, 1),
            MatrixView.RowMajor(weights + linear.Weight.Offset, inputs).Transposed, output, outputStride, false);
        float* bias = weights + linear.Bias.Offset;
        ForEachRow(row =>
        {
            float* line = output + ((long)row * outputStride);
            for (int i = 0; i < outputs; i++)
            {
                line[i] += bias[i];
            }
        });
    }

    private void Differentiate(
        float* weights, float* gradients, LinearTensors linear, float* input, int inputStride, float* outputGradient, int outputStride, float* inputGradient, bool accumulate)
    {
        int outputs = linear.Weight.Rows, inputs = linear.Weight.Columns;
        var gradient = new MatrixView(outputGradient, outputStride, 1);
        ColumnSum.Compute(_team, outputGradient, outputStride, _rows, outputs, gradients + linear.Bias.Offset);
        _gemm.Multiply(outputs, inputs, _rows, gradient.Transposed, new MatrixView(input, inputStride, 1), gradients + linear.Weight.Offset, inputs, false);

        // The gradient lies as its input does.
        _gemm.Multiply(_rows, inputs, outputs, gradient, MatrixView.RowMajor(weights + linear.Weight.Offset, inputs), inputGradient, inputStride, accumulate);
    }

    private void ForEachRow(Action<int> work) => _team.Run((_rows + RowsAtOnce - 1) / RowsAtOnce, (piece, _) =>
    {
        for (int row = piece * RowsAtOnce; row < Math.Min(_rows, (piece + 1) * RowsAtOnce); row++)
        {
            work(row);
        }
    });
}
