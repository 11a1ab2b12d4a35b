using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MusicRnn.Host.Tests.Panel;

public sealed class PortTests
{
    [Fact]
    public void WhereThePortIsTakenOneWarningNamesItAndTheInstrumentPlaysOn()
    {
        using var home = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var host = new HostProcess(
            home, ["run", "--midi-in", "none", "--midi-out", "none", "--audio", "none", "--set", string.Create(CultureInfo.InvariantCulture, $"Panel:Port={port}")]);

        host.WaitForLine("Ready:");

        string[] complaints = [.. host.Output.Split('\n').Where(line => line.Contains("Warning:", StringComparison.Ordinal) || line.Contains("Error:", StringComparison.Ordinal))];
        Assert.Contains($"127.0.0.1:{port}", Assert.Single(complaints), StringComparison.Ordinal);
    }
}
