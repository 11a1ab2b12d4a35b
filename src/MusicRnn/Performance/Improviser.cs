using MusicRnn.Midi;
using MusicRnn.Model;

namespace MusicRnn.Performance;

/// <summary>
/// The instrument itself, as a plain state machine over events and time: it listens, knows when a phrase is over, answers,
/// and gives way. It never reads a clock, sleeps, locks or, once made, allocates; whoever drives it does the waiting. It works
/// from nominal stamps alone, so the same input, parameters, weights and seed give the same notes however it is driven.
/// </summary>
/// <remarks>One thread at a time. Between <see cref="Start"/> and <see cref="Stop"/> stamps never go back.</remarks>
public sealed class Improviser : IDisposable
{
    private readonly Predictor _predictor;
    private readonly Timeline _timeline = new();
    private readonly Listener _listener;
    private readonly MachineVoice _voice;
    private readonly Answer _answer;
    private readonly TurnWatch _watch;
    private TurnGesture _gesture = new();
    private long _now = long.MinValue;

    /// <summary>Makes an improviser that has heard nothing.</summary>
    /// <param name="network">The network it plays by; must outlive it.</param>
    /// <param name="parameters">The values of its knobs, which it alone changes from now on.</param>
    /// <param name="settings">What cannot be turned while playing.</param>
    /// <param name="sink">Where its events go.</param>
    public Improviser(Network network, ParameterTable parameters, ImproviserSettings settings, IOutputSink sink)
    {
        Parameters = parameters;
        Settings = settings;
        _predictor = new Predictor(network);
        _listener = new Listener(_predictor, _timeline);
        _voice = new MachineVoice(settings, sink);
        _answer = new Answer(_predictor, parameters, settings, _timeline, _listener, _voice);
        _watch = new TurnWatch(_predictor, parameters, _timeline, _listener, _answer);
    }

    /// <summary>The values of its knobs.</summary>
    public ParameterTable Parameters { get; }

    /// <summary>What it was made with.</summary>
    public ImproviserSettings Settings { get; }

    /// <summary>What it is doing. Exact on its own thread, a snapshot on any other.</summary>
    public ImproviserState State { get; private set; }

    /// <summary>When the phrase will be over as things stand, or <see cref="long.MaxValue"/> where that depends on what is still to come.</summary>
    public long Turn => _watch.Turn;

    /// <summary>The stamp that something happens at unless an event comes before, or <see cref="long.MaxValue"/>: worth an <see cref="Advance"/> past it.</summary>
    public long NextWake => Math.Min(Math.Min(_listener.FrameEnd, _answer.NextWake), Math.Min(_watch.Prepare, _watch.Turn));

    /// <summary>What the model expects next, for those who watch.</summary>
    public Expectation Expectation { get; } = new();

    /// <summary>How many notes were fed to the network, those of forks included. Any thread may ask.</summary>
    public long NotesFed => _predictor.Fed;

    /// <summary>What was heard so far, for those who want to know what the model makes of it.</summary>
    internal Listener Listener => _listener;

    /// <summary>Begins: silences the machine's channel, chooses its instrument and says that nobody plays.</summary>
    public void Start(long stamp)
    {
        _now = stamp;
        _voice.Silence(stamp);
        _voice.Choose(stamp, Parameters.Step(ParameterTable.Program));
        _voice.Say(stamp, State);
    }

    /// <summary>Takes one event, after doing everything that was due before its stamp. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="input">The event. A stamp earlier than what was advanced to counts as that.</param>
    public void Receive(in InputEvent input)
    {
        Advance(input.Stamp);
        if (_listener.FrameEnd <= _now)
        {
            CloseFrame();
        }

        switch (input.Kind)
        {
            case InputKind.Midi:
                ReceiveMidi(input.Message);
                break;
            case InputKind.Parameter:
                ReceiveParameter(input.Parameter, input.Value);
                break;
            default:
                _listener.ReleaseAll(_now);
                EndAll();
                break;
        }
    }

    /// <summary>Does everything that is due before a stamp. [improviser-thread] allocates nothing, locks nothing.</summary>
    /// <param name="until">The stamp; events stamped with it may still come.</param>
    public void Advance(long until)
    {
        for (long wake = NextWake; wake < until; wake = NextWake)
        {
            _now = Math.Max(_now, wake);
            Step();
        }

        _now = Math.Max(_now, until);
    }

    /// <summary>Ends: whatever sounds on the machine's channel is released.</summary>
    public void Stop(long stamp)
    {
        Advance(stamp);
        EndAll();
        _listener.CloseFrame();
        _voice.Silence(_now);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _answer.Dispose();
        _listener.Dispose();
        _predictor.Dispose();
    }

    private void Step()
    {
        if (_listener.FrameEnd <= _now)
        {
            CloseFrame();
        }

        _answer.Hear(_now);
        if (_watch.Prepare <= _now)
        {
            _watch.Prepared();
            if (Mode != PerformanceMode.Listen)
            {
                _answer.Prepare(_watch.Turn, _listener.Played);
            }
        }

        if (_watch.Turn <= _now)
        {
            TakeTurn();
        }

        if (_answer.IsPlaying)
        {
            _answer.Decide(_now);
            if (_answer.HasEnded(_now))
            {
                EndAnswer();
            }
        }
    }

    private void CloseFrame()
    {
        bool player = _listener.HeardPlayer;
        _listener.CloseFrame();
        _watch.Forget();
        if (_answer.IsPlaying && player)
        {
            _answer.PlayAlong(_now);
        }

        FindTurn();
        if (Expectation.IsWatched)
        {
            Expectation.Write(_predictor, _listener.Memory.State, _timeline.ToStamp(_listener.Memory.Time));
        }
    }

