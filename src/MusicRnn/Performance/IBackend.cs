namespace MusicRnn.Performance;

/// <summary>A family of devices: JACK, ALSA, files, none.</summary>
public interface IBackend
{
    /// <summary>The name as the user reads and writes it: <c>JACK</c>.</summary>
    string Name { get; }

    /// <summary>Whether it can be used now, asked afresh. Never throws.</summary>
    BackendAvailability Availability { get; }

    /// <summary>The ports that are there now; empty when it is not available. Never throws.</summary>
    IReadOnlyList<DevicePort> Ports { get; }
}
