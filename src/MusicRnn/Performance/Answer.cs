using MusicRnn.Model;

namespace MusicRnn.Performance;

/// <summary>
/// What the machine plays in its turn. Notes are drawn one after another on a fork of what was heard: the next one always
/// waits, undecided; once it is due within <see cref="Ahead"/> it is decided, sent to the outputs and fed to the fork, and
/// another is drawn. A moved knob draws the undecided ones again, later than what is decided. A decided note becomes a heard
/// one when its time comes, and only then reaches the listener; so giving way needs no undoing.
/// </summary>
internal sealed class Answer : IDisposable
{
    /// <summary>How far ahead of its sounding a note is decided, in nanoseconds.</summary>
    public const long Ahead = 250_000_000;

    /// <summary>How long after the turn, or another moment that changes what is to come, the first note is due at the earliest.</summary>
    public const long Lead = 10_000_000;

    private const int DecidedCapacity = 128;
    private const int DrawnCapacity = 32;

    private readonly ParameterTable _parameters;
    private readonly ImproviserSettings _settings;
    private readonly Timeline _timeline;
    private readonly Listener _listener;
    private readonly MachineVoice _voice;
    private readonly MusicalMemory _fork;
    private readonly NoteDraw _draw;
    private readonly PlannedNote[] _decided = new PlannedNote[DecidedCapacity]; // sent, not heard yet, in the order drawn
    private readonly PlannedNote[] _drawn = new PlannedNote[DrawnCapacity]; // not sent yet; all but the last are fed to the fork
    private readonly AnswerLoop _loop = new();
    private AnswerLength _length;
    private int _decidedCount;
    private int _drawnCount;
    private long _turn;
    private long _firstOnset;
    private long _floor; // no note that is drawn from now on is due before this stamp
    private bool _pedalDown; // after everything drawn
    private bool _anyDecided;
    private bool _closing; // the last note is drawn
    private long _nextFrame; // the frame of the note that would have come after it
    private long _lift = long.MaxValue; // when the pedal is lifted at the close
    private long _end;
    private int _played;

    /// <summary>Makes the machine's part.</summary>
    public Answer(Predictor predictor, ParameterTable parameters, ImproviserSettings settings, Timeline timeline, Listener listener, MachineVoice voice)
    {
        _parameters = parameters;
        _settings = settings;
        _timeline = timeline;
        _listener = listener;
        _voice = voice;
        _fork = new MusicalMemory(predictor);
        _draw = new NoteDraw(predictor, parameters, settings.Seed);
    }

    /// <summary>Whether the first notes wait for the turn.</summary>
    public bool IsPrepared { get; private set; }

    /// <summary>Whether the machine has its turn.</summary>
    public bool IsPlaying { get; private set; }

    /// <summary>Whether what it plays is the last answer again.</summary>
    public bool IsLooping { get; private set; }

    /// <summary>Whether there is an answer to play again.</summary>
    public bool HasLast => _loop.HasLast;

    /// <summary>The next stamp that something happens at, or <see cref="long.MaxValue"/>.</summary>
    public long NextWake
    {
        get
        {
            if (!IsPlaying)
            {
                return long.MaxValue;
            }

            long due = NextDue(out _);
            long wake = due == long.MaxValue ? due : Math.Max(due - Ahead, _turn);
            for (int i = 0; i < _decidedCount; i++)
            {
                wake = Math.Min(wake, _decided[i].Onset);
            }

            return IsClosed ? Math.Min(wake, _end) : wake;
        }
    }

    private bool IsClosed => _closing && _drawnCount == 0;

    /// <summary>Draws the first chord of an answer for a turn that is about to pass. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="turn">When the turn passes.</param>
    /// <param name="played">The number of notes that are answered.</param>
    public void Prepare(long turn, int played)
    {
        Clear();
        IsPrepared = true;
        _turn = turn;
        _played = played;
        _floor = turn + Lead;
        _pedalDown = _listener.PedalDown;
        _timeline.SetScale(turn, _parameters.Unit(ParameterTable.TimeScale));
        _listener.CopyTo(_fork);
        Draw();
        while (!_closing && _drawnCount < DrawnCapacity && _drawn[_drawnCount - 1].Frame == _drawn[0].Frame)
        {
            Feed(_drawn[_drawnCount - 1]);
            Draw();
        }
    }

    /// <summary>The turn will not pass at the stamp that was prepared for.</summary>
    public void Discard(long now)
    {
        if (IsPrepared)
        {
            Clear();
            _timeline.SetScale(now, 1);
        }
    }

