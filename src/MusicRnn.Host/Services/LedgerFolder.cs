using System.Globalization;
using MusicRnn.Performance;

namespace MusicRnn.Host.Services;

/// <summary>
/// The folder that the ledgers of sounding notes are kept in, with the names of those that heard them: after a kill the next
/// start finds there what to release, and to whom to connect for it.
/// </summary>
/// <param name="path">The folder; made when it is first needed.</param>
internal sealed class LedgerFolder(string path)
{
    private const int MostInstances = 16;

    private IReadOnlyList<string>? _remembered;

    /// <summary>Why the ledger that was opened last will not outlive a kill; null where it will.</summary>
    public string? Fault { get; private set; }

    private string ReceiversFile => Path.Combine(path, "receivers.txt");

    /// <summary>The ports that the last run played to.</summary>
    public IReadOnlyList<string> Receivers
    {
        get
        {
            try
            {
                return File.Exists(ReceiversFile) ? [.. File.ReadAllLines(ReceiversFile).Where(line => line.Length > 0)] : [];
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return []; // the notes are released all the same, once somebody connects
            }
        }
    }

    /// <summary>Opens the ledger that no other running program holds; the first is that of the last run. Where none can be, it is kept in memory: only a kill would miss it.</summary>
    public NoteLedger Open()
    {
        try
        {
            Directory.CreateDirectory(path);
            NoteLedger ledger = OpenFree();
            Fault = null;
            return ledger;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Fault = $"nothing can be kept in {path} ({exception.Message.TrimEnd('.')}). Let XDG_RUNTIME_DIR name a folder that you can write to";
            return new NoteLedger();
        }
    }

    private NoteLedger OpenFree()
    {
        for (int number = 1; ; number++)
        {
            try
            {
                return NoteLedger.Open(Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"sounding-{number}.ledger")));
            }
            catch (IOException) when (number < MostInstances)
            {
                // Another instrument plays by it.
            }
        }
    }

    /// <summary>Keeps the names of the ports that are played to, where they are others than before.</summary>
    public void Remember(IReadOnlyList<string> receivers)
    {
        if (_remembered is not null && receivers.SequenceEqual(_remembered))
        {
            return;
        }

        _remembered = receivers;
        try
        {
            Directory.CreateDirectory(path);
            File.WriteAllLines(ReceiversFile, receivers);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Only a kill and a restart would miss it.
        }
    }
}
