using System.Runtime.InteropServices;

namespace MusicRnn.Model;

/// <summary>Runs a network note by note: notes in, probabilities and drawn notes out. One thread at a time; no clock.</summary>
public sealed unsafe class Predictor : IDisposable
{
    // Left to itself the network soon plays what it has just played, and then believes that all the more. So once so many notes
    // went as a repeat expects, repeats are believed less with each note that does.
    private const int BelievedRepeats = 6;
    private const int RelativeWidth = NoteEncoding.Recent * NoteEncoding.RelativeIntervals;

    private readonly NetworkLayout _layout;
    private readonly float* _weights;
    private readonly LiveWeights _live;
    private readonly NativeFloats _gates; // [4 * hidden]
    private readonly NativeFloats _features; // [head]
    private readonly NativeFloats _logits; // [the widest head]
    private readonly NativeFloats _relativeLogits; // [8 * 64]
    private readonly NativeFloats _attended; // [hidden]: the uppermost hidden vector and what attention adds
    private readonly NativeFloats _deep; // [head]: a head's second layer
    private short* _quantized; // [the widest input of a head]
    private short* _quantizedDeep; // [head]: the step head's own layer
    private sbyte* _coarse; // [the widest input of a matrix of four bits, padded]
    private sbyte* _hidden; // [hidden, padded]: the uppermost hidden vector

    /// <summary>Makes a predictor, with scratch memory of its own. The network must outlive it, and its weights stay as they are.</summary>
    public Predictor(Network network)
    {
        Network = network;
        NetworkShape shape = network.Shape;
        _layout = network.Layout;
        _weights = network.Weights.Pointer;
        _live = network.Live;
        _gates = new NativeFloats(4L * shape.Hidden);
        _features = new NativeFloats(shape.Head);
        _attended = new NativeFloats(shape.Hidden);
        _deep = new NativeFloats(shape.Head);
        _logits = new NativeFloats(128);
        _relativeLogits = new NativeFloats(RelativeWidth);
        int widest = Math.Max(shape.Hidden, shape.Head);
        _quantized = (short*)NativeMemory.AlignedAlloc((nuint)widest * sizeof(short), 64);
        _quantizedDeep = (short*)NativeMemory.AlignedAlloc((nuint)shape.Head * sizeof(short), 64);
        _coarse = (sbyte*)NativeMemory.AlignedAlloc((nuint)Int4Matrix.PaddedColumns(widest), 64);
        _hidden = (sbyte*)NativeMemory.AlignedAlloc((nuint)Int4Matrix.PaddedColumns(shape.Hidden), 64);
    }

    /// <summary>Releases memory that nobody disposed.</summary>
    ~Predictor() => Free();

    /// <summary>The network it runs.</summary>
    public Network Network { get; }

    /// <summary>How many notes it was fed. Any thread may ask.</summary>
    public long Fed { get; private set; }

