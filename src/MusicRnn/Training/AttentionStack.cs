using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>
/// Keys and values of several attentions over one past, as one matrix: for each position and stream the first attention's keys and values, then the next one's. They are made anew in
/// every window, of hidden vectors that may be of windows before; to those no gradient goes.
/// </summary>
internal sealed unsafe class AttentionStack : IDisposable
{
    private const int RowsAtOnce = 64;
    private const int Values = AttentionTensors.ValueWidth;

    private readonly Attention[] _attentions;
    private readonly ThreadTeam _team;
    private readonly Gemm _gemm;
    private readonly int _streams;
    private readonly int _steps;
    private readonly int _hidden;
    private readonly int _rows;
    private readonly int _width;
    private readonly NativeFloats _weights; // [width, hidden]: keys' and values' one below another
    private readonly NativeFloats _weightGradient; // [width, hidden]
    private readonly NativeFloats _pairs; // [positions, streams, width]
    private readonly NativeFloats _pairsGradient; // [positions, streams, width]

    /// <summary>Takes the memory for all of them.</summary>
    public AttentionStack(AttentionTensors[] tensors, int hidden, int steps, int streams, ThreadTeam team, Gemm gemm, bool training)
    {
        _attentions = [.. tensors.Select(attention => new Attention(attention, steps, streams, team, gemm, training))];
        _team = team;
        _gemm = gemm;
        _streams = streams;
        _steps = steps;
        _hidden = hidden;
        _rows = (AttentionTensors.Past + steps) * streams;
        _width = tensors.Sum(attention => attention.KeyWidth + Values);
        _weights = new NativeFloats((long)_width * hidden);
        _weightGradient = new NativeFloats(training ? (long)_width * hidden : 1);
        _pairs = new NativeFloats((long)_rows * _width);
        _pairsGradient = new NativeFloats(training ? (long)_rows * _width : 1);
        Notes = new NotePast(steps, streams);
    }

    /// <summary>The notes that are looked back at.</summary>
    public NotePast Notes { get; }

    /// <summary>Keys and values of a window; <see cref="NotePast.Take"/> came before.</summary>
    /// <param name="weights">All the network's weights.</param>
    /// <param name="past">The hidden vectors, [past + steps, streams, hidden].</param>
    public void Forward(float* weights, float* past)
    {
        VisitWeights((tensor, row) => new Span<float>(weights + tensor.Offset, (int)tensor.Length).CopyTo(new Span<float>(_weights.Pointer + ((long)row * _hidden), (int)tensor.Length)));
        _gemm.Multiply(
            _rows, _width, _hidden, MatrixView.RowMajor(past, _hidden), MatrixView.RowMajor(_weights.Pointer, _hidden).Transposed, _pairs.Pointer, _width, false);
        _team.Run((_rows + RowsAtOnce - 1) / RowsAtOnce, (piece, _) =>
        {
            for (int row = piece * RowsAtOnce; row < Math.Min(_rows, (piece + 1) * RowsAtOnce); row++)
            {
                int from = 0;
                foreach (Attention attention in _attentions)
                {
                    VisitNotes(attention.Tensors, row, weights, _pairs.Pointer + ((long)row * _width) + from, 0, 1, false);
                    from += attention.Tensors.KeyWidth + Values;
                }
            }
        });
    }

    /// <summary>What one of them finds, as <see cref="Attention.Forward"/>.</summary>
    public void Look(int index, float* weights, float* asking, int askingStride, float* target, int targetStride) =>
        _attentions[index].Forward(weights, Notes, _pairs.Pointer + ColumnOf(index), _width, asking, askingStride, target, targetStride);

    /// <summary>Back from what one of them found, as <see cref="Attention.Backward"/>.</summary>
    public void LookBack(int index, float* weights, float* gradients, float* asking, int askingStride, float* targetGradient, float* askingGradient, int gradientStride) =>
        _attentions[index].Backward(
            weights, gradients, Notes, _pairs.Pointer + ColumnOf(index), _pairsGradient.Pointer + ColumnOf(index), _width, asking, askingStride, targetGradient, askingGradient, gradientStride);

