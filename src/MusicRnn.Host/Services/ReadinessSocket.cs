using System.Net.Sockets;
using System.Text;

namespace MusicRnn.Host.Services;

/// <summary>Tells systemd how the service stands: datagrams to the socket that NOTIFY_SOCKET names (sd_notify(3)). Without that variable it says nothing.</summary>
/// <param name="path">The value of NOTIFY_SOCKET: a file's path, or a name of the abstract namespace after an @.</param>
public sealed class ReadinessSocket(string? path)
{
    /// <summary>The service plays: model and SoundFont are loaded, ports are open.</summary>
    public const string Ready = "READY=1";

    /// <summary>The service is on its way out.</summary>
    public const string Stopping = "STOPPING=1";

    /// <summary>Sends a state and a line for <c>systemctl status</c>.</summary>
    /// <returns>False where a socket is named but cannot be written: systemd would wait for nothing.</returns>
    public bool TrySend(string state, string status)
    {
        if (string.IsNullOrEmpty(path))
        {
            return true;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            string address = path[0] == '@' ? '\0' + path[1..] : path;
            socket.SendTo(Encoding.UTF8.GetBytes($"{state}\nSTATUS={status}"), new UnixDomainSocketEndPoint(address));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