    /// <summary>Feeds one note at its onset. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="state">The memory, advanced by one step. Its <see cref="NetworkState.Context"/> knows of every key that came up until now.</param>
    /// <param name="note">The note.</param>
    /// <param name="frame">The onset's frame, on the same count as those of the keys that came up.</param>
    public void Feed(NetworkState state, in NoteInput note, long frame)
    {
        int hidden = _layout.Shape.Hidden;
        Span<ushort> rows = stackalloc ushort[NoteContext.MostRows];
        int step = NoteEncoding.StepRow(note.Step), pitch = NoteEncoding.PitchIndex(note.Pitch), level = NoteEncoding.VelocityIndex(note.Velocity);
        bool isStart = note.Step < 0 || state.Notes == 0; // a note that nothing came before has no place to follow
        int count = state.Context.Hear(note.Step, pitch, level, note.PedalDown, frame, rows);
        for (int layer = 0; layer < _live.Layers.Count; layer++)
        {
            LiveLayer live = _live.Layers[layer];
            float* output = state.Hidden(layer);
            float* cells = state.Cells(layer);
            _gates.Clear();
            if (live.Input is { } input)
            {
                input.MultiplyAdd(_coarse, Int4Matrix.Quantize(state.Hidden(layer - 1), _coarse, hidden), _gates.Pointer);
            }
            else
            {
                _live.Input.Add(rows[..count], _gates.Pointer);
            }

            live.Recurrent.MultiplyAdd(_coarse, Int4Matrix.Quantize(output, _coarse, hidden), _gates.Pointer);
            LstmCell.Activate(_gates.Pointer, _weights + live.Bias, cells, cells, output, hidden, hidden);
        }

        Fed++;

        // What can be known of the next note now is computed now: at the turn nothing is left to read.
        float* upper = state.Hidden(_live.Layers.Count - 1);
        float upperUnit = Int4Matrix.Quantize(upper, _hidden, hidden);
        new ReadOnlySpan<float>(upper, hidden).CopyTo(_attended.Span);
        _live.Attention.Remember(state.Past, isStart, step, pitch, level, _hidden, upperUnit);
        _live.Attention.Add(state.Past, state.Context.Ends, _hidden, upperUnit, _attended.Pointer);
        float unit = Int8Matrix.Quantize(_attended.Pointer, _quantized, hidden);
        Start(_layout.Step.Bias, state.StepLogits);
        _live.Step.MultiplyAdd(_quantized, unit, state.StepLogits);
        float deepUnit = Rectify(Apply(_live.DeepStep, _layout.DeepStep, unit, _deep.Pointer), _quantizedDeep);
        _live.DeepStepOutput.MultiplyAdd(_quantizedDeep, deepUnit, state.StepLogits);
        Rows.Add(state.StepLogits, _weights + _layout.StepGivenRepeat.Offset + ((long)state.Context.Repeat.StepRow * Grid.Bins), Grid.Bins);
        LevelLogits.Add(state.StepLogits, Apply(_live.StepOfLate, _layout.StepOfLate, unit, _relativeLogits.Pointer), state.Context.StepLevels);
        Start(_layout.Projection.Bias, state.Features);
        _live.Projection.MultiplyAdd(_quantized, unit, state.Features);
        _live.VelocityAttention.Remember(state.VelocityPast, isStart, step, pitch, level, _hidden, upperUnit);
        _live.DurationAttention.Remember(state.DurationPast, isStart, step, pitch, level, _hidden, upperUnit);
    }

    /// <summary>The probability, 0-1, that the next onset is later than the given time after the last one fed.</summary>
    /// <param name="state">The memory after the last note.</param>
    /// <param name="elapsed">Nanoseconds since the middle of the last note's frame.</param>
    public double Survival(NetworkState state, long elapsed)
    {
        Span<double> steps = stackalloc double[Grid.Bins];
        Distribution.Softmax(new ReadOnlySpan<float>(state.StepLogits, Grid.Bins), 1, steps);
        double survival = 0;
        for (int bin = 0; bin < Grid.Bins; bin++)
        {
            (long begin, long end) = Span(bin);
            survival += steps[bin] * Math.Clamp((end - elapsed) / (double)(end - begin), 0, 1);
        }

        return Math.Min(1, survival);
    }

    /// <summary>When <see cref="Survival"/> falls below a threshold: nanoseconds after the middle of the last note's frame.</summary>
    /// <param name="state">The memory after the last note.</param>
    /// <param name="threshold">0-1.</param>
    public long TimeUntilSurvival(NetworkState state, double threshold)
    {
        Span<double> steps = stackalloc double[Grid.Bins];
        Distribution.Softmax(new ReadOnlySpan<float>(state.StepLogits, Grid.Bins), 1, steps);
        double survival = 1;
        for (int bin = 0; bin < Grid.Bins; bin++)
        {
            if (survival - steps[bin] < threshold)
            {
                (long begin, long end) = Span(bin);
                double within = steps[bin] > 0 ? Math.Clamp((survival - threshold) / steps[bin], 0, 1) : 1;
                return begin + (long)((end - begin) * within);
            }

            survival -= steps[bin];
        }

        return Span(Grid.Bins - 1).End;
    }

    /// <summary>The probability of each step bin, as the network expects it.</summary>
    /// <param name="state">The memory after the last note.</param>
    /// <param name="probabilities">[<see cref="Grid.Bins"/>].</param>
    public void Steps(NetworkState state, Span<double> probabilities) =>
        Distribution.Softmax(new ReadOnlySpan<float>(state.StepLogits, Grid.Bins), 1, probabilities);

    /// <summary>The probability of each pitch index, as the network expects it after a step.</summary>
    /// <param name="state">The memory after the last note.</param>
    /// <param name="stepBin">The bin of the step.</param>
    /// <param name="probabilities">[<see cref="NoteEncoding.Pitches"/>].</param>
    public void Pitches(NetworkState state, int stepBin, Span<double> probabilities) =>
        Distribution.Softmax(new ReadOnlySpan<float>(PitchLogits(state, stepBin), NoteEncoding.Pitches), 1, probabilities);

