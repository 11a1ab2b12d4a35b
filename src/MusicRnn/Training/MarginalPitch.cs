using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>
/// The probability of a note's pitch when its step is not told: the sum over the steps of P(step) P(pitch given step).
/// This is what compares with networks that predict the pitch by itself.
/// </summary>
internal sealed unsafe class MarginalPitch : IDisposable
{
    private const int NotesAtOnce = 32;
    private const int PaddedPitches = (NoteEncoding.Pitches + 15) / 16 * 16;
    private const int RelativeWidth = NoteEncoding.Recent * NoteEncoding.RelativeIntervals;

    private readonly NetworkLayout _layout;
    private readonly ThreadTeam _team;
    private readonly Gemm _gemm;
    private readonly NativeFloats _base; // [notes, head]: the pitch head's layer without the step's part
    private readonly NativeFloats _features; // [notes, bins, head]
    private readonly NativeFloats _deep; // [notes, bins, head]
    private readonly NativeFloats _pitch; // [notes, bins, 88]
    private readonly NativeFloats _relative; // [notes, bins, 8 * 64]
    private readonly NativeFloats _repeated; // [notes, bins, 96]
    private readonly NativeFloats _hidden; // [notes, hidden]
    private readonly int[] _rows = new int[NotesAtOnce];
    private readonly (double Nats, int Likelier)[] _found = new (double, int)[NotesAtOnce];
    private int _skipped;

    public MarginalPitch(NetworkLayout layout, ThreadTeam team, Gemm gemm)
    {
        _team = team;
        _layout = layout;
        _gemm = gemm;
        _base = new NativeFloats(NotesAtOnce * layout.Shape.Head);
        _features = new NativeFloats((long)NotesAtOnce * Grid.Bins * layout.Shape.Head);
        _deep = new NativeFloats((long)NotesAtOnce * Grid.Bins * layout.Shape.Head);
        _pitch = new NativeFloats((long)NotesAtOnce * Grid.Bins * NoteEncoding.Pitches);
        _relative = new NativeFloats((long)NotesAtOnce * Grid.Bins * RelativeWidth);
        _repeated = new NativeFloats((long)NotesAtOnce * Grid.Bins * Repeat.Logits);
        _hidden = new NativeFloats(NotesAtOnce * layout.Shape.Hidden);
    }

    /// <summary>Adds the marginal figures of each so many-th predicted note of a window.</summary>
    public void Evaluate(float* weights, float* hidden, float* stepGradient, NoteWindow window, int every, Losses losses)
    {
        int rows = window.Steps * window.Streams, gathered = 0;
        for (int row = 0; row < rows; row++)
        {
            if (window.Start[row + window.Streams] || _skipped++ % every != 0)
            {
                continue;
            }

            _rows[gathered++] = row;
            if (gathered == NotesAtOnce)
            {
                EvaluateGathered(weights, hidden, stepGradient, window, gathered, losses);
                gathered = 0;
            }
        }

        EvaluateGathered(weights, hidden, stepGradient, window, gathered, losses);
    }

    public void Dispose()
    {
        foreach (NativeFloats buffer in (NativeFloats[])[_base, _features, _deep, _pitch, _relative, _repeated, _hidden])
        {
            buffer.Dispose();
        }
    }

