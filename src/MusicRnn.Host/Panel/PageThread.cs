using MusicRnn.Host.Services;
using MusicRnn.Model;
using MusicRnn.Performance;

namespace MusicRnn.Host.Panel;

/// <summary>
/// Takes a rig's notes, sound and decisions to the pages, in real time, on a thread of its own. The improviser and the devices
/// write to rings and lanes as for any other output and never learn whether anybody reads.
/// </summary>
internal sealed class PageThread : IDisposable
{
    private const long Watched = 4_000_000; // how often it looks while a page is open
    private const long Unwatched = 20_000_000;
    private const long Remembered = 60_000_000_000; // what a page that is opened is shown of the past
    private const long Second = 1_000_000_000;
    private readonly Pages _pages;
    private readonly Rig _rig;
    private readonly PagePorts _ports;
    private readonly PageSound _sound;
    private readonly PageRecord _record = new();
    private readonly TimedMessage[] _due = new TimedMessage[256];
    private readonly double[] _parameters = new double[ParameterTable.Rows.Count];
    private readonly float[] _steps = new float[Grid.Bins];
    private readonly float[] _pitches = new float[NoteEncoding.Pitches];
    private readonly Action<long, float[], float[]> _sendSound;
    private readonly ControllerLearning _learning;
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private Session? _session;
    private ImproviserState _state;
    private long _turn = long.MinValue;
    private long _nextLook;
    private int _expected;
    private bool _stopping;
    private int _changes;
    private int _changesTold;

