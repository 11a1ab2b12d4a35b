using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using MusicRnn.Performance;
using MusicRnn.Tests.Performance;

namespace MusicRnn.Host.Tests.Services;

/// <summary>What an edit of the settings does to an instrument that plays, and what it leaves alone.</summary>
public sealed class ReloadTests : IDisposable
{
    private const string SettingsFile = "config/musicrnn/appsettings.json";
    private readonly TemporaryFolder _home = new();
    private readonly JsonObject _settings;
    private HostProcess? _host;

    public ReloadTests()
    {
        TestNetworks.Lively.Save(_home.File("small.safetensors"), new Dictionary<string, string>());
        _settings = new JsonObject
        {
            ["Midi"] = new JsonObject { ["Input"] = "none", ["Output"] = "none" },
            ["Audio"] = new JsonObject { ["Output"] = "none" },
            ["Model"] = new JsonObject { ["Path"] = "~/small.safetensors" },
            ["Sound"] = new JsonObject { ["Reverb"] = 0 },
            ["Parameters"] = new JsonObject { ["temperature"] = 1 },
            ["Panel"] = new JsonObject { ["Port"] = 0 },
        };
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _host?.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task DevicesThatCannotBeOpenedAreNamedAndTheInstrumentPlaysOn()
    {
        HostProcess host = Start();

        Edit("Audio", "Output", "file:/nowhere/gig.wav");
        host.WaitForLine("/nowhere/gig.wav");
        host.WaitForLine("Correct Midi:Input, Midi:Output or Audio:Output");
        Assert.Equal(1, await TemperatureAsync(), 6);
        Assert.DoesNotContain("Settings taken up", host.Output, StringComparison.Ordinal);

        Edit("Audio", "Output", "file:~/gig.wav");
        host.WaitForLine("Settings taken up: Audio:Output");
        Assert.True(File.Exists(_home.File("gig.wav")));
    }

    [Fact]
    public void ARecordingUnderWayOutlastsOtherDevices()
    {
        string recording = _home.File("gig.wav");
        Set("Audio", "Output", $"file:{recording}");
        HostProcess host = Start();
        Waiting.Until(() => new FileInfo(recording).Length > 10_000, "some sound", TimeSpan.FromSeconds(30));

        Edit("Midi", "Output", $"file:{_home.File("notes.mid")}");
        host.WaitForLine("gig.wav is kept as it is; from now on it is recorded to");
        host.WaitForLine("Settings taken up: Midi:Output");

        Assert.True(new FileInfo(recording).Length > 10_000);
        Assert.True(File.Exists(_home.File("gig-2.wav")));
        Edit("Midi", "Output", "none");
        Waiting.Until(() => File.Exists(_home.File("gig-3.wav")), "a third file", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task WhatIsRightInAnEditIsTakenUpBesideWhatIsWrong()
    {
        HostProcess host = Start();
        Set("Sound", "SoundFont", "~/mistyped.sf2");
        Set("Model", "Path", "~/mistyped.safetensors");
        Edit("Parameters", "temperature", 0.5);
        host.WaitForLine("Settings taken up: Parameters:temperature");

        Assert.Contains("Sound:SoundFont stays as it was", host.Output, StringComparison.Ordinal);
        Assert.Contains("Model:Path stays as it was", host.Output, StringComparison.Ordinal);
        Assert.Equal(0.5, await TemperatureAsync(), 6);
        JsonNode state = await StateAsync();
        Assert.DoesNotContain("mistyped", state["soundFont"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("small.safetensors", state["model"]!["name"]!.GetValue<string>());

        File.Copy(_home.File("small.safetensors"), _home.File("mistyped.safetensors"));
        Edit("Parameters", "temperature", 0.7);
        host.WaitForLine("Settings taken up: Model:Path, Parameters:temperature");
        Assert.Equal(0.7, await TemperatureAsync(), 6);
    }

    [Fact]
    public async Task AnotherSessionBeginsAsTheKnobsStand()
    {
        HostProcess host = Start();
        await TurnAsync(ParameterTable.TopP, 0.25f);

        Set("Parameters", "temperature", 0.5);
        Edit("Midi", "MachineChannel", 5);
        host.WaitForLine("Settings taken up: Midi:MachineChannel, Parameters:temperature");
        Assert.Equal(0.5, await TemperatureAsync(), 6);
        Assert.Equal(0.25, (await ParameterAsync("topP"))["value"]!.GetValue<double>(), 6);

        Edit("Midi", "Output", $"file:{_home.File("notes.mid")}");
        host.WaitForLine("Settings taken up: Midi:Output");
        Assert.Equal(0.25, (await ParameterAsync("topP"))["value"]!.GetValue<double>(), 6);
    }

    [Fact]
    public async Task WhatTheCommandLineOrTheEnvironmentOutweighsIsNotSaidToBeTakenUp()
    {
        Start(["--model", _home.File("small.safetensors")], new() { ["MUSICRNN__Knobs__temperature"] = "21" });
        string before = await File.ReadAllTextAsync(_home.File(SettingsFile), Stop);
        Uri address = Address();
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Add("Origin", address.GetLeftPart(UriPartial.Authority));
        string model = (await StateAsync())["model"]!["choices"]![0]!.GetValue<string>();

        using HttpResponseMessage answer = await client.PostAsync($"/model/{model}", null, Stop);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("the command line says Model:Path", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);

        Assert.Contains("MUSICRNN__Knobs__temperature says Knobs:temperature", await LearnAsync(ParameterTable.Temperature, 30), StringComparison.Ordinal);
        Assert.Contains("MUSICRNN__Knobs__temperature says Knobs:temperature", await LearnAsync(ParameterTable.TopP, 21), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(_home.File(SettingsFile), Stop));
        Assert.Equal("CC30 turns top-p now.", await LearnAsync(ParameterTable.TopP, 30));
    }

    [Fact]
    public async Task WhatIsLearnedWhileTheSettingsAreBrokenIsRefusedAndThePageAndTheInstrumentGoOn()
    {
        HostProcess host = Start();
        string right = await File.ReadAllTextAsync(_home.File(SettingsFile), Stop);
        foreach (string broken in (string[])["""{"Knobs":{"temperature":20,"topP":30,"topP":31}}""", """{"Midi":{"Channel":3,"Channel":4}}"""])
        {
            await File.WriteAllTextAsync(_home.File(SettingsFile), broken, Stop);
            string told = await LearnAsync(ParameterTable.TimeScale, 41);
            Assert.Contains("CC41 cannot be kept: the settings are broken", told, StringComparison.Ordinal);
            Assert.Equal(broken, await File.ReadAllTextAsync(_home.File(SettingsFile), Stop));
        }

        host.WaitForLine("The edited settings are not taken up");
        await File.WriteAllTextAsync(_home.File(SettingsFile), right, Stop);
        Assert.Equal("CC41 turns time scale now.", await LearnAsync(ParameterTable.TimeScale, 41));
        host.WaitForLine("Settings taken up: Knobs:timeScale");
    }

    [Fact]
    public async Task EveryNoteOfAPageEndsHoweverOftenAnotherSessionBegins()
    {
        const int Sessions = 8;
        HostProcess host = Start();
        using ClientWebSocket socket = await ConnectAsync();
        var heard = new List<(byte Status, byte Key)>();
        Task hearing = HearAsync();
        int played = 0;
        using var editing = new CancellationTokenSource();
        Task playing = Task.Run(PlayAsync, Stop);
        for (int seed = 1; seed <= Sessions; seed++)
        {
            Edit("Model", "Seed", seed);
            int count = seed;
            Waiting.Until(() => host.Output.Split("Settings taken up: Model:Seed").Length > count, "another session", TimeSpan.FromSeconds(30));
        }

        await editing.CancelAsync();
        await playing;
        Waiting.Until(() => Count(0x80) == played, $"{played} ends of notes, not {Count(0x80)}", TimeSpan.FromSeconds(10));
        Assert.Equal(played, Count(0x90));
        socket.Abort();
        await hearing;

        async Task PlayAsync()
        {
            while (!editing.IsCancellationRequested)
            {
                byte key = (byte)(30 + (played++ % 80));
                await socket.SendAsync((byte[])[0x42, 0, 3, 0, 0x90, key, 80], WebSocketMessageType.Binary, true, Stop);
                await Task.Delay(3, Stop);
                await socket.SendAsync((byte[])[0x42, 0, 3, 0, 0x80, key, 0], WebSocketMessageType.Binary, true, Stop);
                await Task.Delay(3, Stop);
            }
        }

        async Task HearAsync()
        {
            byte[] buffer = new byte[1 << 18];
            try
            {
                while (true)
                {
                    foreach ((byte kind, Range payload) in Records(buffer, await ReceiveAsync(socket, buffer)))
                    {
                        if (kind == 0x03)
                        {
                            ReadOnlySpan<byte> record = buffer.AsSpan(payload);
                            lock (heard)
                            {
                                heard.Add((record[8], record[9]));
                            }
                        }
                    }
                }
            }
            catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
            {
                // The test is over.
            }
        }

        int Count(byte status)
        {
            lock (heard)
            {
                return heard.Count(message => message.Status == status);
            }
        }
    }

    [Fact]
    public async Task AFolderThatTakesCannotBeKeptInStaysAsItWasAndSessionsAreKeptInTheOldOne()
    {
        string takes = _home.File("takes");
        _settings["Takes"] = new JsonObject { ["Folder"] = takes };
        HostProcess host = Start();
        Assert.Contains($"Takes are kept in {takes}", host.Output, StringComparison.Ordinal);

        Set("Takes", "Folder", "/proc/takes");
        Edit("Parameters", "temperature", 0.5);
        host.WaitForLine("Settings taken up: Parameters:temperature");
        Assert.Contains("Takes:Folder stays as it was, and is tried again at the next edit: Nothing can be written in /proc/takes", host.Output, StringComparison.Ordinal);
        Edit("Model", "Seed", 3);
        host.WaitForLine("Settings taken up: Model:Seed");
        Assert.DoesNotContain("not kept", host.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(takes, "*.journal"));
        Assert.Equal(0.5, await TemperatureAsync(), 6);

        Edit("Takes", "Folder", _home.File("others"));
        host.WaitForLine("Settings taken up: Takes:Folder");
        Assert.Single(Directory.GetFiles(_home.File("others")));
    }

    [Fact]
    public void WhereTakesCannotBeKeptFromTheStartThatIsSaidAndNothingElse()
    {
        HostProcess host = Start(environment: new() { ["XDG_DATA_HOME"] = "/proc/data" });

        Assert.Contains("This session is not kept: ", host.Output, StringComparison.Ordinal);
        Assert.Contains("Let Takes:Folder name a folder that you can write to; it is /proc/data/musicrnn/takes", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Takes are kept in", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("The journal cannot be written on", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void APipeInPlaceOfTheSettingsIsRefusedAndAnOrderlyEndStaysOne()
    {
        HostProcess host = Start();
        File.Delete(_home.File(SettingsFile));
        using (var make = Process.Start("mkfifo", [_home.File(SettingsFile)]))
        {
            make.WaitForExit();
        }

        host.WaitForLine("The edited settings are not taken up; all stays as it was.");
        host.WaitForLine("appsettings.json: this is empty, or no file but a pipe or a device.");
        host.Send(Signal.Terminate);
        Assert.Equal(0, host.WaitForExit());
        Assert.Empty(Directory.GetFiles(_home.File("data/musicrnn/takes")));
    }

    [Fact]
    public void AnEditOfTheFileThatALinkLeadsToIsTakenUp()
    {
        string kept = _home.Write("dotfiles/musicrnn.json", _settings.ToJsonString());
        Directory.CreateDirectory(Path.GetDirectoryName(_home.File(SettingsFile))!);
        File.CreateSymbolicLink(_home.File(SettingsFile), kept);
        _host = new HostProcess(_home, ["run"]);
        _host.WaitForLine("Ready:");

        Set("Parameters", "temperature", 0.5);
        _home.Write("dotfiles/musicrnn.json", _settings.ToJsonString());

        _host.WaitForLine("Settings taken up: Parameters:temperature");
    }

    private HostProcess Start(string[]? arguments = null, Dictionary<string, string>? environment = null)
    {
        Write();
        _host = new HostProcess(_home, ["run", .. arguments ?? []], environment);
        _host.WaitForLine("Ready:");
        return _host;
    }

    private void Set(string group, string name, JsonNode value) => _settings[group]![name] = value;

    private void Edit(string group, string name, JsonNode value)
    {
        Set(group, name, value);
        Write();
    }

    /// <summary>Writes the settings as an editor does: whole, in one moment.</summary>
    private void Write()
    {
        string beside = _home.Write("config/musicrnn/appsettings.part", _settings.ToJsonString());
        File.Move(beside, _home.File(SettingsFile), overwrite: true);
    }

    private Uri Address()
    {
        string line = _host!.Output.Split('\n').Single(line => line.Contains("Page: ", StringComparison.Ordinal));
        return new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..].Split(',')[0]);
    }

    private async Task<JsonNode> StateAsync()
    {
        using var client = new HttpClient { BaseAddress = Address() };
        return JsonNode.Parse(await client.GetStringAsync("/state", Stop))!;
    }

    private async Task<JsonNode> ParameterAsync(string id) => (await StateAsync())["parameters"]!.AsArray().Single(row => row!["id"]!.GetValue<string>() == id)!;

    private async Task<double> TemperatureAsync()
    {
        Parameter row = ParameterTable.Rows[ParameterTable.Temperature];
        await Task.Delay(100, Stop); // the improviser's thread takes up a turn
        return row.ToUnit((await ParameterAsync(row.Id))["value"]!.GetValue<double>());
    }

    /// <summary>Turns a knob on the page.</summary>
    private async Task TurnAsync(int parameter, float value)
    {
        using ClientWebSocket socket = await ConnectAsync();
        await socket.SendAsync((byte[])[0x43, 0, 5, 0, (byte)parameter, .. BitConverter.GetBytes(value)], WebSocketMessageType.Binary, true, Stop);
        for (int i = 0; i < 100 && (await ParameterAsync(ParameterTable.Rows[parameter].Id))["value"]!.GetValue<double>() != value; i++)
        {
            await Task.Delay(50, Stop);
        }
    }

    /// <summary>Lets a parameter learn a controller that the page moves, as often as it needs, and gives what is said of it.</summary>
    private async Task<string> LearnAsync(int parameter, int controller)
    {
        using ClientWebSocket socket = await ConnectAsync();
        await socket.SendAsync((byte[])[0x45, 0, 1, 0, (byte)parameter], WebSocketMessageType.Binary, true, Stop);
        byte[] buffer = new byte[1 << 18];
        for (int value = 0; ; value = (value + 1) % 100)
        {
            await socket.SendAsync((byte[])[0x42, 0, 3, 0, 0xB0, (byte)controller, (byte)value], WebSocketMessageType.Binary, true, Stop);
            foreach ((byte kind, Range payload) in Records(buffer, await ReceiveAsync(socket, buffer)))
            {
                if (kind == 0x0B)
                {
                    return Encoding.UTF8.GetString(buffer.AsSpan(payload));
                }
            }
        }
    }

    /// <summary>Receives a message, and tells how long it is.</summary>
    private static async Task<int> ReceiveAsync(ClientWebSocket socket, byte[] buffer)
    {
        int length = 0;
        ValueWebSocketReceiveResult result;
        do
        {
            result = await socket.ReceiveAsync(buffer.AsMemory(length), Stop);
            length += result.Count;
        }
        while (!result.EndOfMessage);

        return length;
    }

    private static IEnumerable<(byte Kind, Range Payload)> Records(byte[] message, int length)
    {
        const int Head = 4;
        int next;
        for (int place = 0; place < length; place = next)
        {
            next = place + Head + BinaryPrimitives.ReadUInt16LittleEndian(message.AsSpan(place + 2));
            yield return (message[place], (place + Head)..next);
        }
    }

    private async Task<ClientWebSocket> ConnectAsync()
    {
        Uri address = Address();
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", address.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/live" }.Uri, Stop);
        return socket;
    }
}