    /// <summary>The probability of each velocity level, as the network expects it of a pitch index after a step.</summary>
    /// <param name="state">The memory after the last note.</param>
    /// <param name="stepBin">The bin of the step.</param>
    /// <param name="pitch">The pitch index.</param>
    /// <param name="probabilities">[<see cref="NoteEncoding.Velocities"/>].</param>
    public void Velocities(NetworkState state, int stepBin, int pitch, Span<double> probabilities) =>
        Distribution.Softmax(new ReadOnlySpan<float>(VelocityLogits(state, stepBin, pitch), NoteEncoding.Velocities), 1, probabilities);

    /// <summary>The probability of each duration bin, as the network expects it of a pitch index and a velocity level after a step.</summary>
    /// <param name="state">The memory after the last note.</param>
    /// <param name="stepBin">The bin of the step.</param>
    /// <param name="pitch">The pitch index.</param>
    /// <param name="level">The velocity level.</param>
    /// <param name="probabilities">[<see cref="Grid.Bins"/>].</param>
    public void Durations(NetworkState state, int stepBin, int pitch, int level, Span<double> probabilities) =>
        Distribution.Softmax(new ReadOnlySpan<float>(DurationLogits(state, stepBin, pitch, level), Grid.Bins), 1, probabilities);

    /// <summary>Draws the note that follows. The state is not advanced: feed the note to do that. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <remarks>
    /// A step of k frames is placed freely where it rounds to k frames after the middle of the last note's. Pitch and pedal are drawn at the temperature and
    /// from the likeliest; step, velocity and duration at its square root and from all: without their tails the music would
    /// grow ever denser and shorter.
    /// </remarks>
    /// <param name="state">The memory after the last note.</param>
    /// <param name="options">Temperature, top-p and the bounds of the step.</param>
    /// <param name="random">The note's random numbers.</param>
    /// <param name="pedalDown">Whether the pedal is down at the last onset, which decides what it can do next.</param>
    public SampledNote Sample(NetworkState state, in SamplingOptions options, in NoteRandom random, bool pedalDown)
    {
        Span<double> weights = stackalloc double[128];
        long step = SampleStep(state, options, random, weights);
        long frames = Grid.FrameOf(step);
        int bin = Grid.BinOf(frames);
        double temperature = options.Temperature, calm = Math.Sqrt(temperature);
        int trust = Math.Clamp(RepeatFinder.Longest + BelievedRepeats - state.Context.Followed, 1, RepeatFinder.Longest);

        float* logits = PitchLogits(state, bin, trust);
        Distribution.Softmax(new ReadOnlySpan<float>(logits, NoteEncoding.Pitches), temperature, weights);
        int pitch = Distribution.Draw(weights[..NoteEncoding.Pitches], options.TopP, random.Uniform(2));

        logits = VelocityLogits(state, bin, pitch);
        Distribution.Softmax(new ReadOnlySpan<float>(logits, NoteEncoding.Velocities), calm, weights);
        int level = Distribution.Draw(weights[..NoteEncoding.Velocities], 1, random.Uniform(3));
        int velocity = Math.Clamp((level * 4) + (int)(random.Uniform(4) * 4), 1, 127);

        logits = DurationLogits(state, bin, pitch, level);
        Distribution.Softmax(new ReadOnlySpan<float>(logits, Grid.Bins), calm, weights);
        weights[0] = 0; // a key is down for a frame at least
        int durationBin = Math.Max(1, Distribution.Draw(weights[..Grid.Bins], 1, random.Uniform(5)));
        (long shortest, long longest) = Span(durationBin);
        long duration = shortest + (long)((longest - shortest) * random.Uniform(6));

        (PedalMove move, float first, float second) = SamplePedal(state, bin, pitch, frames, temperature, options.TopP, random.Uniform(7), pedalDown, weights);
        return new SampledNote(step, pitch + NoteEncoding.LowestPitch, velocity, duration, move, first, second);
    }

