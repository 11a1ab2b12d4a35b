using MusicRnn.Host.Options;
using MusicRnn.Model;
using MusicRnn.Performance;

namespace MusicRnn.Host.Services;

/// <summary>A file played in, once, to the end of the answer: in real time, or on a clock that waits for nobody, with the same notes.</summary>
internal sealed class FileRun : IDisposable
{
    private const long Tick = 5_000_000;
    private readonly VirtualClock? _clock;
    private readonly Session _session;

    /// <summary>Opens what is played on.</summary>
    /// <param name="workplace">Where the run finds and leaves things.</param>
    /// <param name="settings">The settings; the file is their MIDI input.</param>
    /// <param name="choice">The devices.</param>
    /// <param name="network">The network that answers; must outlive it.</param>
    /// <param name="sound">What it sounds like.</param>
    /// <param name="fast">Whether the clock waits for nobody. The outputs must be files, or none, then.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">The file to be played in is no MIDI file.</exception>
    public FileRun(Workplace workplace, Settings settings, RigChoice choice, Network network, Sound sound, bool fast)
    {
        _clock = fast ? new VirtualClock() : null;
        Rig = Rig.Open(settings, choice, new LedgerFolder(workplace.Folders.Runtime), _clock);
        try
        {
            Rig.Begin(sound.Make);
            _session = new Session(Rig, network, settings, ParameterSettings.ToTable(settings.Parameters), SessionBeginning.Of(settings, TimeProvider.System, Rig.Start), workplace.Takes(settings));
        }
        catch
        {
            Rig.Dispose();
            throw;
        }
    }

    /// <summary>What it is played on.</summary>
    public Rig Rig { get; }

    /// <summary>Why what is played is not kept; null where it is.</summary>
    public string? JournalFault => _session.JournalFault;

    /// <summary>What is missing in what was to be kept, as sentences with the next move. All is known only once it is disposed of.</summary>
    public IEnumerable<string> Losses => _session.Loss is { } loss ? [loss, .. Rig.Losses] : Rig.Losses;

    private long Now => Rig.Clock.Now;

    /// <summary>Plays to the end of the answer, or until it is stopped.</summary>
    /// <exception cref="InvalidOperationException">The improviser failed.</exception>
    /// <exception cref="InvalidDataException">The answer goes on without end.</exception>
    public async Task PlayAsync(CancellationToken stop)
    {
        if (_clock is null)
        {
            _session.Play();
        }

        long until = long.MaxValue;
        while (Now < until && !stop.IsCancellationRequested)
        {
            if (_clock is null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (_session.Failure is { } failure)
                {
                    throw new InvalidOperationException("The improviser failed; everything was released.", failure);
                }
            }
            else
            {
                Rig.Step(Now, before: true);
                _session.Step(Now);
                Rig.Step(Now, before: false);
            }

            if (until == long.MaxValue && _session.HasAnswered(Rig.File!.End))
            {
                until = Now + Sound.Tail;
            }
            else if (until == long.MaxValue)
            {
                _session.RequireEnd(Rig.File!.Name, Rig.File.End);
            }

            _clock?.SleepUntil(Now + Tick);
        }
    }

    /// <summary>Ends it: what sounds is released, and what was played is kept.</summary>
    /// <returns>The take's file, or null where nobody played, or it could not be kept.</returns>
    /// <exception cref="IOException">The take cannot be written.</exception>
    public string? Finish() => _session.Finish();

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        Rig.Dispose();
    }
}
