using System.Net.Sockets;
using System.Text;
using MusicRnn.Host.Services;

namespace MusicRnn.Host.Tests.Services;

public sealed class ReadinessSocketTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheStateArrivesAtTheSocketThatSystemdNames(bool isAbstract)
    {
        using var folder = new TemporaryFolder();
        string name = isAbstract ? $"@musicrnn-test-{Environment.ProcessId}" : folder.File("notify");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(isAbstract ? '\0' + name[1..] : name));
        systemd.ReceiveTimeout = 5000;

        Assert.True(new ReadinessSocket(name).TrySend(ReadinessSocket.Ready, "Listening"));

        byte[] buffer = new byte[256];
        int count = systemd.Receive(buffer);
        Assert.Equal("READY=1\nSTATUS=Listening", Encoding.UTF8.GetString(buffer, 0, count));
    }

    [Fact]
    public void WithoutSystemdNothingIsSaidAndNothingFails()
    {
        Assert.True(new ReadinessSocket(null).TrySend(ReadinessSocket.Ready, ""));
    }

    [Fact]
    public void ASocketThatIsGoneIsReportedNotThrown()
    {
        Assert.False(new ReadinessSocket("/nowhere/notify").TrySend(ReadinessSocket.Ready, ""));
    }
}