    /// <summary>The turn passes: what is prepared is played. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Begin()
    {
        IsPrepared = false;
        IsPlaying = true;
        _loop.BeginTaking();
    }

    /// <summary>The last answer is played again and again.</summary>
    public void BeginLoop(long now)
    {
        Clear();
        IsPlaying = true;
        IsLooping = true;
        _turn = now;
        _floor = now + Lead;
        _pedalDown = false;
        _timeline.SetScale(now, _parameters.Unit(ParameterTable.TimeScale));
        _listener.CopyTo(_fork);
        _loop.Begin(Math.Max(Grid.FrameOf(_timeline.ToModel(_floor)), _fork.Frame) + 1);
        Draw();
    }

    /// <summary>Notes that are due have sounded. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Hear(long now)
    {
        int kept = 0;
        for (int i = 0; i < _decidedCount; i++)
        {
            if (_decided[i].Onset <= now)
            {
                _listener.Hear(_decided[i]);
                if (!IsLooping)
                {
                    _loop.Take(_decided[i]);
                }
            }
            else
            {
                _decided[kept++] = _decided[i];
            }
        }

        _decidedCount = kept;
    }

    /// <summary>Decides and sends what is due within <see cref="Ahead"/>. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Decide(long now)
    {
        while (true)
        {
            long due = NextDue(out Due what);
            if (due > now + Ahead)
            {
                return;
            }

            switch (what)
            {
                case Due.Release:
                    _voice.ReleaseAt(due);
                    break;
                case Due.Lift:
                    _voice.MovePedal(due, false);
                    _lift = long.MaxValue;
                    break;
                case Due.Pedal:
                    ref PlannedNote moving = ref _drawn[0];
                    _voice.MovePedal(due, moving.First.Down);
                    moving.First = moving.Second;
                    moving.Second = default;
                    break;
                default:
                    Strike();
                    break;
            }
        }
    }

    /// <summary>Whether the answer is over.</summary>
    public bool HasEnded(long now) => IsPlaying && IsClosed && now >= _end;

    /// <summary>A knob was moved: what is not decided is drawn again. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="now">When.</param>
    /// <param name="reopen">Whether an answer that closes may go on after all.</param>
    public void DrawAgain(long now, bool reopen)
    {
        if (IsPrepared)
        {
            Prepare(_turn, _played);
        }
        else if (IsPlaying && (!_closing || reopen))
        {
            DrawFrom(now + Ahead, rebuild: _drawnCount > (_closing ? 0 : 1));
        }
    }

    /// <summary>The player released keys: what is drawn from now on knows it.</summary>
    public void ReleaseKeys(long now) => _fork.ReleasePlayer(_listener.Held, _listener.FrameAt(now));

    /// <summary>The player played along: what is not decided is drawn again, knowing that. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void PlayAlong(long now) => DrawFrom(now + Ahead, rebuild: true);

    /// <summary>What sounds and what is decided is silenced, and the answer goes on after that. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Interrupt(long now)
    {
        _voice.Silence(now);
        _listener.ReleaseMachine(now);
        TakeBack(_decidedCount);
        _decidedCount = 0;
        _floor = now;
        DrawFrom(now + Lead, rebuild: true);
    }

