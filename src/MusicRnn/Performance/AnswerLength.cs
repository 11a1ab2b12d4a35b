using MusicRnn.Model;

namespace MusicRnn.Performance;

/// <summary>
/// When an answer closes: after the asked number of notes or the asked time, before the next chord that comes after a long
/// step, and within a quarter more than asked at the latest.
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

    /// <summary>The length that is asked.</summary>
    /// <param name="parameters">The knobs.</param>
    /// <param name="settings">What overrides them.</param>
    /// <param name="played">The number of notes that are answered.</param>
    public static AskedLength Asked(ParameterTable parameters, ImproviserSettings settings, int played)
    {
        if (settings.Length is AskedLength asked)
        {
            return asked;
        }

        return (PerformanceMode)parameters.Step(ParameterTable.Mode) == PerformanceMode.Endless ? AskedLength.Endless : parameters.Step(ParameterTable.Length) switch
        {
            0 => AskedLength.OfNotes(played),
            ParameterTable.EndlessLength => AskedLength.Endless,
            int notes => AskedLength.OfNotes(notes),
        };
    }

    /// <summary>Whether the answer is over before a note.</summary>
    /// <param name="asked">The asked length.</param>
    /// <param name="step">Frames from the last note to it: 0 within a chord.</param>
    /// <param name="time">Nanoseconds from the answer's first onset to it.</param>
    public readonly bool ClosesBefore(AskedLength asked, long step, long time)
    {
        if (Notes < 1 || (Notes < asked.Notes && time < asked.Time))
        {
            return false;
        }

        long most = asked.Notes + (asked.Notes / 4L);
        return Notes >= most || (step > 0 && (time > asked.Time + (asked.Time / 4) || _chords == 0 || step >= LongStep * MeanStep || most - Notes < _largestChord));
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
