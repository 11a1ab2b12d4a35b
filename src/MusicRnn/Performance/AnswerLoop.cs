using MusicRnn.Model;

namespace MusicRnn.Performance;

/// <summary>The last answer, and playing it round after round. Rounds are whole frames apart, so that chords stay chords.</summary>
internal sealed class AnswerLoop
{
    private AnswerRecording _taking = new();
    private AnswerRecording _last = new();
    private long _note; // notes given of the rounds
    private long _shift; // frames from the recording to the first round

    /// <summary>Whether there is an answer to play again.</summary>
    public bool HasLast => _last.Count > 0;

    /// <summary>The last note of the answer under way; valid while <see cref="IsTaken"/>.</summary>
    public ref readonly PlannedNote LastTaken => ref _taking[_taking.Count - 1];

    /// <summary>Whether anything of the answer under way was heard.</summary>
    public bool IsTaken => _taking.Count > 0;

    /// <summary>Another answer begins.</summary>
    public void BeginTaking() => _taking.Clear();

    /// <summary>A note of it was heard.</summary>
    public void Take(in PlannedNote note) => _taking.Add(note);

    /// <summary>The answer has ended: it is the last one now.</summary>
    /// <param name="nextFrame">The frame that its next note would have come in.</param>
    public void EndTaking(long nextFrame)
    {
        _taking.Finish(nextFrame);
        (_taking, _last) = (_last, _taking);
    }

    /// <summary>The first round begins in a frame.</summary>
    public void Begin(long frame)
    {
        _note = 0;
        _shift = frame - _last[0].Frame;
    }

    /// <summary>The next note that is due at or after a stamp and not before a frame.</summary>
    public PlannedNote Next(Timeline timeline, long floor, long frame)
    {
        PlannedNote note;
        do
        {
            (long round, long place) = Math.DivRem(_note++, _last.Count);
            note = _last[(int)place];
            long frames = _shift + (round * _last.Period);
            note.Frame += frames;
            note.ReleaseFrame += frames;
            note.ModelOnset += frames * Grid.Frame;
            note.Onset = timeline.ToStamp(note.ModelOnset);
        }
        while (note.Onset < floor || note.Frame < frame);

        note.Off = Math.Max(timeline.ToStamp(note.ModelOnset + note.ModelDuration), note.Onset + NoteDraw.ShortestNote);
        return note;
    }

    /// <summary>The last notes given were not played.</summary>
    public void TakeBack(int notes) => _note = Math.Max(0, _note - notes);
}
