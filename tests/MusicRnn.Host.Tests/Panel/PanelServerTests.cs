using System.Buffers.Binary;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using MusicRnn.Midi;

namespace MusicRnn.Host.Tests.Panel;

/// <summary>What the instrument answers to those who ask by HTTP and WebSocket, friend and foe.</summary>
public sealed class PanelServerTests(PanelServerTests.Instrument instrument) : IClassFixture<PanelServerTests.Instrument>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HealthAndStateAndMetricsAreTold()
    {
        using var client = instrument.Client();
        JsonNode health = JsonNode.Parse(await client.GetStringAsync("/health", Stop))!;
        JsonNode state = JsonNode.Parse(await client.GetStringAsync("/state", Stop))!;
        using HttpResponseMessage metrics = await client.GetAsync("/metrics", Stop);
        string text = await metrics.Content.ReadAsStringAsync(Stop);

        Assert.Equal("playing", health["status"]!.GetValue<string>());
        Assert.Equal(3, health["devices"]!.AsArray().Count);
        Assert.Equal(1, state["parameters"]!.AsArray().Count(row => row!["id"]!.GetValue<string>() == "temperature"));
        Assert.Equal("application/openmetrics-text", metrics.Content.Headers.ContentType!.MediaType);
        Assert.Contains("\n# TYPE musicrnn_events_late counter\n", "\n" + text, StringComparison.Ordinal);
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePageMayLoadNothingFromElsewhere()
    {
        using var client = instrument.Client();
        using HttpResponseMessage page = await client.GetAsync("/", Stop);

        string policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        string html = await page.Content.ReadAsStringAsync(Stop);
        Assert.DoesNotContain("http:", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameThatIsNotThisMachinesIsRefused()
    {
        using var client = instrument.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/state");
        request.Headers.Host = "evil.example:8017"; // as after DNS rebinding

        using HttpResponseMessage answer = await client.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task AChangeThatAnotherSiteAsksForIsRefused(string? origin)
    {
        using var client = instrument.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/takes/keep");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using HttpResponseMessage answer = await client.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task AWebSocketOfAnotherSiteIsRefused()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "http://evil.example");

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(instrument.Live, Stop));
    }

    [Theory]
    [InlineData(new byte[] { 0x42, 0, 3, 0, 0xF0, 0, 0 })] // a system message
    [InlineData(new byte[] { 0x42, 0, 3, 0, 0x90, 0x80, 0 })] // no data byte
    [InlineData(new byte[] { 0x42, 0, 9, 0, 0x90 })] // shorter than it says
    [InlineData(new byte[] { 0x43, 0, 5, 0, 0, 0, 0, 0xC0, 0x7F })] // not a number
    [InlineData(new byte[] { 0x01, 0, 0, 0 })] // the instrument's own
    [InlineData(new byte[] { 1, 2 })]
    public async Task WhatIsNoMessageEndsTheConnection(byte[] message)
    {
        using ClientWebSocket socket = await instrument.ConnectAsync();
        await socket.SendAsync(message, WebSocketMessageType.Binary, true, Stop);

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await CloseStatusAsync(socket));
    }

    [Fact]
    public async Task APageThatFloodsIsDropped()
    {
        using ClientWebSocket socket = await instrument.ConnectAsync();
        byte[] play = [.. Enumerable.Repeat((byte[])[0x42, 0, 3, 0, 0xB0, 3, 1], 500).SelectMany(record => record)];
        try
        {
            for (int i = 0; i < 40; i++)
            {
                await socket.SendAsync(play, WebSocketMessageType.Binary, true, Stop);
            }
        }
        catch (WebSocketException)
        {
            return; // dropped while it still sent
        }

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await CloseStatusAsync(socket));
    }

    [Fact]
    public async Task WhatAPageHeldOrBentIsReleasedWhenItGoes()
    {
        using ClientWebSocket listener = await instrument.ConnectAsync();
        using (ClientWebSocket player = await instrument.ConnectAsync())
        {
            byte[] plays = [0x42, 0, 3, 0, 0x90, 60, 80, 0x42, 0, 3, 0, 0xB0, 66, 127, 0x42, 0, 3, 0, 0xE0, 127, 127];
            await player.SendAsync(plays, WebSocketMessageType.Binary, true, Stop);
            await player.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Stop);
        }

        List<MidiMessage> awaited = [MidiMessage.NoteOff(0, 60), MidiMessage.Control(0, Controller.Sostenuto, 0), MidiMessage.Of(MidiKind.PitchBend, 0, 0, 64)];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        byte[] buffer = new byte[1 << 18];
        while (awaited.Count > 0)
        {
            int count = 0;
            ValueWebSocketReceiveResult received;
            do
            {
                received = await listener.ReceiveAsync(buffer.AsMemory(count), patience.Token);
                count += received.Count;
            }
            while (!received.EndOfMessage);

            for (int at = 0; at < count; at += 4 + BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 2)))
            {
                if (buffer[at] == 0x03)
                {
                    awaited.Remove(new MidiMessage(buffer[at + 12], buffer[at + 13], buffer[at + 14]));
                }
            }
        }
    }

    [Fact]
    public async Task SixteenPagesCanListenAndTheNextIsToldWhyItCannot()
    {
        const int Lines = 2 * 16; // each has one more for its sound
        using var full = new Instrument(); // to itself: a line of another test may be open for a moment longer
        var open = new List<ClientWebSocket>();
        try
        {
            for (int i = 0; i < Lines; i++)
            {
                open.Add(await full.ConnectAsync());
            }

            using ClientWebSocket next = await full.ConnectAsync();
            Assert.Equal(WebSocketCloseStatus.PolicyViolation, await CloseStatusAsync(next));
            Assert.Equal("Too many pages are open: close one", next.CloseStatusDescription);
            Assert.All(open, socket => Assert.Equal(WebSocketState.Open, socket.State));
        }
        finally
        {
            open.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task APathLeadsToNoFileOutsideThePage()
    {
        using var client = instrument.Client();
        foreach (string path in (string[])["/../MusicRnn.sln", "/%2e%2e/MusicRnn.sln", "/takes/..%2f..%2fappsettings.mid", "/index.html", "/nothing.js"])
        {
            using HttpResponseMessage answer = await client.GetAsync(path, Stop);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task ATakeIsTakenAwayUnderItsNameInAnyScriptAndDrawnWithItsDrums()
    {
        const string Name = "Übung für дуэт";
        var file = new MidiFileWriter();
        MidiTrackWriter track = file.AddTrack();
        foreach (int channel in (int[])[0, 9])
        {
            track.Add(channel, MidiMessage.NoteOn(channel, 60, 80));
            track.Add(1_000_000_000, MidiMessage.NoteOff(channel, 60));
        }

        Directory.CreateDirectory(instrument.Takes);
        file.Write(Path.Combine(instrument.Takes, Name + ".mid"));
        using var client = instrument.Client();

        using HttpResponseMessage midi = await client.GetAsync($"/takes/{Uri.EscapeDataString(Name)}.mid", Stop);
        string roll = await client.GetStringAsync($"/takes/{Uri.EscapeDataString(Name)}.svg", Stop);

        Assert.Equal(HttpStatusCode.OK, midi.StatusCode);
        Assert.Equal(Name + ".mid", midi.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal(2, roll.Split("class=\"note").Length - 1);
    }

    private static async Task<WebSocketCloseStatus?> CloseStatusAsync(ClientWebSocket socket)
    {
        byte[] buffer = new byte[1 << 16];
        try
        {
            while ((await socket.ReceiveAsync(buffer, Stop)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
            // Closed, and gone.
        }

        return socket.CloseStatus;
    }

    /// <summary>The instrument without devices.</summary>
    public sealed class Instrument : IDisposable
    {
        private readonly TemporaryFolder _home = new();
        private readonly HostProcess _host;

        public Instrument()
        {
            _host = new HostProcess(_home, ["run", "--midi-in", "none", "--midi-out", "none", "--audio", "none", "--set", "Panel:Port=0"]);
            _host.WaitForLine("Ready:");
            string line = _host.Output.Split('\n').Single(line => line.Contains("Page: ", StringComparison.Ordinal));
            Address = new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..].Split(',')[0]);
        }

        public Uri Address { get; }

        public string Takes => _home.File("data/musicrnn/takes");

        public Uri Live => new UriBuilder(Address) { Scheme = "ws", Path = "/live" }.Uri;

        public HttpClient Client() => new() { BaseAddress = Address };

        public async Task<ClientWebSocket> ConnectAsync()
        {
            var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("Origin", Address.GetLeftPart(UriPartial.Authority));
            await socket.ConnectAsync(Live, Stop);
            return socket;
        }

        public void Dispose()
        {
            _host.Dispose();
            _home.Dispose();
        }
    }
}
