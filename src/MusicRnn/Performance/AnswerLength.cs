using MusicRnn.Model;

namespace MusicRnn.Performance;

/// <summary>
/// When an answer closes: after the asked number of notes, before the next chord that comes after a long step, and within a
/// quarter more notes than asked at the latest.
/// </summary>
internal struct AnswerLength
{
    private const double LongStep = 1.5; // times the answer's mean step from chord to chord
    private long _steps; // sum of the steps from chord to chord, in frames
    private int _chords;
    private int _chord; // notes of the chord being placed
    private int _largestChord;

    /// <summary>Notes placed so far.</summary>
    public int Notes { get; private set; }

    /// <summary>The mean step from chord to chord in frames; half a second before there is any.</summary>
    public readonly long MeanStep => _chords == 0 ? 500_000_000 / Grid.Frame : Math.Max(1, _steps / _chords);

    /// <summary>Notes of the chord that the last note belongs to.</summary>
    public readonly int Chord => _chord;

    /// <summary>The asked number of notes; <see cref="int.MaxValue"/> for no end.</summary>
    /// <param name="parameters">The knobs.</param>
    /// <param name="played">The number of notes that are answered.</param>
    public static int Asked(ParameterTable parameters, int played) =>
        (PerformanceMode)parameters.Step(ParameterTable.Mode) == PerformanceMode.Endless ? int.MaxValue : parameters.Step(ParameterTable.Length) switch
        {
            0 => played,
            ParameterTable.EndlessLength => int.MaxValue,
            int notes => notes,
        };

    /// <summary>Whether the answer is over before a note that follows the last one by so many frames.</summary>
    /// <param name="asked">The asked number of notes; <see cref="int.MaxValue"/> for no end.</param>
    /// <param name="step">Frames since the last note: 0 within a chord.</param>
    public readonly bool ClosesBefore(int asked, long step)
    {
        if (asked == int.MaxValue || Notes < Math.Max(1, asked))
        {
            return false;
        }

        int most = asked + (asked / 4);
        return Notes >= most || (step > 0 && (_chords == 0 || step >= LongStep * MeanStep || most - Notes < _largestChord));
    }

    /// <summary>A note is placed.</summary>
    public void Place(long step)
    {
        if (step > 0 && Notes > 0)
        {
            _steps += step;
            _chords++;
        }

        _chord = step > 0 || Notes == 0 ? 1 : _chord + 1;
        _largestChord = Math.Max(_largestChord, _chord);
        Notes++;
    }

    /// <summary>The last notes placed are taken back.</summary>
    public void TakeBack(int notes) => Notes = Math.Max(0, Notes - notes);
}
