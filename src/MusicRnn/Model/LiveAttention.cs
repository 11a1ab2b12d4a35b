using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MusicRnn.Model;

/// <summary>One attention over the notes just past, note by note; what it looks back at is an <see cref="AttentionMemory"/>. Any number of predictors may share it.</summary>
internal sealed unsafe class LiveAttention : IDisposable
{
    private const int Heads = AttentionTensors.Heads;
    private const int ValueWidth = AttentionTensors.ValueWidth;
    private const int HeadValueWidth = ValueWidth / Heads;
    private const int ScoreStride = AttentionTensors.Past + 16; // every place and that of nothing, in whole sixteens
    private const int BinStride = (AttentionTensors.DurationRows + 15) / 16 * 16;

    private readonly Int4Matrix _query;
    private readonly Int4Matrix _key;
    private readonly Int4Matrix _value;
    private readonly Int8Matrix _output;
    private readonly NativeFloats _distances; // logits of a place so many notes before the newest, [Past, heads]
    private readonly float* _keyNote; // null if the note that follows is no part of its place's key
    private readonly bool _keyHasVelocity;
    private readonly float* _valueNote;
    private readonly float* _valueDuration; // null if durations are no part of a value
    private readonly float* _nothing;
    private readonly int _keyWidth;
    private readonly float _scale;

    /// <summary>Puts an attention together.</summary>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="weights">The network's weights, whose tables it goes on reading.</param>
    /// <param name="query">As <see cref="AttentionTensors.Query"/>; so the next three.</param>
    /// <param name="key">Its keys.</param>
    /// <param name="value">Its values.</param>
    /// <param name="output">Its output.</param>
    public LiveAttention(AttentionTensors tensors, float* weights, Int4Matrix query, Int4Matrix key, Int4Matrix value, Int8Matrix output)
    {
        (_query, _key, _value, _output) = (query, key, value, output);
        _keyNote = tensors.KeyNote is { } keyNote ? weights + keyNote.Offset : null;
        _keyHasVelocity = tensors.KeyNote is { Rows: AttentionTensors.NoteRows };
        _valueNote = weights + tensors.ValueNote.Offset;
        _valueDuration = tensors.ValueDuration is { } valueDuration ? weights + valueDuration.Offset : null;
        _nothing = weights + tensors.Nothing.Offset;
        _keyWidth = tensors.KeyWidth;
        _scale = 1 / MathF.Sqrt(_keyWidth / Heads);
        _distances = new NativeFloats(AttentionTensors.Past * Heads);
        var distances = new ReadOnlySpan<float>(weights + tensors.Distance.Offset, (int)tensors.Distance.Length);
        for (int back = 0; back < AttentionTensors.Past; back++)
        {
            for (int head = 0; head < Heads; head++)
            {
                _distances.Pointer[(back * Heads) + head] = AttentionTensors.DistanceLogit(distances, head, back + 1);
            }
        }
    }

    /// <summary>Takes a note in: it follows the place of the one before, and has a key for its own. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="memory">What is looked back at.</param>
    /// <param name="isStart">Whether nothing is remembered before the note.</param>
    /// <param name="step">The row of its step.</param>
    /// <param name="pitch">Its pitch index.</param>
    /// <param name="level">Its velocity level.</param>
    /// <param name="hidden">The uppermost hidden vector at the note, from <see cref="Int4Matrix.Quantize"/>.</param>
    /// <param name="unit">What one unit of it stands for.</param>
    public void Remember(AttentionMemory memory, bool isStart, int step, int pitch, int level, sbyte* hidden, float unit)
    {
        if (isStart)
        {
            memory.Clear();
        }
        else
        {
            float* value = stackalloc float[ValueWidth];
            new Span<float>(value, ValueWidth).Clear();
            _value.MultiplyAdd(hidden, unit, value);
            AddNote(value, _valueNote, ValueWidth, step, pitch, level, true);
            if (_keyNote != null)
            {
                AddNote(memory.NewestKey, _keyNote, _keyWidth, step, pitch, level, _keyHasVelocity);
            }

            memory.Add(memory.NewestKey, value);
        }

        new Span<float>(memory.NewestKey, _keyWidth).Clear();
        _key.MultiplyAdd(hidden, unit, memory.NewestKey);
    }