    /// <summary>Begins to serve pages from a rig.</summary>
    /// <param name="pages">The pages.</param>
    /// <param name="rig">The rig.</param>
    /// <param name="instruments">Makes the synthesiser for a sample rate.</param>
    /// <param name="learning">Told of controllers while a parameter learns.</param>
    /// <param name="soundless">Told where pages can hear nothing, and why. Any thread.</param>
    /// <param name="failed">Told of what should never have happened to this thread; it goes on. Once for each kind in a row.</param>
    public PageThread(Pages pages, Rig rig, Func<int, IInstrument> instruments, ControllerLearning learning, Action<string> soundless, Action<Exception> failed)
    {
        _pages = pages;
        _rig = rig;
        _ports = rig.Page!;
        _learning = learning;
        _failed = failed;
        _sound = new PageSound(_ports.Sound, rig.Start, instruments, soundless);
        _sendSound = SendSound;
        foreach (PageClient client in pages.Clients)
        {
            client.IsNew = true;
        }

        _thread = new Thread(Run) { Name = "musicrnn-pages", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Another SoundFont is to be heard. Any thread.</summary>
    public void Reload() => _sound.Reload();

    /// <summary>Settings have changed that pages show. Any thread.</summary>
    public void Tell() => Interlocked.Increment(ref _changes);

    /// <inheritdoc/>
    public void Dispose()
    {
        Volatile.Write(ref _stopping, true);
        _thread.Join();
    }

    private void Run()
    {
        string told = "";
        while (!Volatile.Read(ref _stopping))
        {
            long now = _rig.Clock.Now;
            bool isWatched = _pages.Clients.Count > 0;
            try
            {
                Look(now, isWatched);
            }
            catch (Exception exception) // unhandled it would end the process, and leave what sounds hanging
            {
                if (exception.Message != told)
                {
                    told = exception.Message;
                    _failed(exception);
                }
            }

            _rig.Clock.SleepUntil(now + (isWatched ? Watched : Unwatched));
        }
    }

    private void Look(long now, bool isWatched)
    {
        _ports.Decisions.IsWatched = isWatched;
        _sound.Run(now, _pages.Want(PageWants.Sound), _sendSound);
        SendNotes(now);
        SendDecisions();
        if (_pages.Stage is { } stage && stage.Rig == _rig)
        {
            Show(stage, now, isWatched);
        }

        _pages.Flush();
    }

    private void Show(Stage stage, long now, bool isWatched)
    {
        bool another = stage.Session != _session;
        _session = stage.Session;
        stage.Session.Expectation.IsWatched = isWatched && _pages.Want(PageWants.Expectation);
        int changes = Volatile.Read(ref _changes);
        if (another || changes != _changesTold)
        {
            _changesTold = changes;
            _expected = another ? 0 : _expected;
            _pages.Send(_record.Begin(RecordKind.Changed).Bytes);
        }

        if (now >= _nextLook)
        {
            _nextLook = now + Second;
            _pages.Vitals.Look(stage);
            if (isWatched)
            {
                _pages.Send(_record.Begin(RecordKind.Health).Text(HealthReport.Write(_pages)).Bytes);
            }
        }

        if (isWatched)
        {
            SendParameters(stage.Session.Parameters, all: another);
            SendState(stage.Session);
            SendExpectation(stage.Session);
            _learning.Look(_pages, stage, _record);
            Welcome(stage, now);
        }
    }

    private void Welcome(Stage stage, long now)
    {
        foreach (PageClient client in _pages.Clients)
        {
            if (!client.IsNew)
            {
                continue;
            }

            client.IsNew = false;
            client.Send(_record.Begin(RecordKind.Hello).Byte(PageRecord.Version)
                .Byte(stage.Settings.Midi.PlayerChannel - 1).Byte(stage.Settings.Midi.MachineChannel - 1).Byte(0)
                .Int(PageSound.SampleRate).Double(PageRecord.Seconds(now)).Bytes);
            foreach (TimedMessage message in _pages.History.Since(now - Remembered))
            {
                client.Send(Midi(message).Bytes);
            }

            _record.Begin(RecordKind.Parameters);
            for (int i = 0; i < _parameters.Length; i++)
            {
                _record.Byte(i).Float((float)_parameters[i]);
            }

            client.Send(_record.Bytes);
            client.Send(State().Bytes);
        }
    }

    private PageRecord Midi(in TimedMessage message) =>
        _record.Begin(RecordKind.Midi).Double(PageRecord.Seconds(message.Stamp)).Message(message.Message);

    private PageRecord State() => _record.Begin(RecordKind.State).Byte((int)_state).Double(PageRecord.Seconds(_turn));

    private void SendSound(long stamp, float[] left, float[] right) =>
        _pages.Send(_record.Begin(RecordKind.Sound).Double(PageRecord.Seconds(stamp)).Samples(left, right).Bytes, PageWants.Sound);

    private void SendNotes(long now)
    {
        int count;
        do
        {
            count = _ports.Notes.Collect(now + 1, _due);
            _pages.History.Add(_due.AsSpan(0, count));
            foreach (TimedMessage message in _due.AsSpan(0, count))
            {
                _pages.Send(Midi(message).Bytes);
            }
        }
        while (count == _due.Length);
    }

    private void SendDecisions()
    {
        while (_ports.Decisions.TryRead(out Decision decision))
        {
            if (decision.Event.Kind == OutputKind.Midi && decision.Event.Message.IsNoteOn)
            {
                _pages.Vitals.Decided(decision.Event.Stamp - decision.Emitted);
            }

            _pages.Send(_record.Decision(decision.Event).Bytes);
        }
    }

    private void SendParameters(ParameterTable table, bool all)
    {
        _record.Begin(RecordKind.Parameters);
        bool any = false;
        for (int i = 0; i < _parameters.Length; i++)
        {
            double value = table[i];
            if (all || value != _parameters[i])
            {
                _parameters[i] = value;
                _record.Byte(i).Float((float)value);
                any = true;
            }
        }

        if (any)
        {
            _pages.Send(_record.Bytes);
        }
    }

    private void SendState(Session session)
    {
        ImproviserState state = session.State;
        long turn = session.Turn;
        if (state != _state || turn != _turn)
        {
            (_state, _turn) = (state, turn);
            _pages.Send(State().Bytes);
        }
    }

    private void SendExpectation(Session session)
    {
        if (!session.Expectation.TryRead(ref _expected, _steps, _pitches, out long from))
        {
            return;
        }

        _record.Begin(RecordKind.Expectation).Double(PageRecord.Seconds(from));
        foreach (float step in _steps)
        {
            _record.Float(step);
        }

        foreach (float pitch in _pitches)
        {
            _record.Float(pitch);
        }

        _pages.Send(_record.Bytes, PageWants.Expectation);
    }
}
