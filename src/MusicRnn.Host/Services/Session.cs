using MusicRnn.Host.Options;
using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Performance;

namespace MusicRnn.Host.Services;

/// <summary>One performance on a rig, from its first moment to its take: an improviser, what drives it, and its journal.</summary>
internal sealed class Session : IDisposable
{
    private readonly Rig _rig;
    private readonly Improviser _improviser;
    private readonly ImproviserDriver _driver;
    private readonly Journal? _journal;
    private ImproviserThread? _thread;
    private Exception? _failure;
    private bool _stopped;

    /// <summary>Prepares a performance.</summary>
    /// <param name="rig">What it is played on.</param>
    /// <param name="network">The network that answers; must outlive it.</param>
    /// <param name="settings">How its knobs are turned, and who plays on which channel.</param>
    /// <param name="parameters">How its knobs stand; its own from now on.</param>
    /// <param name="beginning">What its take names: the seed, the font, the time.</param>
    /// <param name="takes">Where it is journalled.</param>
    /// <param name="earlier">A take that it carries on from; null for a fresh start.</param>
    public Session(Rig rig, Network network, Settings settings, ParameterTable parameters, SessionBeginning beginning, TakeFolder takes, MidiFile? earlier = null)
    {
        _rig = rig;
        var improviserSettings = new ImproviserSettings
        {
            Seed = beginning.Seed,
            MachineChannel = settings.Midi.MachineChannel - 1,
            PlayerChannel = settings.Midi.PlayerChannel - 1,
            StateController = KnobSettings.StateController(settings.Knobs),
        };
        Prelude? prelude = earlier is null ? null : Prelude.Of(earlier, parameters);
        long start = beginning.Stamp - (prelude?.Length ?? 0);
        TakeHeader header = TakeHeader.Of(network, parameters, improviserSettings, start) with { Began = beginning.Began, Font = beginning.Font };
        try
        {
            _journal = takes.Begin(header);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            JournalFault = exception.Message.TrimEnd('.');
        }

        IReadOnlyList<IOutputSink> sinks = _journal is null ? rig.Sinks : [_journal, .. rig.Sinks];
        Outputs = new OutputFan(sinks);
        _improviser = new Improviser(network, parameters, improviserSettings, Outputs);
        _driver = new ImproviserDriver(_improviser, prelude is null ? rig.Doors : [.. rig.Doors, prelude.ToInput(beginning.Stamp)], KnobSettings.ToMap(settings.Knobs), _journal);
        _improviser.Start(start);
    }

    /// <summary>Where the improviser's events go.</summary>
    public IOutputSink Outputs { get; }

    /// <summary>How its knobs stand now.</summary>
    public ParameterTable Parameters => _improviser.Parameters;

    /// <summary>What the improviser is doing.</summary>
    public ImproviserState State => _improviser.State;

    /// <summary>When the turn comes as things stand, or <see cref="long.MaxValue"/>. A snapshot while a thread plays.</summary>
    public long Turn => _improviser.Turn;

    /// <summary>What the model expects next.</summary>
    public Expectation Expectation => _improviser.Expectation;

    /// <summary>How many notes were fed to the network.</summary>
    public long NotesFed => _improviser.NotesFed;

    /// <summary>Nanoseconds that its thread has worked on notes.</summary>
    public long Busy => _thread?.Busy ?? 0;

    /// <summary>The stamp that it has come to.</summary>
    public long Reached => _driver.Reached;

    /// <summary>How many events came later than their input had promised.</summary>
    public long Late => _driver.Late;

    /// <summary>How many events the journal had no room for.</summary>
    public long JournalDropped => _journal?.Dropped ?? 0;

    /// <summary>Whether it is journalled, and becomes a take.</summary>
    public bool IsKept => _journal is not null;

    /// <summary>Why nothing, or not everything, is journalled, without a full stop; null where all is.</summary>
    public string? JournalFault { get => field ?? _journal?.Fault?.TrimEnd('.'); }

    /// <summary>What will be missing in its take, as a sentence with the next move; null where nothing is.</summary>
    public string? Loss => NotesFed == 0 ? null
        : _journal is null ? $"What was played is not kept as a take: {JournalFault}. Make room, or name another folder (Takes:Folder)."
        : JournalDropped > 0 ? $"{JournalDropped} events are missing from the take{(JournalFault is { } fault ? $": {fault}. Make room, or name another folder (Takes:Folder)" : "")}."
        : null;

    /// <summary>What ended it on its own thread; null while it plays.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Whether all that came until a stamp was answered, or will not be: nothing more will happen by itself. A snapshot while a thread plays.</summary>
    public bool HasAnswered(long stamp) => _driver.Reached > stamp && _improviser.NextWake == long.MaxValue;

    /// <summary>Refuses to wait for an end that does not come, once all has come until a stamp: controllers in a file turn knobs, too.</summary>
    /// <exception cref="InvalidDataException">The answer goes on without end.</exception>
    public void RequireEnd(string file, long stamp)
    {
        if (_driver.Reached > stamp && ParameterSettings.Endlessness(Parameters) is { } endlessness)
        {
            throw new InvalidDataException($"The answer to {file} has no end, for what came in meanwhile has turned a knob: {endlessness}. Take that controller out of the file, or from the knob (Knobs).");
        }
    }

    /// <summary>Plays in real time, on a thread of its own.</summary>
    public void Play()
    {
        _thread = new ImproviserThread(_improviser, _driver, _rig.Clock, Outputs, exception => Volatile.Write(ref _failure, exception));
        _thread.Start();
        _rig.Run(() => _driver.Reached);
    }

    /// <summary>Plays up to a stamp, on a virtual clock.</summary>
    public void Step(long now) => _driver.Run(now);

    /// <summary>Turns a parameter; heard at once. Any thread.</summary>
    /// <param name="parameter">Its index in the table.</param>
    /// <param name="normalised">0-1.</param>
    /// <returns>False when too many changes wait.</returns>
    public bool Set(int parameter, double normalised) => _driver.Set(parameter, normalised);

    /// <summary>Takes up how knobs are mapped now.</summary>
    public void Map(KnobMap knobs) => _driver.Knobs = knobs;

    /// <summary>Ends it: what sounds is released, and the journal becomes a take.</summary>
    /// <returns>The take's file, or null where nobody played.</returns>
    /// <exception cref="IOException">The take cannot be written; its journal is left, and the next start tries again.</exception>
    public string? Finish()
    {
        Stop();
        if (_journal is null)
        {
            return null;
        }

        string path = _journal.Path;
        _journal.Dispose();
        return TakeFolder.Finish(path);
    }

    /// <summary>Releases what sounds; the journal is left as after a kill where <see cref="Finish"/> was not called.</summary>
    public void Dispose()
    {
        Stop();
        _journal?.Dispose();
        _improviser.Dispose();
    }

    private void Stop()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        if (_thread is null)
        {
            _driver.Stop(_rig.Clock.Now);
        }
        else
        {
            _thread.Stop();
        }
    }
}
