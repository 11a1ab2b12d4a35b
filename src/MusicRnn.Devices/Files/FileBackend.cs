using MusicRnn.Performance;

namespace MusicRnn.Devices.Files;

/// <summary>Files in the place of devices: always there, and named by the user, not listed.</summary>
public sealed class FileBackend : IBackend
{
    /// <inheritdoc/>
    public string Name => "file";

    /// <inheritdoc/>
    public BackendAvailability Availability { get; } = BackendAvailability.Yes("A MIDI file can play in (file:NAME.mid), and what sounds can be written (file:NAME.mid, file:NAME.wav).");

    /// <inheritdoc/>
    public IReadOnlyList<DevicePort> Ports => [];
}
