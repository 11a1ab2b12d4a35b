using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>One attention (<see cref="AttentionTensors"/>) over a window of notes and those before it, forward and backward. Keys and values come from <see cref="AttentionStack"/>.</summary>
internal sealed unsafe class Attention : IDisposable
{
    private const int Past = AttentionTensors.Past;
    private const int Heads = AttentionTensors.Heads;
    private const int Values = AttentionTensors.ValueWidth;
    private const int HeadValues = Values / Heads;
    private const int PaddedDurations = (AttentionTensors.DurationRows + 15) / 16 * 16;

    private readonly AttentionTensors _tensors;
    private readonly ThreadTeam _team;
    private readonly Gemm _gemm;
    private readonly int _steps;
    private readonly int _streams;
    private readonly int _rows;
    private readonly int _keys;
    private readonly int _headKeys;
    private readonly int _positions;
    private readonly NativeFloats _queries; // [rows, keys]: queries, then their gradients
    private readonly NativeFloats _mixed; // [rows, values]
    private readonly NativeFloats _mixedGradient; // [rows, values]
    private readonly NativeFloats _shares; // [streams, heads, steps, past]: the softmax
    private readonly NativeFloats _distances; // [heads, past]: logits, the farthest first
    private readonly NativeFloats _partial; // a stream: gradients of distances [heads, past], of nothing [keys], of durations [rows, values]
    private readonly NativeFloats[] _scratch; // a thread

    /// <summary>Takes the memory for an attention.</summary>
    public Attention(AttentionTensors tensors, int steps, int streams, ThreadTeam team, Gemm gemm, bool training)
    {
        _tensors = tensors;
        _team = team;
        _gemm = gemm;
        _steps = steps;
        _streams = streams;
        _rows = steps * streams;
        _keys = tensors.KeyWidth;
        _headKeys = _keys / Heads;
        _positions = Past + steps;
        _queries = new NativeFloats((long)_rows * _keys);
        _mixed = new NativeFloats((long)_rows * Values);
        _mixedGradient = new NativeFloats(training ? (long)_rows * Values : 1);
        _shares = new NativeFloats((long)streams * Heads * steps * Past);
        _distances = new NativeFloats(Heads * Past);
        _partial = new NativeFloats(training ? (long)streams * PartialLength : 1);
        _scratch = [.. Enumerable.Range(0, team.Size).Select(_ => new NativeFloats(ScratchLength))];
    }

    /// <summary>Its tensors.</summary>
    public AttentionTensors Tensors => _tensors;

    private int PartialLength => (Heads * Past) + _keys + (_tensors.ValueDuration is null ? 0 : AttentionTensors.DurationRows * Values);

    // A line of a transpose: all positions, and what the last vector reads beyond them.
    private int Line => _positions + 16;

    // Keys and values by position or transposed, their gradients by position, and durations transposed.
    private long ScratchLength => ((_headKeys + HeadValues) * ((long)Line + _positions)) + (HeadValues * PaddedDurations);

    /// <summary>Adds what is found to what asks, or to what else it is for.</summary>
    /// <param name="weights">All the network's weights.</param>
    /// <param name="notes">The notes that are looked back at.</param>
    /// <param name="pairs">Its keys and values, from <see cref="AttentionStack.Forward"/>: [positions, streams], with a stride.</param>
    /// <param name="stride">Floats from one of them to the next.</param>
    /// <param name="asking">[rows, width of what asks], with a stride.</param>
    /// <param name="askingStride">Floats from one of its rows to the next.</param>
    /// <param name="target">What is added to, [rows, width of the output], with a stride; it may be what asks.</param>
    /// <param name="targetStride">Floats from one of its rows to the next.</param>
    public void Forward(float* weights, NotePast notes, float* pairs, int stride, float* asking, int askingStride, float* target, int targetStride)
    {
        TensorInfo query = _tensors.Query, output = _tensors.Output;
        _gemm.Multiply(
            _rows, _keys, query.Columns, new MatrixView(asking, askingStride, 1), MatrixView.RowMajor(weights + query.Offset, query.Columns).Transposed,
            _queries.Pointer, _keys, false);
        var distances = new ReadOnlySpan<float>(weights + _tensors.Distance.Offset, (int)_tensors.Distance.Length);
        for (int head = 0; head < Heads; head++)
        {
            for (int back = 1; back <= Past; back++)
            {
                _distances.Pointer[(head * Past) + Past - back] = AttentionTensors.DistanceLogit(distances, head, back);
            }
        }

        _team.Run(_streams * Heads, (piece, member) => ForwardHead(weights, notes, pairs, stride, piece / Heads, piece % Heads, member));
        _gemm.Multiply(
            _rows, output.Rows, Values, MatrixView.RowMajor(_mixed.Pointer, Values), MatrixView.RowMajor(weights + output.Offset, Values).Transposed, target, targetStride, true);
    }

