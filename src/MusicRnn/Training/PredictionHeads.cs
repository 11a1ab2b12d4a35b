using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>
/// From hidden vectors to the loss of the notes that follow, and back. The heads are chained: step; pitch given step;
/// velocity given both; duration given all three; pedal given step and pitch. Before all of them, and once more before velocity and duration, stands an
/// attention over the notes just past.
/// </summary>
internal sealed unsafe class PredictionHeads : IDisposable
{
    // The pedal is worth hearing, but it is not to take the trunk's attention from the notes.
    private const float PedalWeight = 0.5f;
    private const int RowsAtOnce = 64;
    private const int PitchStride = 96;
    private const int DeepHeads = 3; // pitch, velocity, duration: the first of the projection's
    private const int Top = 0, OfVelocity = 1, OfDuration = 2; // attentions
    private const int RelativeWidth = NoteEncoding.Recent * NoteEncoding.RelativeIntervals;

    private readonly NetworkLayout _layout;
    private readonly ThreadTeam _team;
    private readonly Gemm _gemm;
    private readonly int _rows;
    private readonly int _streams;
    private readonly int _head;
    private readonly AttentionStack _attention;
    private readonly NativeFloats _raised; // [rows, hidden]: hidden vectors, and what attention added to them
    private readonly NativeFloats _asking; // [rows, 2 * head]: velocity's and duration's own layers as they ask
    private readonly NativeFloats _features; // [rows, 4 * head]: the heads' own hidden layers, rectified
    private readonly NativeFloats _featureGradient; // [rows, 4 * head]
    private readonly NativeFloats _deepStep; // [rows, head]: the step head's own layer, rectified
    private readonly NativeFloats _deepStepGradient; // [rows, head]
    private readonly NativeFloats _deep; // [rows, 3 * head]: second layers, rectified
    private readonly NativeFloats _deepened; // [rows, 3 * head]: first and second layers, added
    private readonly NativeFloats _deepenedGradient; // [rows, 3 * head]
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
    public PredictionHeads(NetworkLayout layout, int steps, int streams, ThreadTeam team, Gemm gemm, bool training)
    {
        _layout = layout;
        _team = team;
        _gemm = gemm;
        _streams = streams;
        _rows = steps * streams;
        _head = layout.Shape.Head;
        _attention = new AttentionStack([layout.Attention, layout.VelocityAttention, layout.DurationAttention], layout.Shape.Hidden, steps, streams, team, gemm, training);
        _raised = new NativeFloats((long)_rows * layout.Shape.Hidden);
        _asking = new NativeFloats((long)_rows * Asking);
        _deepStep = new NativeFloats((long)_rows * _head);
        _deepStepGradient = new NativeFloats(training ? (long)_rows * _head : 1);
        _deep = new NativeFloats((long)_rows * Deep);
        _deepened = new NativeFloats((long)_rows * Deep);
        _deepenedGradient = new NativeFloats(training ? (long)_rows * Deep : 1);
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

    /// <summary>The notes that attention looks back at, remembered from window to window.</summary>
    public NotePast Past => _attention.Notes;

    /// <summary>After <see cref="Forward"/>: the hidden vectors as the heads read them, [rows, hidden].</summary>
    public float* Raised => _raised.Pointer;

    private int Features => NetworkLayout.Heads * _head;

    private int Deep => DeepHeads * _head;

    private int Asking => 2 * _head;

    private LinearTensors[] SecondLayers => [_layout.DeepPitch, _layout.DeepVelocity, _layout.DeepDuration];

    /// <summary>Logits of every head, given the notes that really follow.</summary>
    /// <param name="weights">All the network's weights.</param>
    /// <param name="past">The hidden vectors of the notes before the window and of its own, [past + steps, streams, hidden].</param>
    /// <param name="window">The notes.</param>
    public void Forward(float* weights, float* past, NoteWindow window)
    {
        int inputs = _layout.Shape.Hidden, head = _head;
        float* hidden = HiddenOf(past);
        float* raised = _raised.Pointer;
        _attention.Notes.Take(window);
        _attention.Forward(weights, past);
        ForEachRow(row => new Span<float>(hidden + ((long)row * inputs), inputs).CopyTo(new Span<float>(raised + ((long)row * inputs), inputs)));
        _attention.Look(Top, weights, hidden, inputs, raised, inputs);
        Apply(weights, _layout.Step, raised, inputs, _step.Pointer, Grid.Bins);
        Apply(weights, _layout.DeepStep, raised, inputs, _deepStep.Pointer, head);
        ForEachRow(row => Rows.Rectify(_deepStep.Pointer + ((long)row * head), head));
        _gemm.Multiply(
            _rows, Grid.Bins, head, MatrixView.RowMajor(_deepStep.Pointer, head), MatrixView.RowMajor(weights + _layout.DeepStepOutput.Offset, head).Transposed,
            _step.Pointer, Grid.Bins, true);
        Apply(weights, _layout.StepOfLate, raised, inputs, _stepOfLate.Pointer, LevelLogits.Levels);
        Apply(weights, _layout.Projection, raised, inputs, _features.Pointer, Features);
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
            new Span<float>(features + head, Asking).CopyTo(new Span<float>(_asking.Pointer + ((long)row * Asking), Asking));
        });
        _attention.Look(OfVelocity, weights, _asking.Pointer, Asking, _features.Pointer + head, Features);
        _attention.Look(OfDuration, weights, _asking.Pointer + head, Asking, _features.Pointer + (2 * head), Features);
        ForEachRow(row => Rows.Rectify(_features.Pointer + ((long)row * Features), Features));
        for (int i = 0; i < DeepHeads; i++)
        {
            Apply(weights, SecondLayers[i], _features.Pointer + (i * head), Features, _deep.Pointer + (i * head), Deep);
        }

