namespace MusicRnn.Training;

/// <summary>Fills windows with the notes of many pieces, side by side and one after another, each window going on where the last one ended.</summary>
public sealed class WindowFeeder
{
    private readonly NoteWindow _window;
    private readonly PieceStream[] _streams;
    private readonly Func<int, long, (EncodedPiece Piece, int[] Cuts)?> _draw;
    private readonly bool[] _exhausted;
    private long _drawn;
    private bool _begun;

    /// <summary>Prepares to fill a window.</summary>
    /// <param name="window">The window that <see cref="Next"/> fills.</param>
    /// <param name="draw">Gives a stream its next piece, by the stream's number and that of the draw, with the notes before which everything is forgotten; nothing when there is none left.</param>
    internal WindowFeeder(NoteWindow window, Func<int, long, (EncodedPiece Piece, int[] Cuts)?> draw)
    {
        _window = window;
        _draw = draw;
        _streams = [.. Enumerable.Range(0, window.Streams).Select(_ => new PieceStream())];
        _exhausted = new bool[window.Streams];
    }

    /// <summary>Where every stream stands: for each the number of its draw and of the next note, and in the end the number of the next draw.</summary>
    public long[] Position
    {
        get => [.. _streams.SelectMany(stream => (long[])[stream.Draw, stream.Position]), _drawn];
    }

    /// <summary>Goes back to where the streams stood, so that the next window is the one that came then.</summary>
    public void Restore(ReadOnlySpan<long> position)
    {
        if (position.Length != (2 * _streams.Length) + 1)
        {
            throw new InvalidDataException($"A checkpoint of {(position.Length - 1) / 2} streams cannot go on with {_streams.Length}: train with the same batch.");
        }

        for (int stream = 0; stream < _streams.Length; stream++)
        {
            long draw = position[2 * stream], note = position[(2 * stream) + 1];
            if (draw < 0 || _draw(stream, draw) is not var (piece, cuts))
            {
                continue;
            }

            _streams[stream].Begin(piece, draw, cuts);
            while (_streams[stream].Position < note)
            {
                _streams[stream].Write(_window, (_window.Steps * _window.Streams) + stream);
            }
        }

        _drawn = position[^1];
        _begun = true;
    }

    /// <summary>Fills the window with the notes that follow.</summary>
    /// <returns>Whether any note was left.</returns>
    public bool Next()
    {
        bool any = false;
        for (int stream = 0; stream < _streams.Length; stream++)
        {
            if (_begun)
            {
                CopyLastToFirst(stream);
            }

            for (int step = _begun ? 1 : 0; step <= _window.Steps; step++)
            {
                any |= WriteNext(stream, (step * _window.Streams) + stream);
            }
        }

        _begun = true;
        return any;
    }

    private bool WriteNext(int number, int note)
    {
        PieceStream stream = _streams[number];
        while (!stream.HasNotes)
        {
            if (_exhausted[number] || _draw(number, _drawn) is not var (piece, cuts))
            {
                _exhausted[number] = true;
                PieceStream.WriteNothing(_window, note);
                return false;
            }

            stream.Begin(piece, _drawn++, cuts);
        }

        stream.Write(_window, note);
        return true;
    }

    private void CopyLastToFirst(int stream)
    {
        NoteWindow window = _window;
        int from = (window.Steps * window.Streams) + stream;
        window.Start[stream] = window.Start[from];
        window.Step[stream] = window.Step[from];
        window.Pitch[stream] = window.Pitch[from];
        window.Velocity[stream] = window.Velocity[from];
        window.Duration[stream] = window.Duration[from];
        window.Onset[stream] = window.Onset[from];
        window.Release[stream] = window.Release[from];
        window.PedalClass[stream] = window.PedalClass[from];
        window.Repeat[stream] = window.Repeat[from];
        window.VotesOf(from).CopyTo(window.VotesOf(stream));
        window.StepLevelsOf(from).CopyTo(window.StepLevelsOf(stream));
        window.DurationLevelsOf(from).CopyTo(window.DurationLevelsOf(stream));
        window.Neighbours[stream] = window.Neighbours[from];
        window.RowCount[stream] = window.RowCount[from];
        Array.Copy(window.Rows, from * Model.NoteContext.MostRows, window.Rows, stream * Model.NoteContext.MostRows, Model.NoteContext.MostRows);
        Array.Copy(window.Recent, from * Model.NoteEncoding.Recent, window.Recent, stream * Model.NoteEncoding.Recent, Model.NoteEncoding.Recent);
    }
}