    /// <summary>The answer ends here: what sounds is released, what is to come withdrawn, and time is the player's own again. [improviser-thread] allocates nothing, locks nothing.</summary>
    public void Stop(long now)
    {
        _voice.Silence(now);
        _timeline.SetScale(now, 1);
        _listener.ReleaseMachine(now);
        if (!IsLooping && _loop.IsTaken)
        {
            _loop.EndTaking(_closing ? _nextFrame : _loop.LastTaken.Frame + _length.MeanStep);
        }

        Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _fork.Dispose();

    private void Clear()
    {
        IsPrepared = IsPlaying = IsLooping = false;
        _closing = _anyDecided = false;
        _decidedCount = _drawnCount = 0;
        _lift = long.MaxValue;
        _length = default;
    }

    private long NextDue(out Due what)
    {
        long due = _voice.NextOff;
        what = Due.Release;
        if (_lift < due)
        {
            due = _lift;
            what = Due.Lift;
        }

        if (_drawnCount > 0 && _decidedCount < DecidedCapacity)
        {
            ref PlannedNote next = ref _drawn[0];
            if (next.First.IsMove && next.First.Stamp < due)
            {
                due = next.First.Stamp;
                what = Due.Pedal;
            }
            else if (!next.First.IsMove && next.Onset < due)
            {
                due = next.Onset;
                what = Due.Strike;
            }
        }

        return due;
    }

    private void Strike()
    {
        PlannedNote note = _drawn[0];
        Array.Copy(_drawn, 1, _drawn, 0, --_drawnCount);
        int velocity = Math.Clamp((int)Math.Round(note.Velocity * _parameters.Unit(ParameterTable.VelocityScale)), 1, 127);
        _voice.Strike(note.Onset, note.Pitch, velocity, note.Off);
        _decided[_decidedCount++] = note;
        _anyDecided = true;
        if (_drawnCount == 0 && !_closing)
        {
            Feed(note);
            Draw();
        }
    }

    private void Feed(in PlannedNote note) => _fork.Feed(new HeardNote(note.Pitch, note.Velocity, note.PedalDown), note.Frame, note.ReleaseFrame);

    /// <summary>Forgets what is not decided and draws from a stamp on.</summary>
    /// <param name="after">The stamp.</param>
    /// <param name="rebuild">Whether the fork holds other notes than those heard and decided.</param>
    private void DrawFrom(long after, bool rebuild)
    {
        TakeBack(_drawnCount);
        _drawnCount = 0;
        _closing = false;
        _lift = long.MaxValue;
        if (rebuild)
        {
            _listener.CopyTo(_fork);
            foreach (ref readonly PlannedNote note in _decided.AsSpan(0, _decidedCount))
            {
                Feed(note);
            }
        }

        _floor = Math.Max(_floor, after);
        _timeline.SetScale(_floor, _parameters.Unit(ParameterTable.TimeScale));
        _pedalDown = _anyDecided ? _voice.PedalDown : _listener.PedalDown;
        Draw();
    }

    private void TakeBack(int notes)
    {
        _loop.TakeBack(notes);
        _length.TakeBack(notes);
    }

    /// <summary>Adds the next note to those drawn, or finds that there is none.</summary>
    private void Draw()
    {
        bool first = !_anyDecided && _drawnCount == 0;
        if (IsLooping)
        {
            PlannedNote again = _loop.Next(_timeline, _floor, _fork.Frame);
            again.Second = default;
            again.First = again.PedalDown == _pedalDown ? default : new PedalStep(true, again.Onset, again.PedalDown);
            Add(again);
            return;
        }

        long latest = first ? _turn + (long)(_parameters.Unit(ParameterTable.MaxEntrySeconds) * 1e9) : long.MaxValue;
        PlannedNote note = _draw.Next(_fork, _timeline, _floor, latest, _length.Chord, _pedalDown);
        long step = note.Frame - _fork.Frame;
        if (first)
        {
            // What the pedal did before the machine had it is the player's: only where it stands at the onset counts.
            note.First = note.PedalDown == _voice.PedalDown ? default : new PedalStep(true, _floor, note.PedalDown);
            note.Second = default;
            _firstOnset = note.Onset;
        }
        else if (_length.ClosesBefore(AnswerLength.Asked(_parameters, _settings, _played), step, note.Onset - _firstOnset))
        {
            Close(note);
            return;
        }

        _length.Place(step);
        Add(note);
    }

    private void Add(in PlannedNote note)
    {
        _pedalDown = note.PedalDown;
        _drawn[_drawnCount++] = note;
    }

    /// <summary>The last note is drawn. The pedal is lifted where the next note's step would have, but not before the last key.</summary>
    private void Close(in PlannedNote next)
    {
        _closing = true;
        _nextFrame = next.Frame;
        long lastOnset = _turn;
        _end = _voice.LastOff;
        for (int i = 0; i < _drawnCount; i++)
        {
            _end = Math.Max(_end, _drawn[i].Off);
            lastOnset = Math.Max(lastOnset, _drawn[i].Onset);
        }

        foreach (ref readonly PlannedNote note in _decided.AsSpan(0, _decidedCount))
        {
            lastOnset = Math.Max(lastOnset, note.Onset);
        }

        if (_pedalDown)
        {
            long lift = next.First.IsMove && !next.First.Down ? next.First.Stamp : next.Onset;
            _lift = _end = Math.Max(_end, Math.Min(lift, lastOnset + (long)(_parameters.Unit(ParameterTable.MaxNoteSeconds) * 1e9)));
        }

        _end = Math.Max(_end, _floor);
    }
}