        ForEachRow(row =>
        {
            float* deep = _deep.Pointer + ((long)row * Deep);
            float* deepened = _deepened.Pointer + ((long)row * Deep);
            Rows.Rectify(deep, Deep);
            new Span<float>(_features.Pointer + ((long)row * Features), Deep).CopyTo(new Span<float>(deepened, Deep));
            Rows.Add(deepened, deep, Deep);
        });
        Apply(weights, _layout.Pitch, _deepened.Pointer, Deep, _pitch.Pointer, PitchStride);
        Apply(weights, _layout.Relative, _deepened.Pointer, Deep, _relative.Pointer, RelativeWidth);
        Apply(weights, _layout.RepeatedPitch, _deepened.Pointer, Deep, _repeated.Pointer, Repeat.Logits);
        Apply(weights, _layout.Velocity, _deepened.Pointer + head, Deep, _velocity.Pointer, NoteEncoding.Velocities);
        Apply(weights, _layout.Duration, _deepened.Pointer + (2 * head), Deep, _duration.Pointer, Grid.Bins);
        Apply(weights, _layout.DurationOfLate, _deepened.Pointer + (2 * head), Deep, _durationOfLate.Pointer, LevelLogits.Levels);
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

    /// <summary>Gradients of the heads' and the attentions' weights, overwritten, and of the window's hidden vectors.</summary>
    public void Backward(float* weights, float* gradients, float* past, NoteWindow window, float* hiddenGradient)
    {
        int inputs = _layout.Shape.Hidden, head = _head;
        float* features = _features.Pointer;
        float* featureGradient = _featureGradient.Pointer;
        float* deepened = _deepened.Pointer;
        float* deepenedGradient = _deepenedGradient.Pointer;
        float* raised = _raised.Pointer;
        ForEachRow(row =>
        {
            float* gradient = _pitch.Pointer + ((long)row * PitchStride);
            GatherRelative(gradient, _relative.Pointer + ((long)row * RelativeWidth), window, row);
            LevelLogits.Gather(_step.Pointer + ((long)row * Grid.Bins), _stepOfLate.Pointer + ((long)row * LevelLogits.Levels), window.StepLevelsOf(row + _streams));
            LevelLogits.Gather(_duration.Pointer + ((long)row * Grid.Bins), _durationOfLate.Pointer + ((long)row * LevelLogits.Levels), window.DurationLevelsOf(row + _streams));
            RepeatLogits.Gather(gradient, _repeated.Pointer + ((long)row * Repeat.Logits), window.Repeat[row + _streams], window.VotesOf(row + _streams));
        });
        Differentiate(weights, gradients, _layout.Pitch, deepened, Deep, _pitch.Pointer, PitchStride, deepenedGradient, false);
        Differentiate(weights, gradients, _layout.Relative, deepened, Deep, _relative.Pointer, RelativeWidth, deepenedGradient, true);
        Differentiate(weights, gradients, _layout.RepeatedPitch, deepened, Deep, _repeated.Pointer, Repeat.Logits, deepenedGradient, true);
        Differentiate(weights, gradients, _layout.Velocity, deepened + head, Deep, _velocity.Pointer, NoteEncoding.Velocities, deepenedGradient + head, false);
        Differentiate(weights, gradients, _layout.Duration, deepened + (2 * head), Deep, _duration.Pointer, Grid.Bins, deepenedGradient + (2 * head), false);
        Differentiate(weights, gradients, _layout.DurationOfLate, deepened + (2 * head), Deep, _durationOfLate.Pointer, LevelLogits.Levels, deepenedGradient + (2 * head), true);
        Differentiate(weights, gradients, _layout.Pedal, features + (3 * head), Features, _pedal.Pointer, PedalStride, featureGradient + (3 * head), false);
        ForEachRow(row =>
        {
            // It goes to the first layer as it is, and to the second where that was not cut off.
            float* gradient = deepenedGradient + ((long)row * Deep);
            new Span<float>(gradient, Deep).CopyTo(new Span<float>(featureGradient + ((long)row * Features), Deep));
            Rows.RectifyGradient(_deep.Pointer + ((long)row * Deep), gradient, Deep);
        });
        for (int i = 0; i < DeepHeads; i++)
        {
            Differentiate(weights, gradients, SecondLayers[i], features + (i * head), Features, deepenedGradient + (i * head), Deep, featureGradient + (i * head), true);
        }

        ForEachRow(row => Rows.RectifyGradient(features + ((long)row * Features), featureGradient + ((long)row * Features), Features));
        _attention.LookBack(OfVelocity, weights, gradients, _asking.Pointer, Asking, featureGradient + head, featureGradient + head, Features);
        _attention.LookBack(OfDuration, weights, gradients, _asking.Pointer + head, Asking, featureGradient + (2 * head), featureGradient + (2 * head), Features);
        ScatterConditions(gradients, window);
        Differentiate(weights, gradients, _layout.Step, raised, inputs, _step.Pointer, Grid.Bins, hiddenGradient, false);
        Differentiate(weights, gradients, _layout.StepOfLate, raised, inputs, _stepOfLate.Pointer, LevelLogits.Levels, hiddenGradient, true);
        var step = MatrixView.RowMajor(_step.Pointer, Grid.Bins);
        TensorInfo output = _layout.DeepStepOutput;
        _gemm.Multiply(Grid.Bins, head, _rows, step.Transposed, MatrixView.RowMajor(_deepStep.Pointer, head), gradients + output.Offset, head, false);
        _gemm.Multiply(_rows, head, Grid.Bins, step, MatrixView.RowMajor(weights + output.Offset, head), _deepStepGradient.Pointer, head, false);
        ForEachRow(row => Rows.RectifyGradient(_deepStep.Pointer + ((long)row * head), _deepStepGradient.Pointer + ((long)row * head), head));
        Differentiate(weights, gradients, _layout.DeepStep, raised, inputs, _deepStepGradient.Pointer, head, hiddenGradient, true);
        Differentiate(weights, gradients, _layout.Projection, raised, inputs, featureGradient, Features, hiddenGradient, true);
        _attention.LookBack(Top, weights, gradients, HiddenOf(past), inputs, hiddenGradient, hiddenGradient, inputs);
        _attention.Backward(gradients, past, hiddenGradient);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _attention.Dispose();
        foreach (NativeFloats buffer in (NativeFloats[])[_raised, _asking, _deepStep, _deepStepGradient, _deep, _deepened, _deepenedGradient, _features, _featureGradient, _step, _pitch, _relative, _repeated, _stepOfLate, _durationOfLate, _velocity, _duration, _pedal])
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

    private float* HiddenOf(float* past) => past + ((long)AttentionTensors.Past * _streams * _layout.Shape.Hidden);

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