    private void ReceiveMidi(MidiMessage message)
    {
        bool gesture = _gesture.Sees(_now, message, Parameters.Step(ParameterTable.TurnController));
        if (message.IsNoteOn)
        {
            Press(message);
        }
        else if (message.Kind == MidiKind.ProgramChange)
        {
            if (Parameters.IsOn(ParameterTable.FollowProgram))
            {
                ReceiveParameter(ParameterTable.Program, ParameterTable.Rows[ParameterTable.Program].ToNormalised(message.Data1));
            }
        }
        else if (_listener.Hear(_now, message))
        {
            _answer.ReleaseKeys(_now);
            FindTurn();
        }

        if (gesture && (TurnRule)Parameters.Step(ParameterTable.Rule) == TurnRule.Pedal && _watch.IsPhraseEnough)
        {
            TakeOver();
        }
    }

    private void Press(MidiMessage message)
    {
        if (_answer.IsPlaying && !Parameters.IsOn(ParameterTable.PlayOn))
        {
            _answer.Stop(_now);
        }

        _listener.Press(_now, message.Channel, message.Data1, message.Data2);
        _watch.Release();
        if (!_answer.IsPlaying)
        {
            Become(ImproviserState.Listening);
        }

        FindTurn();
    }

    private void ReceiveParameter(int parameter, double value)
    {
        if ((uint)parameter >= (uint)ParameterTable.Rows.Count)
        {
            return;
        }

        double before = Parameters[parameter];
        Parameters.Set(parameter, value);
        if (ParameterTable.Rows[parameter].Curve == ParameterCurve.Button)
        {
            if (before < 0.5 && value >= 0.5)
            {
                Push(parameter);
            }

            return;
        }

        switch (parameter)
        {
            case ParameterTable.Mode:
                ChangeMode();
                break;
            case ParameterTable.Program:
                ChooseProgram();
                break;
            case ParameterTable.Patience or ParameterTable.Rule or ParameterTable.MinimumNotes:
                _watch.Forget();
                FindTurn();
                break;
            case ParameterTable.Length:
                _answer.DrawAgain(_now, reopen: true);
                break;
            case ParameterTable.Temperature or ParameterTable.TopP or ParameterTable.TimeScale or ParameterTable.MaxEntrySeconds or ParameterTable.MaxNoteSeconds:
                _answer.DrawAgain(_now, reopen: false);
                break;
            default:
                break; // read when it is needed
        }
    }

    private void Push(int button)
    {
        switch (button)
        {
            case ParameterTable.TakeOver:
                TakeOver();
                break;
            case ParameterTable.Loop:
                Loop();
                break;
            case ParameterTable.Reset:
                EndAll();
                _listener.Reset();
                _watch.Forget();
                break;
            default:
                EndAll();
                _listener.ReleaseAll(_now);
                _voice.Panic(_now);
                break;
        }
    }

    private PerformanceMode Mode => (PerformanceMode)Parameters.Step(ParameterTable.Mode);

    private void FindTurn() => _watch.Find(_now, State == ImproviserState.Listening);

    private void TakeOver()
    {
        if (Mode == PerformanceMode.Listen || (State == ImproviserState.Answering && !_answer.IsLooping) || (_listener.Memory.IsEmpty && !_listener.IsFrameOpen))
        {
            return;
        }

        if (_answer.IsPlaying)
        {
            EndAnswer();
        }

        _watch.Force(_now);
    }

    private void TakeTurn()
    {
        bool answers = Mode != PerformanceMode.Listen;
        if (!answers)
        {
            _answer.Discard(_now);
        }
        else if (!_answer.IsPrepared)
        {
            _answer.Prepare(_watch.Turn, _listener.Played);
        }

        _watch.Pass();
        _listener.EndPhrase();
        if (answers)
        {
            _answer.Begin();
        }

        Become(answers ? ImproviserState.Answering : ImproviserState.Idle);
    }

    private void Loop()
    {
        bool wasLooping = _answer.IsLooping;
        if (_answer.IsPlaying)
        {
            EndAnswer();
        }

        if (wasLooping || Mode == PerformanceMode.Listen || !_answer.HasLast)
        {
            return;
        }

        _watch.Cancel(_now);
        if (!_timeline.HasBegun)
        {
            _timeline.Begin(_now);
        }

        _listener.EndPhrase();
        _answer.BeginLoop(_now);
        Become(ImproviserState.Answering);
    }

    private void ChangeMode()
    {
        if (Mode == PerformanceMode.Listen && _answer.IsPlaying)
        {
            EndAnswer();
        }
        else if (Mode == PerformanceMode.Endless && State == ImproviserState.Idle)
        {
            TakeOver();
        }
        else
        {
            _answer.DrawAgain(_now, reopen: true);
        }

        FindTurn();
    }

    private void ChooseProgram()
    {
        if (_answer.IsPlaying)
        {
            _answer.Interrupt(_now);
        }
        else
        {
            _voice.Silence(_now);
        }

        _voice.Choose(_now, Parameters.Step(ParameterTable.Program));
    }

    /// <summary>The machine's turn is over.</summary>
    private void EndAnswer()
    {
        _answer.Stop(_now);
        Become(_listener.PhraseNotes > 0 ? ImproviserState.Listening : ImproviserState.Idle);
        FindTurn();
    }

    /// <summary>Both turns are over: silence.</summary>
    private void EndAll()
    {
        _listener.EndPhrase();
        _watch.Cancel(_now);
        if (_answer.IsPlaying)
        {
            _answer.Stop(_now);
        }

        Become(ImproviserState.Idle);
    }

    private void Become(ImproviserState state)
    {
        if (state != State)
        {
            State = state;
            _voice.Say(_now, state);
        }
    }
}