    /// <summary>How surprising it would be if a given note followed.</summary>
    /// <param name="state">The memory after the last note.</param>
    /// <param name="next">The note.</param>
    /// <param name="durationFrames">Its duration in frames, 1 or more.</param>
    public NoteNats Evaluate(NetworkState state, in NoteInput next, int durationFrames)
    {
        Span<double> weights = stackalloc double[128];
        int bin = Grid.BinOf(Math.Max(0, next.Step)), durationBin = Grid.BinOf(durationFrames);
        int pitch = NoteEncoding.PitchIndex(next.Pitch), level = NoteEncoding.VelocityIndex(next.Velocity);
        double step = Nats(state.StepLogits, Grid.Bins, bin, weights) + Math.Log(Grid.Width(bin));
        double ofPitch = Nats(PitchLogits(state, bin), NoteEncoding.Pitches, pitch, weights);
        double ofVelocity = Nats(VelocityLogits(state, bin, pitch), NoteEncoding.Velocities, level, weights);
        double duration = Nats(DurationLogits(state, bin, pitch, level), Grid.Bins, durationBin, weights) + Math.Log(Grid.Width(durationBin));
        return new NoteNats(step, ofPitch, ofVelocity, duration);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeFloats part in (NativeFloats[])[_gates, _features, _attended, _deep, _logits, _relativeLogits])
        {
            part.Dispose();
        }

        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_quantized);
        NativeMemory.AlignedFree(_quantizedDeep);
        NativeMemory.AlignedFree(_coarse);
        NativeMemory.AlignedFree(_hidden);
        _quantized = _quantizedDeep = null;
        _coarse = _hidden = null;
    }

    private static double Nats(float* logits, int count, int index, Span<double> weights)
    {
        Distribution.Softmax(new ReadOnlySpan<float>(logits, count), 1, weights);
        return -Math.Log(Math.Max(weights[index], 1e-30));
    }

    /// <summary>The times, in nanoseconds from the middle of a frame, that round to the frames of a bin.</summary>
    private static (long Begin, long End) Span(int bin) =>
        (Math.Max(0, (Grid.FirstFrame(bin) * Grid.Frame) - (Grid.Frame / 2) - 1000), (Grid.FirstFrame(bin + 1) * Grid.Frame) - (Grid.Frame / 2) - 1000);

    private static long SampleStep(NetworkState state, in SamplingOptions options, in NoteRandom random, Span<double> weights)
    {
        long minimum = Math.Max(0, options.MinimumStep), maximum = Math.Max(minimum, options.MaximumStep);
        Distribution.Softmax(new ReadOnlySpan<float>(state.StepLogits, Grid.Bins), Math.Sqrt(options.Temperature), weights);
        for (int bin = 0; bin < Grid.Bins; bin++)
        {
            (long begin, long end) = Span(bin);
            long overlap = Math.Min(end - 1, maximum) - Math.Max(begin, minimum) + 1;
            weights[bin] *= Math.Max(0, overlap) / (double)(end - begin);
        }

        int drawn = Distribution.Draw(weights[..Grid.Bins], 1, random.Uniform(0));
        if (drawn < 0)
        {
            return minimum; // nothing that the network knows lies between the bounds
        }

        (long first, long past) = Span(drawn);
        first = Math.Max(first, minimum);
        past = Math.Min(past - 1, maximum) + 1;
        return first + (long)((past - first) * random.Uniform(1));
    }

    private (PedalMove Move, float First, float Second) SamplePedal(
        NetworkState state, int bin, int pitch, long frames, double temperature, double topP, double uniform, bool pedalDown, Span<double> weights)
    {
        if (frames == 0)
        {
            return default; // no time lies between
        }

        float* logits = PedalLogits(state, bin, pitch);
        Distribution.Softmax(new ReadOnlySpan<float>(logits, NoteEncoding.PedalClasses), temperature, weights);
        for (int i = 0; i < NoteEncoding.PedalClasses; i++)
        {
            if (!NoteEncoding.IsPossible(i, pedalDown))
            {
                weights[i] = 0;
            }
        }

        return NoteEncoding.PedalOf(Math.Max(0, Distribution.Draw(weights[..NoteEncoding.PedalClasses], topP, uniform)));
    }

    private void Start(TensorInfo bias, float* target) =>
        new ReadOnlySpan<float>(_weights + bias.Offset, bias.Rows).CopyTo(new Span<float>(target, bias.Rows));

    private float* PitchLogits(NetworkState state, int bin, int trust = RepeatFinder.Longest)
    {
        Condition(state, 0, (_layout.PitchGivenStep, bin));
        float unit = Deepen(_live.DeepPitch, _layout.DeepPitch);
        float* logits = Apply(_live.Pitch, _layout.Pitch, unit, _logits.Pointer);
        float* relative = Apply(_live.Relative, _layout.Relative, unit, _relativeLogits.Pointer);
        for (int back = 0; back < NoteEncoding.Recent; back++)
        {
            int recent = state.Context.Recent(back);
            if (recent < 0)
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

        RepeatLogits.Add(logits, Apply(_live.RepeatedPitch, _layout.RepeatedPitch, unit, _relativeLogits.Pointer), state.Context.Repeat, state.Context.Votes, trust);
        return logits;
    }

    private float* VelocityLogits(NetworkState state, int bin, int pitch)
    {
        Neighbours near = state.Context.NeighboursOf(pitch);
        Condition(
            state, 1, (_layout.VelocityGivenStep, bin), (_layout.VelocityGivenPitch, pitch),
            (_layout.VelocityGivenNeighbour, near.VelocityBelow), (_layout.VelocityGivenNeighbour, near.VelocityAbove),
            (_layout.VelocityGivenNeighbour, near.VelocityRepeated));
        Attend(_live.VelocityAttention, state.VelocityPast, state);
        return Apply(_live.Velocity, _layout.Velocity, Deepen(_live.DeepVelocity, _layout.DeepVelocity), _logits.Pointer);
    }

    private float* DurationLogits(NetworkState state, int bin, int pitch, int level)
    {
        Neighbours near = state.Context.NeighboursOf(pitch);
        Condition(
            state, 2, (_layout.DurationGivenStep, bin), (_layout.DurationGivenPitch, pitch), (_layout.DurationGivenVelocity, level),
            (_layout.DurationGivenNeighbour, near.HeldBelow), (_layout.DurationGivenNeighbour, near.HeldAbove),
            (_layout.DurationGivenNeighbour, near.Sounding), (_layout.DurationGivenNeighbour, near.HeldRepeated));
        Attend(_live.DurationAttention, state.DurationPast, state);
        float unit = Deepen(_live.DeepDuration, _layout.DeepDuration);
        float* logits = Apply(_live.Duration, _layout.Duration, unit, _logits.Pointer);
        LevelLogits.Add(logits, Apply(_live.DurationOfLate, _layout.DurationOfLate, unit, _relativeLogits.Pointer), state.Context.DurationLevels);
        return logits;
    }

    private float* PedalLogits(NetworkState state, int bin, int pitch)
    {
        Condition(state, 3, (_layout.PedalGivenStep, bin), (_layout.PedalGivenPitch, pitch));
        return Apply(_live.Pedal, _layout.Pedal, Rectify(_features.Pointer, _quantized), _logits.Pointer);
    }

    /// <summary>A head's own layer before it is rectified, given what is known of the note by now.</summary>
    private void Condition(NetworkState state, int head, params ReadOnlySpan<(TensorInfo Table, int Row)> known)
    {
        int width = _layout.Shape.Head;
        float* features = _features.Pointer;
        new ReadOnlySpan<float>(state.Features + (head * width), width).CopyTo(_features.Span);
        foreach ((TensorInfo table, int row) in known)
        {
            Rows.Add(features, _weights + table.Offset + ((long)row * width), width);
        }
    }

    /// <summary>Adds to a head's own layer what the notes just past answer it.</summary>
    private void Attend(LiveAttention attention, AttentionMemory memory, NetworkState state)
    {
        float unit = Int4Matrix.Quantize(_features.Pointer, _coarse, _layout.Shape.Head);
        attention.Add(memory, state.Context.Ends, _coarse, unit, _features.Pointer);
    }

    /// <summary>Rectifies a head's own layer, adds a second one to it, and quantises the sum.</summary>
    private float Deepen(Int8Matrix matrix, LinearTensors linear)
    {
        int width = _layout.Shape.Head;
        Rows.Rectify(_features.Pointer, width);
        float* deep = Apply(matrix, linear, Int8Matrix.Quantize(_features.Pointer, _quantized, width), _deep.Pointer);
        Rows.Rectify(deep, width);
        Rows.Add(_features.Pointer, deep, width);
        return Int8Matrix.Quantize(_features.Pointer, _quantized, width);
    }

    /// <summary>Rectifies a layer of a head's width, and quantises it.</summary>
    private float Rectify(float* layer, short* quantized)
    {
        Rows.Rectify(layer, _layout.Shape.Head);
        return Int8Matrix.Quantize(layer, quantized, _layout.Shape.Head);
    }

    private float* Apply(Int8Matrix matrix, LinearTensors linear, float unit, float* logits)
    {
        Start(linear.Bias, logits);
        matrix.MultiplyAdd(_quantized, unit, logits);
        return logits;
    }
}
