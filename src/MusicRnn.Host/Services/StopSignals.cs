using System.Runtime.InteropServices;

namespace MusicRnn.Host.Services;

/// <summary>Ctrl-C, SIGTERM and a closed terminal as a token, for commands that then come to an orderly end. The second one ends the program at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Begins to listen for signals.</summary>
    /// <param name="stop">What else stops the command.</param>
    public StopSignals(CancellationToken stop)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Stop))];
    }

    /// <summary>Cancelled when the command is to end.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
