using MusicRnn.Performance;
using static MusicRnn.Devices.Jack.JackLibrary;

namespace MusicRnn.Devices.Jack;

/// <summary>The JACK server, or PipeWire in its place, as a family of devices.</summary>
public sealed class JackBackend : IBackend
{
    private const string Install = "Install it (Debian: apt-get install libjack-jackd2-0 jackd2), or use ALSA.";
    private readonly string? _server;

    /// <summary>Makes the backend.</summary>
    /// <param name="server">The server's name; null for the one that JACK itself would choose.</param>
    public JackBackend(string? server = null) => _server = server;

    /// <inheritdoc/>
    public string Name => "JACK";

    /// <inheritdoc/>
    public BackendAvailability Availability
    {
        get
        {
            if (Load() is string missing)
            {
                return BackendAvailability.No(missing, Install);
            }

            nint client = Open("MusicRnn-look", _server, out int status);
            if (client == 0)
            {
                return BackendAvailability.No(WhyNot(status, _server), "Start one with qjackctl or jackd, or run under PipeWire with pw-jack.");
            }

            BackendAvailability available = BackendAvailability.Yes($"A JACK server runs at {GetSampleRate(client)} Hz with {GetBufferSize(client)} frames a cycle.");
            Close(client);
            return available;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<DevicePort> Ports
    {
        get
        {
            nint client = Load() is null ? Open("MusicRnn-look", _server, out _) : 0;
            if (client == 0)
            {
                return [];
            }

            List<JackPort> ports = JackWiring.Ports(client);
            Close(client);
            return [.. ports
                .Where(port => port.IsMidi || (port.Flags & PortIsInput) != 0)
                .Select(port => new DevicePort(Name, port.Name, Kind(port), (port.Flags & PortIsPhysical) != 0))];
        }
    }

    /// <summary>Why jack_client_open returned nothing, as a sentence.</summary>
    internal static string WhyNot(int status, string? server)
    {
        const int ServerFailed = 0x10;
        string which = server is null ? "" : $" named {server}";
        return (status & ServerFailed) != 0
            ? $"No JACK server{which} runs."
            : $"jack_client_open failed with status 0x{status:x}{(server is null ? "" : $" on the server{which}")}.";
    }

    private static DevicePortKind Kind(JackPort port) =>
        !port.IsMidi ? DevicePortKind.AudioOutput
        : (port.Flags & PortIsOutput) != 0 ? DevicePortKind.MidiInput
        : DevicePortKind.MidiOutput;
}