    /// <summary>Gradients of its own tensors but those of keys and values, overwritten; of keys and values; and of what asked, added.</summary>
    /// <param name="weights">All the network's weights.</param>
    /// <param name="gradients">All their gradients.</param>
    /// <param name="notes">As in the forward pass.</param>
    /// <param name="pairs">As in the forward pass.</param>
    /// <param name="pairsGradient">Becomes their gradient, laid out as they are.</param>
    /// <param name="stride">As in the forward pass.</param>
    /// <param name="asking">As in the forward pass.</param>
    /// <param name="askingStride">As in the forward pass.</param>
    /// <param name="targetGradient">The gradient of what was added to.</param>
    /// <param name="askingGradient">What the gradient of what asked is added to; it may be the same.</param>
    /// <param name="gradientStride">Floats from one row of either to the next.</param>
    public void Backward(
        float* weights, float* gradients, NotePast notes, float* pairs, float* pairsGradient, int stride, float* asking, int askingStride, float* targetGradient, float* askingGradient, int gradientStride)
    {
        TensorInfo query = _tensors.Query, output = _tensors.Output;
        var target = new MatrixView(targetGradient, gradientStride, 1);
        _gemm.Multiply(output.Rows, Values, _rows, target.Transposed, MatrixView.RowMajor(_mixed.Pointer, Values), gradients + output.Offset, Values, false);
        _gemm.Multiply(_rows, Values, output.Rows, target, MatrixView.RowMajor(weights + output.Offset, Values), _mixedGradient.Pointer, Values, false);
        _team.Run(_streams, (stream, member) =>
        {
            new Span<float>(_partial.Pointer + ((long)stream * PartialLength), PartialLength).Clear();
            for (int head = 0; head < Heads; head++)
            {
                BackwardHead(weights, notes, pairs, pairsGradient, stride, stream, head, member);
            }
        });
        Gather(gradients);
        var queries = MatrixView.RowMajor(_queries.Pointer, _keys); // their gradients by now
        _gemm.Multiply(_keys, query.Columns, _rows, queries.Transposed, new MatrixView(asking, askingStride, 1), gradients + query.Offset, query.Columns, false);
        _gemm.Multiply(_rows, query.Columns, _keys, queries, MatrixView.RowMajor(weights + query.Offset, query.Columns), askingGradient, gradientStride, true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeFloats buffer in (NativeFloats[])[_queries, _mixed, _mixedGradient, _shares, _distances, _partial, .. _scratch])
        {
            buffer.Dispose();
        }
    }

    private static float Scale(int width) => 1 / MathF.Sqrt(width);

