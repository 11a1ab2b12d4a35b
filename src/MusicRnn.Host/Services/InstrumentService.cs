using Microsoft.Extensions.Hosting;
using MusicRnn.Host.Options;
using MusicRnn.Host.Panel;
using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Performance;
using Serilog;

namespace MusicRnn.Host.Services;

/// <summary>
/// The instrument as a service: loads model and font, opens what there is to play on, plays sessions, and looks after both: an
/// edited setting, a device that comes or goes, a file that has been played to its end.
/// </summary>
internal sealed class InstrumentService : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200); // each look wakes a core that could sleep
    private static readonly TimeSpan Search = TimeSpan.FromSeconds(2);

    private readonly Workplace _workplace;
    private readonly SettingsWatch _settings;
    private readonly LogOutput _log;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ReadinessSocket _readiness;
    private readonly TimeProvider _time;
    private readonly LedgerFolder _ledgers;
    private readonly Pages? _pages;
    private readonly PanelServer? _panel;
    private readonly ControllerLearning? _learning;
    private readonly Rigging _rigging;
    private readonly SessionRest _rest = new();
    private IReadOnlyList<string> _receivers = [];
    private bool _isIntroductionDue;
    private readonly ParameterTable _parameters; // where knobs stand, from one session to the next
    private readonly bool _once;
    private readonly ILogger _logger;
    private Task _loading = Task.CompletedTask; // the model and the font are read
    private Network? _network;
    private Sound? _sound;
    private Rig? _rig;
    private Session? _session;
    private Watch? _watch;
    private PageThread? _pageThread;
    private long _nextSearch;
    private long _restSince = long.MaxValue;

    /// <summary>Makes the service.</summary>
    /// <param name="workplace">Where it finds and leaves things.</param>
    /// <param name="settings">The settings, read.</param>
    /// <param name="log">Where it tells what happens.</param>
    /// <param name="lifetime">Ends the program when a file has been played and answered, or nothing can be played any more.</param>
    /// <param name="readiness">Told when it can be played.</param>
    /// <param name="time">The wall clock.</param>
    /// <param name="mode">Whether it ends once a file has been played in and answered.</param>
    /// <param name="pages">The pages that watch and play along; null where none are served.</param>
    /// <param name="panel">What serves them.</param>
    /// <param name="file">Where they keep what is to last.</param>
    public InstrumentService(
        Workplace workplace, SettingsWatch settings, LogOutput log, IHostApplicationLifetime lifetime, ReadinessSocket readiness, TimeProvider time, RunMode mode,
        Pages? pages = null, PanelServer? panel = null, UserSettingsFile? file = null)
    {
        _workplace = workplace;
        _settings = settings;
        _log = log;
        _logger = log.Logger;
        _lifetime = lifetime;
        _readiness = readiness;
        _time = time;
        _once = mode == RunMode.Once;
        _parameters = ParameterSettings.ToTable(Settings.Parameters);
        _ledgers = new LedgerFolder(workplace.Folders.Runtime);
        _pages = pages;
        _panel = panel;
        _learning = file is null ? null : new ControllerLearning(file, settings.Sources);
        _rigging = new Rigging(workplace.Installation, _ledgers, pages: _learning is not null, _logger);
    }

    /// <summary>Why it ended by itself; null while it plays, and after an orderly end.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether something that was played is missing in a take or a recording: the log says what. All is known once it has ended.</summary>
    public bool HasLosses { get; private set; }

    private Settings Settings => _settings.Current.Settings;

    private TakeFolder Takes => _workplace.Takes(Settings);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Yield(); // the host goes on starting meanwhile
            _loading = Task.Run(Load);
            RecoverTakes();
            RigChoice choice = _rigging.Choose(Settings);
            if (choice.Uses(SourceKind.File))
            {
                _loading.GetAwaiter().GetResult(); // files begin only when all is there
            }

            BeginRig(_rigging.Open(Settings, choice));
            BeginSession(_rig!.Start);
            await SettleAsync(stoppingToken);
            await IntroduceAsync();
            if (!_readiness.TrySend(ReadinessSocket.Ready, "Ready to be played"))
            {
                _logger.Warning("NOTIFY_SOCKET is set, but nobody listens there: systemd will not know that the instrument is ready");
            }

            _ = Task.Run(Rehearsal.Play, CancellationToken.None); // done long before the first phrase is
            using var timer = new PeriodicTimer(Look, _time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Attend();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop: an orderly end.
        }
        catch (Exception exception) // on .NET 10 a failed background service does not end the program by itself
        {
            Failure = exception;
        }
        finally
        {
            _readiness.TrySend(ReadinessSocket.Stopping, "Releasing what sounds");
            EndSession();
            CloseRig();
            await _loading.ContinueWith(_ => _network?.Dispose(), TaskScheduler.Default);
            _lifetime.StopApplication();
        }
    }

    private void Load()
    {
        Settings settings = Settings;
        Task<Sound> sound = Task.Run(() => Sound.Open(settings, _workplace.Installation));
        _network = ModelFile.Load(_workplace.Installation.Resolve(settings.Model.Path));
        _sound = sound.GetAwaiter().GetResult();
    }

    private void RecoverTakes()
    {
        try
        {
            foreach (string take in Takes.Recover((journal, reason) => _logger.Warning("{Journal} was left by an earlier run and cannot be made a take of: {Reason}", journal, reason)))
            {
                _logger.Information("An earlier run ended early; what was played is kept in {Take}", take);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.Warning("What an earlier run may have left in {Folder} cannot be looked for: {Reason}", Takes.Path, exception.Message);
        }
    }

    /// <summary>Lets a rig begin that was opened while the model and the font were still being read.</summary>
    private void BeginRig(Rig rig)
    {
        _rig = rig;
        _watch = new Watch(_rig, _logger);
        _loading.GetAwaiter().GetResult();
        _rig.Begin(rate => _sound!.Make(rate));
        ServePages();
        _nextSearch = 0;
        _restSince = long.MaxValue;
    }

    private void ServePages()
    {
        if (_learning is null)
        {
            return;
        }

        _pages!.Ports = _rig!.Page;
        _pageThread = new PageThread(_pages, _rig, rate => _sound!.Make(rate), _learning,
            reason => _logger.Error("Pages hear no new sound: {Reason} Switch the page's sound off and on to try again", reason),
            exception => _logger.Error(exception, "Pages were not shown all that happened, and are shown on; that is a fault of this program, please report it."));
    }

    private void CloseRig()
    {
        if (_pages is not null)
        {
            _pages.Ports = null;
        }

        _pageThread?.Dispose();
        _pageThread = null;
        _rig?.Dispose();
        _watch?.TellLosses();
        HasLosses |= _rig?.Losses.Any() == true;
        (_rig, _watch) = (null, null);
    }

    /// <summary>Tells pages what plays now.</summary>
    private void Show()
    {
        if (_pages is not null)
        {
            _pages.Stage = _session is null ? null : new Stage(_rig!, _session, _network!, _sound!, Settings);
        }
    }

    private void BeginSession(long stamp, MidiFile? earlier = null)
    {
        _parameters.ReleaseButtons();
        _session = new Session(_rig!, _network!, Settings, _parameters, SessionBeginning.Of(Settings, _time, stamp), Takes, earlier);
        if (!_session.IsKept)
        {
            _logger.Warning("This session is not kept: {Reason}. Let Takes:Folder name a folder that you can write to; it is {Folder}", _session.JournalFault, Takes.Path);
        }

        _session.Play();
        Show();
    }

    private void EndSession()
    {
        if (_session is null)
        {
            return;
        }

        if (_pages is not null)
        {
            _pages.Stage = null;
        }

        try
        {
            if (_session.Finish() is { } take)
            {
                _logger.Information("What was played is kept in {Take}", take);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _logger.Error(exception, "The take could not be written; its journal is left, and the next start tries again.");
            HasLosses = true;
        }

        if (_session.Loss is { } loss)
        {
            _logger.Error("{Loss}", loss);
            HasLosses = true;
        }

        _session.Dispose();
        _session = null;
    }

    /// <summary>Gives devices the moment that they need to say what they found.</summary>
    private async Task SettleAsync(CancellationToken stop)
    {
        const int Looks = 20;
        for (int i = 0; i < Looks && _rig!.Devices.Any(device => device.Status.Text.Length == 0 || device.Status is { State: DeviceState.Waiting } && _rig.Choice.Uses(SourceKind.Jack)); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(25), _time, stop);
        }
    }

    private async Task IntroduceAsync()
    {
        Settings settings = Settings;
        _logger.Information("Model: {Model}", $"{Path.GetFileName(settings.Model.Path)}, {_network!.Shape.Layers}x{_network.Shape.Hidden} LSTM, {_network.Layout.Parameters / 1e6:0.0} million weights");
        _logger.Information("SoundFont: {Font}; you play {Player}, the machine {Machine}", Path.GetFileName(settings.Sound.SoundFont),
            _sound!.Describe(settings.Sound.PlayerProgram), _sound.Describe(_session!.Parameters.Step(ParameterTable.Program)));
        if (_rig!.Choice.Missing.Length > 0)
        {
            _logger.Warning("No device was found for all that is set to auto. {Missing}\n  It is looked for every two seconds, and taken up when it appears; `musicrnn devices` lists what there is", _rig.Choice.Missing);
        }

        _watch!.Look();
        _logger.Information("Knobs: {Knobs}", string.Join(", ", KnobSettings.ToMap(settings.Knobs).Knobs.Select(knob => $"CC{knob.Controller} {ParameterTable.Rows[knob.Parameter].Name.ToLowerInvariant()}")));
        if (_session.IsKept)
        {
            _logger.Information("Takes are kept in {Folder}", Takes.Path);
        }

        string? page = _panel is null ? null : await _panel.Address;
        if (page is not null)
        {
            _logger.Information("Page: {Address}, to play and listen in a browser", page);
        }

        _logger.Information("Ready: play a phrase, and pause. Ctrl-C ends");
    }

    /// <summary>Looks after everything once.</summary>
    private void Attend()
    {
        if (_session!.Failure is { } failure)
        {
            throw new InvalidOperationException("The improviser failed; everything was released.", failure);
        }

        Reload();
        CarryOn();
        _watch!.Look();
        _watch.Look(_session, _sound!);
        _ledgers.Remember(_rig!.MidiOutput.Receivers);
        IntroduceToReceivers();
        RestSession();
        SearchDevices();
        if (_once && HasEnded())
        {
            _lifetime.StopApplication();
        }
    }

    /// <summary>Who begins to hear the machine does not know its instrument: that was sent when nobody, or somebody else, heard it.</summary>
    private void IntroduceToReceivers()
    {
        IReadOnlyList<string> receivers = _rig!.MidiOutput.Receivers;
        _isIntroductionDue |= receivers.Except(_receivers).Any();
        _receivers = receivers;
        if (_isIntroductionDue && _session!.State != ImproviserState.Answering)
        {
            _isIntroductionDue = !_session.Set(ParameterTable.Program, _session.Parameters[ParameterTable.Program]);
        }
    }

    /// <summary>A take is one sitting: where nobody has played for long, the next one begins. What a file plays is one, however it pauses.</summary>
    private void RestSession()
    {
        long now = _rig!.Clock.Now;
        if (_rest.IsOver(_session!.NotesFed, _session.State, now) && !_rig.Choice.Uses(SourceKind.File))
        {
            EndSession();
            BeginSession(now);
        }
    }

    /// <summary>Carries on from a take that a page asked for.</summary>
    private void CarryOn()
    {
        while (_pages?.TryTakeRequest(out string file) == true)
        {
            try
            {
                var take = MidiFile.Read(file);
                EndSession();
                BeginSession(_rig!.Clock.Now, take);
                _logger.Information("The machine carries on from {Take}", file);
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException && _session is not null)
            {
                _logger.Error("The take cannot be carried on from: {Reason}", exception.Message);
            }
        }
    }

    /// <summary>Takes up what was edited: at once, with another session, or on other devices, as the setting allows.</summary>
    private void Reload()
    {
        IReadOnlyList<string> changed;
        try
        {
            if (!_settings.TryUpdate(out changed))
            {
                return;
            }
        }
        catch (SettingsException exception)
        {
            _logger.Error("The edited settings are not taken up; all stays as it was. {Reason}", exception.Message);
            return;
        }

        var change = new SettingsChange(changed, _workplace.Schema);
        Sound? sound = Read("Sound:SoundFont", () => Sound.Open(Settings, _workplace.Installation)); // whole, before the old ones go
        Network? network = Read("Model:Path", () => ModelFile.Load(_workplace.Installation.Resolve(Settings.Model.Path)));
        Read("Takes:Folder", () => WritableFolder.Try(Takes.Path));
        Settings settings = Settings;
        _log.Apply(settings.Logging);
        _rig!.Apply(settings);
        if (change.IsHeard)
        {
            _sound = sound ?? _sound;
            _sound!.Apply(settings);
            _rig.Audio.Reload();
            _pageThread?.Reload();
        }

        if (change.NeedsRig || change.NeedsSession)
        {
            EndSession();
            change.Turn(settings, (index, value) => _parameters.Set(index, value));
            if (network is not null)
            {
                _network!.Dispose();
                _network = network;
            }

            if (!change.NeedsRig)
            {
                if (change.MovesChannels)
                {
                    _pageThread?.Dispose(); // it remembers what each channel was told, and while nobody listens no instrument says whose that is
                    ServePages();
                }

                BeginSession(_rig.Clock.Now);
            }
            else if (!BeginOn(_rigging.Choose(settings)))
            {
                change = change.WithoutDevices();
            }
        }
        else
        {
            _session!.Map(KnobSettings.ToMap(settings.Knobs));
            change.Turn(settings, (index, value) => _session.Set(index, value));
        }

        Show();
        _pageThread?.Tell();
        if (change.Now.Count > 0)
        {
            _logger.Information("Settings taken up: {Keys}", string.Join(", ", change.Now));
        }

        if (change.AtNextStart.Count > 0)
        {
            _logger.Information("These take effect at the next start: {Keys}", string.Join(", ", change.AtNextStart));
        }

        T? Read<T>(string key, Func<T> open)
            where T : class
        {
            try
            {
                return change.Has(key) ? open() : null;
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                _logger.Error("{Key} stays as it was, and is tried again at the next edit: {Reason}", key, exception.Message);
                _settings.Refuse(key);
                change = change.Without(key);
                return null;
            }
        }
    }

    /// <summary>Where a setting says auto and nothing was there: looks again, and takes up what has appeared.</summary>
    private void SearchDevices()
    {
        if (_rigging.Missing.Length == 0 || _time.GetTimestamp() < _nextSearch)
        {
            return;
        }

        _nextSearch = _time.GetTimestamp() + (long)(Search.TotalSeconds * _time.TimestampFrequency);
        RigChoice choice = _rigging.Choose(Settings);
        if (_rigging.IsAnother(choice))
        {
            EndSession();
            BeginOn(choice);
        }
    }

    /// <summary>Begins a session on other devices.</summary>
    /// <returns>Whether they could be opened; else it has begun on those of before.</returns>
    private bool BeginOn(RigChoice choice)
    {
        CloseRig();
        (Rig rig, bool isAsked) = _rigging.OpenNext(Settings, choice);
        BeginRig(rig);
        BeginSession(rig.Start);
        return isAsked;
    }

    /// <summary>Whether the file was played to its end, was answered, and has died away.</summary>
    private bool HasEnded()
    {
        if (_rig!.File is not { Status.State: DeviceState.Finished } file)
        {
            _restSince = long.MaxValue;
            return false;
        }

        if (!_session!.HasAnswered(file.End))
        {
            _session.RequireEnd(file.Name, file.End);
            _restSince = long.MaxValue;
            return false;
        }

        _restSince = Math.Min(_restSince, _session.Reached);
        return _session.Reached - _restSince > Sound.Tail;
    }
}