    /// <summary>target += what the notes just past answer. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="memory">What is looked back at.</param>
    /// <param name="ends">Which of those notes have ended.</param>
    /// <param name="input">The vector that asks, from <see cref="Int4Matrix.Quantize"/>.</param>
    /// <param name="unit">What one unit of it stands for.</param>
    /// <param name="target">[width of what is added to].</param>
    public void Add(AttentionMemory memory, NoteEnds ends, sbyte* input, float unit, float* target)
    {
        int count = memory.Count;
        if (count == 0)
        {
            return;
        }

        float* query = stackalloc float[_keyWidth];
        new Span<float>(query, _keyWidth).Clear();
        _query.MultiplyAdd(input, unit, query);
        float* scores = stackalloc float[Heads * ScoreStride];
        float* totals = stackalloc float[Heads];
        Score(memory, count, query, scores);
        for (int head = 0; head < Heads; head++)
        {
            totals[head] = Rows.Exponentiate(scores + (head * ScoreStride), count + 1).Sum;
        }

        float* answer = stackalloc float[ValueWidth];
        new Span<float>(answer, ValueWidth).Clear();
        AddWeighted(memory.Places + _keyWidth, memory.Stride, count, scores, ScoreStride, answer);
        if (_valueDuration != null)
        {
            // Notes of the same duration answer the same in this: each row is read once.
            float* ofDurations = stackalloc float[Heads * BinStride];
            new Span<float>(ofDurations, Heads * BinStride).Clear();
            for (int place = 0; place < count; place++)
            {
                int row = ends.RowOf(memory.BackOf(place));
                for (int head = 0; head < Heads; head++)
                {
                    ofDurations[(head * BinStride) + row] += scores[(head * ScoreStride) + place];
                }
            }

            AddDurations(ofDurations, answer);
        }

        for (int i = 0; i < ValueWidth; i += 16)
        {
            (Vector512.Load(answer + i) * Vector512.Create(1 / totals[i / HeadValueWidth])).Store(answer + i);
        }

        short* quantized = stackalloc short[ValueWidth];
        _output.MultiplyAdd(quantized, Int8Matrix.Quantize(answer, quantized, ValueWidth), target);
    }

    /// <inheritdoc/>
    public void Dispose() => _distances.Dispose();

    private static void AddNote(float* target, float* table, int width, int step, int pitch, int level, bool hasVelocity)
    {
        Rows.Add(target, table + ((long)step * width), width);
        Rows.Add(target, table + ((long)(AttentionTensors.PitchRow + pitch) * width), width);
        if (hasVelocity)
        {
            Rows.Add(target, table + ((long)(AttentionTensors.VelocityRow + level) * width), width);
        }
    }