    /// <summary>Gradients of the tensors of keys and values, overwritten, and of the window's hidden vectors, added; all attentions went back before.</summary>
    /// <param name="gradients">All the weights' gradients.</param>
    /// <param name="past">As in <see cref="Forward"/>.</param>
    /// <param name="hiddenGradient">[steps, streams, hidden].</param>
    public void Backward(float* gradients, float* past, float* hiddenGradient)
    {
        var pairs = MatrixView.RowMajor(_pairsGradient.Pointer, _width);
        _gemm.Multiply(_width, _hidden, _rows, pairs.Transposed, MatrixView.RowMajor(past, _hidden), _weightGradient.Pointer, _hidden, false);
        VisitWeights((tensor, row) => new Span<float>(_weightGradient.Pointer + ((long)row * _hidden), (int)tensor.Length).CopyTo(new Span<float>(gradients + tensor.Offset, (int)tensor.Length)));
        _gemm.Multiply(
            _steps * _streams, _hidden, _width, pairs.From((long)AttentionTensors.Past * _streams, 0), MatrixView.RowMajor(_weights.Pointer, _hidden), hiddenGradient, _hidden, true);

        // Threads share the columns, not the notes: many notes meet in one row.
        int parts = _team.Size * 2;
        foreach (Attention attention in _attentions)
        {
            AttentionTensors tensors = attention.Tensors;
            Clear(tensors.KeyNote);
            Clear(tensors.ValueNote);
        }

        _team.Run(parts, (part, _) =>
        {
            for (int row = 0; row < _rows; row++)
            {
                int from = 0;
                foreach (Attention attention in _attentions)
                {
                    VisitNotes(attention.Tensors, row, gradients, _pairsGradient.Pointer + ((long)row * _width) + from, part, parts, true);
                    from += attention.Tensors.KeyWidth + Values;
                }
            }
        });

        void Clear(TensorInfo? tensor)
        {
            if (tensor is { } table)
            {
                new Span<float>(gradients + table.Offset, (int)table.Length).Clear();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Attention attention in _attentions)
        {
            attention.Dispose();
        }

        foreach (NativeFloats buffer in (NativeFloats[])[_weights, _weightGradient, _pairs, _pairsGradient])
        {
            buffer.Dispose();
        }
    }

    private int ColumnOf(int index) => _attentions[..index].Sum(attention => attention.Tensors.KeyWidth + Values);

    private void VisitWeights(Action<TensorInfo, int> visit)
    {
        int row = 0;
        foreach (Attention attention in _attentions)
        {
            foreach (TensorInfo tensor in (TensorInfo[])[attention.Tensors.Key, attention.Tensors.Value])
            {
                visit(tensor, row);
                row += tensor.Rows;
            }
        }
    }

    /// <summary>Adds a note's rows to the value that it is, and to the key of the place before it; or these to the gradients of the rows.</summary>
    private void VisitNotes(AttentionTensors tensors, int note, float* tables, float* pair, int part, int parts, bool scatter)
    {
        if (tensors.KeyNote is { } keys && note + _streams < _rows)
        {
            Visit(keys, note + _streams, pair);
        }

        Visit(tensors.ValueNote, note, pair + tensors.KeyWidth);

        void Visit(TensorInfo table, int of, float* sum)
        {
            int column = table.Columns / 16 * part / parts * 16, count = (table.Columns / 16 * (part + 1) / parts * 16) - column;
            AddRow(table, Notes.Step[of], sum, column, count);
            AddRow(table, AttentionTensors.PitchRow + Notes.Pitch[of], sum, column, count);
            int velocity = AttentionTensors.VelocityRow + Notes.Velocity[of];
            if (velocity < table.Rows)
            {
                AddRow(table, velocity, sum, column, count);
            }
        }

        void AddRow(TensorInfo table, int row, float* sum, int column, int count)
        {
            float* entry = tables + table.Offset + ((long)row * table.Columns) + column;
            if (scatter)
            {
                Rows.Add(entry, sum + column, count);
            }
            else
            {
                Rows.Add(sum + column, entry, count);
            }
        }
    }
}
