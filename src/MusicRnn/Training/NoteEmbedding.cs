using MusicRnn.Model;

namespace MusicRnn.Training;

/// <summary>What the LSTM reads of a note: the sum of its rows in the input's tables.</summary>
internal sealed unsafe class NoteEmbedding(NetworkLayout layout, ThreadTeam team)
{
    private const int RowsAtOnce = 64;

    private readonly int _width = layout.Shape.Embedding;

    /// <summary>embedded[steps, streams, embedding] = the window's notes, but for the last of each stream.</summary>
    public void Forward(float* weights, NoteWindow window, float* embedded)
    {
        int rows = window.Steps * window.Streams;
        team.Run((rows + RowsAtOnce - 1) / RowsAtOnce, (piece, _) =>
        {
            for (int row = piece * RowsAtOnce; row < Math.Min(rows, (piece + 1) * RowsAtOnce); row++)
            {
                float* target = embedded + ((long)row * _width);
                new Span<float>(target, _width).Clear();
                Visit(window, row, weights, target, 0, _width, false);
            }
        });
    }

    /// <summary>The tables' gradients, overwritten, from the gradient of what <see cref="Forward"/> made.</summary>
    public void Backward(float* gradients, NoteWindow window, float* embeddedGradient)
    {
        int rows = window.Steps * window.Streams;
        new Span<float>(gradients, (int)layout.InputLength).Clear();

        // Threads share the columns, not the notes: many notes meet in one row.
        int parts = Math.Min(team.Size * 2, _width / 16);
        team.Run(parts, (part, _) =>
        {
            int first = _width / 16 * part / parts * 16, end = _width / 16 * (part + 1) / parts * 16;
            for (int row = 0; row < rows; row++)
            {
                Visit(window, row, gradients, embeddedGradient + ((long)row * _width) + first, first, end - first, true);
            }
        });
    }

    private void Visit(NoteWindow window, int note, float* tables, float* embedded, int column, int count, bool scatter)
    {
        foreach (ushort row in window.Rows.AsSpan(note * NoteContext.MostRows, window.RowCount[note]))
        {
            float* entry = tables + ((long)row * _width) + column;
            if (scatter)
            {
                Rows.Add(entry, embedded, count);
            }
            else
            {
                Rows.Add(embedded, entry, count);
            }
        }
    }
}
