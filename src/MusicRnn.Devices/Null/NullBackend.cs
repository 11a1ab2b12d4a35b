using MusicRnn.Performance;

namespace MusicRnn.Devices.Null;

/// <summary>No devices: always there.</summary>
public sealed class NullBackend : IBackend
{
    /// <inheritdoc/>
    public string Name => "none";

    /// <inheritdoc/>
    public BackendAvailability Availability { get; } = BackendAvailability.Yes("Nothing comes in, and nothing is heard.");

    /// <inheritdoc/>
    public IReadOnlyList<DevicePort> Ports => [];
}
