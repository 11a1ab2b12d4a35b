using MusicRnn.Model;

namespace MusicRnn.Performance;

/// <summary>
/// Knows when the machine's turn comes, as things stand: by the rule in force from what the listener has heard, or because it was
/// asked for. The moment changes with what is played and turned, and what was drawn for another moment is then discarded;
/// nothing here waits for it.
/// </summary>
internal sealed class TurnWatch(Predictor predictor, ParameterTable parameters, Timeline timeline, Listener listener, Answer answer)
{
    private const long PrepareAhead = 50_000_000; // drawing the first chord takes about a millisecond
    private bool _forced; // it was asked for, and needs no rule
    private long _crossing = -1; // of the model, after the last onset; -1 while not asked

    /// <summary>When the turn passes, or <see cref="long.MaxValue"/> where that depends on what is still to come.</summary>
    public long Turn { get; private set; } = long.MaxValue;

    /// <summary>When to draw what is played then, or <see cref="long.MaxValue"/>.</summary>
    public long Prepare { get; private set; } = long.MaxValue;

    /// <summary>Whether the phrase has as many notes as an answer needs.</summary>
    public bool IsPhraseEnough => listener.PhraseNotes >= parameters.Step(ParameterTable.MinimumNotes);

    /// <summary>Finds the turn anew.</summary>
    /// <param name="now">The stamp.</param>
    /// <param name="listening">Whether a phrase of the player goes on.</param>
    public void Find(long now, bool listening)
    {
        if (_forced)
        {
            return;
        }

        bool isOpen = !listening || listener.IsFrameOpen || listener.IsKeyDown || !IsPhraseEnough;
        Set(now, isOpen ? long.MaxValue : Math.Max(now, (TurnRule)parameters.Step(ParameterTable.Rule) switch
        {
            TurnRule.Model => TurnTiming.ByModel(timeline.ToStamp(listener.Memory.Time), Crossing(), listener.LastRelease),
            TurnRule.Silence => TurnTiming.BySilence(listener.LastRelease, parameters.Unit(ParameterTable.Patience)),
            _ => long.MaxValue,
        }));
    }

    /// <summary>Something else than time has changed that the model's moment follows from.</summary>
    public void Forget() => _crossing = -1;

    /// <summary>The turn is asked for: it passes now, or when the frame of a chord just struck is over.</summary>
    public void Force(long now)
    {
        _forced = true;
        Set(now, listener.IsFrameOpen ? listener.FrameEnd : now);
    }

    /// <summary>The turn that was asked for is not wanted any more.</summary>
    public void Release() => _forced = false;

    /// <summary>There is no turn to come.</summary>
    public void Cancel(long now)
    {
        _forced = false;
        Set(now, long.MaxValue);
    }

    /// <summary>What is played at the turn has been drawn.</summary>
    public void Prepared() => Prepare = long.MaxValue;

    /// <summary>The turn has passed.</summary>
    public void Pass()
    {
        _forced = false;
        Turn = long.MaxValue;
        Prepare = long.MaxValue;
    }

    private long Crossing()
    {
        if (_crossing < 0)
        {
            _crossing = predictor.TimeUntilSurvival(listener.Memory.State, parameters.Unit(ParameterTable.Patience));
        }

        return _crossing;
    }

    private void Set(long now, long turn)
    {
        if (turn != Turn)
        {
            answer.Discard(now);
            Turn = turn;
            Prepare = turn == long.MaxValue ? turn : Math.Max(now, turn - PrepareAhead);
        }
    }
}
