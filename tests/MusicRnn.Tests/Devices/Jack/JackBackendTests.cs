using MusicRnn.Devices.Jack;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Devices.Jack;

[Collection("JACK")]
public class JackBackendTests
{
    [Fact]
    public void AMissingLibraryIsNamed()
    {
        Assert.Equal("libjack-that-is-not.so.0 is not installed.", JackLibrary.Probe("libjack-that-is-not.so.0"));
        Assert.Contains("it has no jack_client_open", JackLibrary.Probe("libc.so.6"));
    }

    [Fact]
    public void WithoutAServerTheBackendSaysSoAndNothingIsStarted()
    {
        JackBackend backend = new("musicrnn-no-such-server");
        BackendAvailability availability = backend.Availability;
        Assert.False(availability.IsAvailable);
        Assert.NotEmpty(availability.Reason);
        Assert.NotEmpty(availability.Remedy);
        Assert.Empty(backend.Ports);
        using JackClient client = new(new() { Server = "musicrnn-no-such-server" });
        Wait.Until(() => client.MidiInput.Status.Text.Length > 30, "the look for a server");
        Assert.Equal(DeviceState.Waiting, client.MidiInput.Status.State);
        long before = client.Clock.Now;
        client.Clock.SleepUntil(before + 3_000_000);
        Assert.InRange(client.Clock.Now - before, 3_000_000, 3_000_000_000);
    }

    [Fact]
    public void AServerThatRunsIsFound()
    {
        using JackServer server = JackServer.Start();
        BackendAvailability availability = new JackBackend(server.Name).Availability;
        Assert.True(availability.IsAvailable);
        Assert.Contains("48000 Hz", availability.Reason);
    }
}