    /// <summary>How well each place answers a query, [heads, <see cref="ScoreStride"/>]; behind the places stands nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Score(AttentionMemory memory, int count, float* query, float* scores)
    {
        int headWidth = _keyWidth / Heads;
        for (int i = 0; i < _keyWidth; i += 16)
        {
            (Vector512.Load(query + i) * Vector512.Create(_scale)).Store(query + i);
        }

        ushort* key = memory.Places;
        for (int place = 0; place < count; place++, key += memory.Stride)
        {
            for (int i = 0; i < ValueWidth && Sse.IsSupported; i += 32)
            {
                Sse.Prefetch1(key + _keyWidth + i); // the value is read next
            }

            float* distance = _distances.Pointer + (memory.BackOf(place) * Heads);
            for (int head = 0; head < Heads; head++)
            {
                scores[(head * ScoreStride) + place] = DotHalves(query + (head * headWidth), key + (head * headWidth), headWidth) + distance[head];
            }
        }

        for (int head = 0; head < Heads; head++)
        {
            scores[(head * ScoreStride) + count] = Dot(query + (head * headWidth), _nothing + (head * headWidth), headWidth);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float DotHalves(float* x, ushort* y, int count)
    {
        Vector512<float> sum = Vector512.Load(x) * Rows.Whole(y);
        for (int i = 16; i < count; i += 16)
        {
            sum = Vector512.MultiplyAddEstimate(Vector512.Load(x + i), Rows.Whole(y + i), sum);
        }

        // Halves first: as a whole a vector would be summed quarter by quarter.
        Vector256<float> half = sum.GetLower() + sum.GetUpper();
        return Vector128.Sum(half.GetLower() + half.GetUpper());
    }

    private static float Dot(float* x, float* y, int count)
    {
        float sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    /// <summary>sums[<see cref="ValueWidth"/>] += durations' rows times weights, [heads, <see cref="BinStride"/>]: most of these are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddDurations(float* weights, float* sums)
    {
        for (int row = 0; row < AttentionTensors.DurationRows; row++)
        {
            if (weights[row] == 0)
            {
                continue; // of every head: no note of this duration is looked back at
            }

            float* duration = _valueDuration + (row * ValueWidth);
            for (int i = 0; i < ValueWidth; i += 16)
            {
                Vector512<float> weight = Vector512.Create(weights[(i / HeadValueWidth * BinStride) + row]);
                Vector512.MultiplyAddEstimate(weight, Vector512.Load(duration + i), Vector512.Load(sums + i)).Store(sums + i);
            }
        }
    }

    /// <summary>sums[<see cref="ValueWidth"/>] += rows times weights, each head's share of a row with a weight of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddWeighted(ushort* rows, int rowStride, int count, float* weights, int weightStride, float* sums)
    {
        Vector512<float> s0 = Vector512.Load(sums), s1 = Vector512.Load(sums + 16), s2 = Vector512.Load(sums + 32), s3 = Vector512.Load(sums + 48);
        Vector512<float> s4 = Vector512.Load(sums + 64), s5 = Vector512.Load(sums + 80), s6 = Vector512.Load(sums + 96), s7 = Vector512.Load(sums + 112);
        for (int row = 0; row < count; row++, rows += rowStride, weights++)
        {
            Vector512<float> first = Vector512.Create(weights[0]), second = Vector512.Create(weights[weightStride]);
            Vector512<float> third = Vector512.Create(weights[2 * weightStride]), fourth = Vector512.Create(weights[3 * weightStride]);
            s0 = Vector512.MultiplyAddEstimate(Rows.Whole(rows), first, s0);
            s1 = Vector512.MultiplyAddEstimate(Rows.Whole(rows + 16), first, s1);
            s2 = Vector512.MultiplyAddEstimate(Rows.Whole(rows + 32), second, s2);
            s3 = Vector512.MultiplyAddEstimate(Rows.Whole(rows + 48), second, s3);
            s4 = Vector512.MultiplyAddEstimate(Rows.Whole(rows + 64), third, s4);
            s5 = Vector512.MultiplyAddEstimate(Rows.Whole(rows + 80), third, s5);
            s6 = Vector512.MultiplyAddEstimate(Rows.Whole(rows + 96), fourth, s6);
            s7 = Vector512.MultiplyAddEstimate(Rows.Whole(rows + 112), fourth, s7);
        }

        s0.Store(sums);
        s1.Store(sums + 16);
        s2.Store(sums + 32);
        s3.Store(sums + 48);
        s4.Store(sums + 64);
        s5.Store(sums + 80);
        s6.Store(sums + 96);
        s7.Store(sums + 112);
    }
}