    private void EvaluateGathered(float* weights, float* hidden, float* stepGradient, NoteWindow window, int count, Losses losses)
    {
        if (count == 0)
        {
            return;
        }

        int width = _layout.Shape.Hidden, head = _layout.Shape.Head;
        for (int i = 0; i < count; i++)
        {
            new Span<float>(hidden + ((long)_rows[i] * width), width).CopyTo(new Span<float>(_hidden.Pointer + ((long)i * width), width));
        }

        Apply(weights, _layout.Projection, head, _hidden.Pointer, count, _base.Pointer);
        for (int i = 0; i < count; i++)
        {
            for (int bin = 0; bin < Grid.Bins; bin++)
            {
                float* features = _features.Pointer + ((((long)i * Grid.Bins) + bin) * head);
                new Span<float>(_base.Pointer + (i * head), head).CopyTo(new Span<float>(features, head));
                Rows.Add(features, weights + _layout.PitchGivenStep.Offset + (bin * head), head);
                Rows.Rectify(features, head);
            }
        }

        Apply(weights, _layout.DeepPitch, head, _features.Pointer, count * Grid.Bins, _deep.Pointer);
        _team.Run(count, (index, _) =>
        {
            int from = index * Grid.Bins * head, length = Grid.Bins * head;
            Rows.Rectify(_deep.Pointer + from, length);
            Rows.Add(_features.Pointer + from, _deep.Pointer + from, length);
        });
        Apply(weights, _layout.Pitch, NoteEncoding.Pitches, _features.Pointer, count * Grid.Bins, _pitch.Pointer);
        Apply(weights, _layout.Relative, RelativeWidth, _features.Pointer, count * Grid.Bins, _relative.Pointer);
        Apply(weights, _layout.RepeatedPitch, Repeat.Logits, _features.Pointer, count * Grid.Bins, _repeated.Pointer);
        _team.Run(count, (index, _) => EvaluateNote(index, stepGradient, window));
        foreach ((double nats, int likelier) in _found.AsSpan(0, count))
        {
            losses.MarginalNotes++;
            losses.MarginalPitch += nats;
            losses.MarginalTop1 += likelier < 1 ? 1 : 0;
            losses.MarginalTop5 += likelier < 5 ? 1 : 0;
        }
    }

    private void EvaluateNote(int index, float* stepGradient, NoteWindow window)
    {
        int row = _rows[index], next = row + window.Streams;
        float scale = window.Steps * window.Streams;
        float* logits = stackalloc float[PaddedPitches], marginal = stackalloc float[PaddedPitches];
        new Span<float>(marginal, PaddedPitches).Clear();
        for (int bin = 0; bin < Grid.Bins; bin++)
        {
            float step = (stepGradient[((long)row * Grid.Bins) + bin] * scale) + (bin == window.Step[next] ? 1 : 0);
            long line = ((long)index * Grid.Bins) + bin;
            new Span<float>(_pitch.Pointer + (line * NoteEncoding.Pitches), NoteEncoding.Pitches).CopyTo(new Span<float>(logits, NoteEncoding.Pitches));
            PredictionHeads.AddRelative(logits, _relative.Pointer + (line * RelativeWidth), window, row);
            PredictionHeads.AddRepeated(logits, _repeated.Pointer + (line * Repeat.Logits), window, next);
            AddSoftmax(logits, marginal, Math.Max(0, step));
        }

        float played = marginal[window.Pitch[next]];
        int likelier = 0;
        foreach (float probability in new ReadOnlySpan<float>(marginal, NoteEncoding.Pitches))
        {
            likelier += probability > played ? 1 : 0;
        }

        _found[index] = (-Math.Log(Math.Max(played, 1e-30)), likelier);
    }

    /// <summary>target += weight * softmax(logits), each of <see cref="PaddedPitches"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSoftmax(float* logits, float* target, float weight)
    {
        Vector512<float> factor = Vector512.Create(weight / Rows.Exponentiate(logits, NoteEncoding.Pitches).Sum);
        for (int i = 0; i < PaddedPitches; i += 16)
        {
            (Vector512.Load(target + i) + (Vector512.Load(logits + i) * factor)).Store(target + i);
        }
    }

    private void Apply(float* weights, LinearTensors linear, int outputs, float* input, int rows, float* output)
    {
        int inputs = linear.Weight.Columns;
        _gemm.Multiply(
            rows, outputs, inputs, MatrixView.RowMajor(input, inputs),
            MatrixView.RowMajor(weights + linear.Weight.Offset, inputs).Transposed, output, outputs, false);
        float* bias = weights + linear.Bias.Offset;
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < outputs; i++)
            {
                output[((long)row * outputs) + i] += bias[i];
            }
        }
    }
}