    /// <summary>The streams' shares of the gradients, in their order.</summary>
    private void Gather(float* gradients)
    {
        using NativeFloats sum = new(PartialLength);
        for (int stream = 0; stream < _streams; stream++)
        {
            float* partial = _partial.Pointer + ((long)stream * PartialLength);
            for (int i = 0; i < PartialLength; i++)
            {
                sum.Pointer[i] += partial[i];
            }
        }

        float* distance = gradients + _tensors.Distance.Offset;
        for (int row = 0; row < AttentionTensors.DistanceRows; row++)
        {
            for (int head = 0; head < Heads; head++)
            {
                float gradient = 0;
                for (int back = 1; back <= Past; back++)
                {
                    gradient += sum.Pointer[(head * Past) + Past - back] * AttentionTensors.DistanceWeight(back, row);
                }

                distance[(row * Heads) + head] = gradient;
            }
        }

        sum.Span.Slice(Heads * Past, _keys).CopyTo(new Span<float>(gradients + _tensors.Nothing.Offset, _keys));
        if (_tensors.ValueDuration is { } durations)
        {
            sum.Span[((Heads * Past) + _keys)..].CopyTo(new Span<float>(gradients + durations.Offset, (int)durations.Length));
        }
    }

    private void ForwardHead(float* weights, NotePast notes, float* pairs, int stride, int stream, int head, int member)
    {
        int headKeys = _headKeys, line = Line;
        float* keys = _scratch[member].Pointer; // transposed
        float* values = keys + (headKeys * line);
        float* durations = _tensors.ValueDuration is { } table ? weights + table.Offset + (head * HeadValues) : null;
        for (int position = 0; position < _positions; position++)
        {
            float* pair = pairs + (((long)position * _streams) + stream) * stride;
            for (int i = 0; i < headKeys; i++)
            {
                keys[(i * line) + position] = pair[(head * headKeys) + i];
            }

            new Span<float>(pair + _keys + (head * HeadValues), HeadValues).CopyTo(new Span<float>(values + (position * HeadValues), HeadValues));
        }

        float* nothing = weights + _tensors.Nothing.Offset + (head * headKeys);
        float scale = Scale(headKeys);
        float** found = stackalloc float*[Past];
        for (int step = 0; step < _steps; step++)
        {
            int row = (step * _streams) + stream, first = notes.First[row] - step;
            float* query = _queries.Pointer + ((long)row * _keys) + (head * headKeys);
            float* share = _shares.Pointer + ((((long)stream * Heads) + head) * _steps + step) * Past;
            float ofNothing = 0;
            for (int i = 0; i < headKeys; i++)
            {
                ofNothing += query[i] * nothing[i];
            }

            Look(query, headKeys, keys + step, line, _distances.Pointer + (head * Past), scale, ofNothing * scale, share, first);
            float* mixed = _mixed.Pointer + ((long)row * Values) + (head * HeadValues);
            Mix(share, values + ((step + 1) * HeadValues), mixed, first);
            if (durations != null)
            {
                for (int place = first; place < Past; place++)
                {
                    found[place] = durations + (notes.DurationRow(((step + place + 1) * _streams) + stream, Past + step) * Values);
                }

                MixFound(share, found, mixed, first);
            }
        }
    }

    /// <summary>The softmax over the places that are seen, and nothing: their shares, 0 before the first. Place k is the k-th of the last <see cref="Past"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Look(float* query, int width, float* keys, int line, float* distances, float scale, float nothing, float* share, int first)
    {
        int begin = first & ~15;
        new Span<float>(share, begin).Clear();
        if (begin == Past)
        {
            return;
        }

        Vector512<float> largest = Vector512.Create(nothing);
        Transposed(query, width, keys, line, share, begin, Past);
        for (int place = begin; place < Past; place += 16)
        {
            ((Vector512.Load(share + place) * Vector512.Create(scale)) + Vector512.Load(distances + place)).Store(share + place);
        }

        for (int place = begin; place < first; place++)
        {
            share[place] = float.NegativeInfinity;
        }

        for (int place = begin; place < Past; place += 16)
        {
            largest = Vector512.Max(largest, Vector512.Load(share + place));
        }

        float maximum = nothing;
        for (int i = 0; i < 16; i++)
        {
            maximum = MathF.Max(maximum, largest[i]);
        }

        Vector512<float> most = Vector512.Create(maximum), sum = default;
        for (int place = begin; place < Past; place += 16)
        {
            Vector512<float> value = VectorMath.Exp(Vector512.Load(share + place) - most);
            value.Store(share + place);
        }

        for (int place = begin; place < first; place++)
        {
            share[place] = 0;
        }

        for (int place = begin; place < Past; place += 16)
        {
            sum += Vector512.Load(share + place);
        }

        Vector512<float> factor = Vector512.Create(1 / (Vector512.Sum(sum) + MathF.Exp(nothing - maximum)));
        for (int place = begin; place < Past; place += 16)
        {
            (Vector512.Load(share + place) * factor).Store(share + place);
        }
    }

