using MusicRnn.Host.Commands;
using MusicRnn.Host.Options;
using Serilog;

namespace MusicRnn.Host.Services;

/// <summary>Opens one rig after another as the settings ask for, and never leaves a running instrument without one: where devices cannot be opened, those of before are.</summary>
/// <param name="installation">Where relative paths of files start from.</param>
/// <param name="ledgers">Where the ledger of what sounds at a MIDI receiver is kept.</param>
/// <param name="pages">Whether pages play along.</param>
/// <param name="logger">Where it tells what it opened instead.</param>
internal sealed class Rigging(Installation installation, LedgerFolder ledgers, bool pages, ILogger logger)
{
    private readonly Recordings _recordings = new();
    private RigChoice? _asked;
    private string? _ledgerFault;

    /// <summary>What <c>auto</c> looked for in vain when it last chose; empty where nothing is missing.</summary>
    public string Missing => _asked?.Missing ?? "";

    /// <summary>What the settings ask for, of what the machine has now.</summary>
    public RigChoice Choose(Settings settings) => RigChoice.Make(settings, installation);

    /// <summary>Whether a choice is another than was last asked for. One that could not be opened is not tried again by itself.</summary>
    public bool IsAnother(RigChoice choice) => _asked?.IsSame(choice) != true;

    /// <summary>Opens the first rig.</summary>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    /// <exception cref="InvalidDataException">The file to be played in is no MIDI file.</exception>
    public Rig Open(Settings settings, RigChoice choice)
    {
        _asked = choice;
        return OpenNamed(settings, choice);
    }

    /// <summary>Opens another rig after the last one, which must be closed.</summary>
    /// <returns>The rig, and whether it is the one that was asked for.</returns>
    public (Rig Rig, bool IsAsked) OpenNext(Settings settings, RigChoice choice)
    {
        RigChoice before = _asked!;
        _asked = choice;
        if (TryOpen(settings, choice, "those of before are opened again") is { } asked)
        {
            return (asked, true);
        }

        return (TryOpen(settings, before, "the instrument plays on without files") ?? OpenNamed(settings, before.WithoutFiles()), false);
    }

    private Rig? TryOpen(Settings settings, RigChoice choice, string otherwise)
    {
        try
        {
            return OpenNamed(settings, choice);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            logger.Error("The devices that the settings name cannot be opened, and {Otherwise}: {Reason} Correct Midi:Input, Midi:Output or Audio:Output", otherwise, exception.Message);
            return null;
        }
    }

    private Rig OpenNamed(Settings settings, RigChoice choice)
    {
        if (choice.MidiInput.Kind == SourceKind.File && InputFile.Fault(choice.MidiInput.Name) is { } missing)
        {
            throw new InvalidDataException(missing);
        }

        if (choice.Audio.Kind == SourceKind.File && SoundFile.NameFault(choice.Audio.Name) is { } otherKind)
        {
            throw new InvalidDataException($"{choice.Audio.Name} cannot be written: {otherKind}.");
        }

        RigChoice named = _recordings.Begin(choice);
        foreach ((Source begun, Source next) in (ReadOnlySpan<(Source, Source)>)[(choice.MidiOutput, named.MidiOutput), (choice.Audio, named.Audio)])
        {
            if (next != begun)
            {
                logger.Information("{Begun} is kept as it is; from now on it is recorded to {Next}", begun.Name, next.Name);
            }
        }

        Rig rig = Rig.Open(settings, named, ledgers, pages: pages);
        if (ledgers.Fault is { } fault && fault != _ledgerFault)
        {
            logger.Warning("After a kill or a crash nobody would release what sounds: {Reason}; the instrument plays on without", fault);
        }

        _ledgerFault = ledgers.Fault;
        return rig;
    }
}
