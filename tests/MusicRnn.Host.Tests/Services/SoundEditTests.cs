using System.Globalization;
using System.Net.WebSockets;
using MusicRnn.Synthesis;

namespace MusicRnn.Host.Tests.Services;

/// <summary>What the running instrument makes of edits of the settings that change how it sounds.</summary>
public sealed class SoundEditTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _home = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public void AProgramThatOnlyTheSystemsFontHasIsInMemoryBeforeItsFirstNote()
    {
        SystemPart.Require(SystemFonts.Find().Count > 0, "There is no General MIDI font on this system.");
        string font = SystemFonts.Find()[0];
        using HostProcess instrument = Start("--set", "Panel:Enabled=false");
        Assert.Equal(0, Resident());

        Edit("""{ "Parameters": { "program": 60 } }"""); // a French horn, which the shipped font lacks
        instrument.WaitForLine("Settings taken up");
        Waiting.Until(() => Resident() > 100, "the horn's samples", Patience);

        // Kilobytes of the font that the instrument has in memory.
        int Resident() => File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{instrument.Id}/smaps"))
            .SkipWhile(line => !line.EndsWith(font, StringComparison.Ordinal))
            .Where(line => line.StartsWith("Rss:", StringComparison.Ordinal))
            .Select(line => int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture))
            .First();
    }

    [Fact]
    public async Task APageIsToldThatThePlayerAndTheMachineChangedTheirChannels()
    {
        using HostProcess instrument = Start("--set", "Panel:Port=0");
        string line = instrument.Output.Split('\n').Single(line => line.Contains("Page: ", StringComparison.Ordinal));
        var address = new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..].Split(',')[0]);
        using var page = new ClientWebSocket();
        page.Options.SetRequestHeader("Origin", address.GetLeftPart(UriPartial.Authority));
        await page.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/live" }.Uri, Stop);
        Assert.Equal((0, 1), await ChannelsAsync(page));

        Edit("""{ "Midi": { "PlayerChannel": 2, "MachineChannel": 1 } }""");
        Assert.Equal((1, 0), await ChannelsAsync(page));
    }

    /// <summary>The player's channel and the machine's, counted from 0, of the next hello.</summary>
    private static async Task<(int Player, int Machine)> ChannelsAsync(ClientWebSocket page)
    {
        const int Head = 4; // kind, spare, length
        const int Hello = 0x01;
        byte[] buffer = new byte[1 << 20];
        int length = 0;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(Patience);
        while (true)
        {
            ValueWebSocketReceiveResult received = await page.ReceiveAsync(buffer.AsMemory(length), limit.Token);
            length += received.Count;
            if (!received.EndOfMessage)
            {
                continue;
            }

            for (int at = 0; at + Head <= length; at += Head + BitConverter.ToUInt16(buffer, at + 2))
            {
                if (buffer[at] == Hello)
                {
                    return (buffer[at + Head + 1], buffer[at + Head + 2]);
                }
            }

            length = 0;
        }
    }

    private HostProcess Start(params string[] arguments)
    {
        Edit("{ }");
        var instrument = new HostProcess(_home, ["run", "--midi-in", "none", "--midi-out", "none", "--audio", "none", .. arguments]);
        instrument.WaitForLine("Ready:");
        return instrument;
    }

    private void Edit(string settings)
    {
        string file = _home.File(Path.Combine("config", "musicrnn", "appsettings.json"));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, settings);
    }
}