    /// <summary>mixed = the sum over the places of share * value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix(float* share, float* values, float* mixed, int first)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        int place = first;
        for (; place + 2 <= Past; place += 2)
        {
            float* value = values + (place * HeadValues);
            Vector512<float> one = Vector512.Create(share[place]), other = Vector512.Create(share[place + 1]);
            s0 = Vector512.MultiplyAddEstimate(one, Vector512.Load(value), s0);
            s1 = Vector512.MultiplyAddEstimate(one, Vector512.Load(value + 16), s1);
            s2 = Vector512.MultiplyAddEstimate(other, Vector512.Load(value + HeadValues), s2);
            s3 = Vector512.MultiplyAddEstimate(other, Vector512.Load(value + HeadValues + 16), s3);
        }

        if (place < Past)
        {
            float* value = values + (place * HeadValues);
            Vector512<float> one = Vector512.Create(share[place]);
            s0 = Vector512.MultiplyAddEstimate(one, Vector512.Load(value), s0);
            s1 = Vector512.MultiplyAddEstimate(one, Vector512.Load(value + 16), s1);
        }

        (s0 + s2).Store(mixed);
        (s1 + s3).Store(mixed + 16);
    }

    /// <summary>mixed += the sum over the places of share * value, which lie apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MixFound(float* share, float** values, float* mixed, int first)
    {
        Vector512<float> s0 = Vector512.Load(mixed), s1 = Vector512.Load(mixed + 16);
        for (int place = first; place < Past; place++)
        {
            Vector512<float> one = Vector512.Create(share[place]);
            s0 = Vector512.MultiplyAddEstimate(one, Vector512.Load(values[place]), s0);
            s1 = Vector512.MultiplyAddEstimate(one, Vector512.Load(values[place] + 16), s1);
        }

        s0.Store(mixed);
        s1.Store(mixed + 16);
    }

    private void BackwardHead(float* weights, NotePast notes, float* pairs, float* pairsGradient, int stride, int stream, int head, int member)
    {
        int headKeys = _headKeys, line = Line;
        float* keys = _scratch[member].Pointer;
        float* values = keys + (headKeys * _positions); // transposed
        float* keyGradient = values + (HeadValues * line);
        float* valueGradient = keyGradient + (headKeys * _positions);
        float* durations = valueGradient + (HeadValues * _positions); // transposed
        new Span<float>(keyGradient, (headKeys + HeadValues) * _positions).Clear();
        for (int position = 0; position < _positions; position++)
        {
            float* pair = pairs + (((long)position * _streams) + stream) * stride;
            new Span<float>(pair + (head * headKeys), headKeys).CopyTo(new Span<float>(keys + (position * headKeys), headKeys));
            for (int i = 0; i < HeadValues; i++)
            {
                values[(i * line) + position] = pair[_keys + (head * HeadValues) + i];
            }
        }

        bool hasDurations = _tensors.ValueDuration is not null;
        if (_tensors.ValueDuration is { } table)
        {
            for (int row = 0; row < AttentionTensors.DurationRows; row++)
            {
                for (int i = 0; i < HeadValues; i++)
                {
                    durations[(i * PaddedDurations) + row] = weights[table.Offset + (row * Values) + (head * HeadValues) + i];
                }
            }
        }

        float* partial = _partial.Pointer + ((long)stream * PartialLength);
        float* distanceGradient = partial + (head * Past);
        float* nothingGradient = partial + (Heads * Past) + (head * headKeys);
        float* durationGradient = partial + (Heads * Past) + _keys + (head * HeadValues);
        float* nothing = weights + _tensors.Nothing.Offset + (head * headKeys);
        float* placeGradient = stackalloc float[Past]; // of each share, then of each logit
        float* ofDuration = stackalloc float[PaddedDurations];
        float* queryGradient = stackalloc float[headKeys];
        int* found = stackalloc int[Past];
        float scale = Scale(headKeys);
        for (int step = 0; step < _steps; step++)
        {
            int row = (step * _streams) + stream, first = notes.First[row] - step;
            float* query = _queries.Pointer + ((long)row * _keys) + (head * headKeys);
            float* share = _shares.Pointer + ((((long)stream * Heads) + head) * _steps + step) * Past;
            float* gradient = _mixedGradient.Pointer + ((long)row * Values) + (head * HeadValues);
            if (first == Past)
            {
                new Span<float>(query, headKeys).Clear();
                continue;
            }

            Transposed(gradient, HeadValues, values + step + 1, line, placeGradient, first & ~15, Past);
            if (hasDurations)
            {
                Transposed(gradient, HeadValues, durations, PaddedDurations, ofDuration, 0, PaddedDurations);
                for (int place = first; place < Past; place++)
                {
                    found[place] = notes.DurationRow(((step + place + 1) * _streams) + stream, Past + step);
                    placeGradient[place] += ofDuration[found[place]];
                    AddTimes(durationGradient + (found[place] * Values), gradient, share[place], HeadValues);
                }
            }

            float mean = 0, sum = 0;
            for (int place = first; place < Past; place++)
            {
                mean += share[place] * placeGradient[place];
                sum += share[place];
            }

            for (int place = first; place < Past; place++)
            {
                placeGradient[place] = share[place] * (placeGradient[place] - mean);
                distanceGradient[place] += placeGradient[place];
            }

            float ofNothing = -(1 - sum) * mean * scale;
            for (int i = 0; i < headKeys; i++)
            {
                queryGradient[i] = ofNothing * nothing[i];
                nothingGradient[i] += ofNothing * query[i];
            }

            for (int place = first; place < Past; place++)
            {
                float logit = placeGradient[place] * scale;
                AddTimes(queryGradient, keys + ((step + place) * headKeys), logit, headKeys);
                AddTimes(keyGradient + ((step + place) * headKeys), query, logit, headKeys);
                AddTimes(valueGradient + ((step + place + 1) * HeadValues), gradient, share[place], HeadValues);
            }

            new Span<float>(queryGradient, headKeys).CopyTo(new Span<float>(query, headKeys));
        }

        for (int position = 0; position < _positions; position++)
        {
            float* pair = pairsGradient + (((long)position * _streams) + stream) * stride;
            new Span<float>(keyGradient + (position * headKeys), headKeys).CopyTo(new Span<float>(pair + (head * headKeys), headKeys));
            new Span<float>(valueGradient + (position * HeadValues), HeadValues).CopyTo(new Span<float>(pair + _keys + (head * HeadValues), HeadValues));
        }
    }

    /// <summary>target[begin..end] = vector[width] times matrix[width, line].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transposed(float* vector, int width, float* matrix, int line, float* target, int begin, int end)
    {
        for (int column = begin; column < end; column += 16)
        {
            Vector512<float> even = default, odd = default;
            for (int i = 0; i < width; i += 2)
            {
                even = Vector512.MultiplyAddEstimate(Vector512.Create(vector[i]), Vector512.Load(matrix + (i * line) + column), even);
                odd = Vector512.MultiplyAddEstimate(Vector512.Create(vector[i + 1]), Vector512.Load(matrix + ((i + 1) * line) + column), odd);
            }

            (even + odd).Store(target + column);
        }
    }

    /// <summary>target += source * factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTimes(float* target, float* source, float factor, int count)
    {
        Vector512<float> times = Vector512.Create(factor);
        for (int i = 0; i < count; i += 16)
        {
            Vector512.MultiplyAddEstimate(times, Vector512.Load(source + i), Vector512.Load(target + i)).Store(target + i);
        }
    }
}
