using System.Text.Json.Nodes;
using MusicRnn.Host.Options;
using MusicRnn.Host.Panel;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Host.Tests.Panel;

/// <summary>The parts of the page's near end, each alone.</summary>
public sealed class PanelPartsTests
{
    [Fact]
    public async Task AQueueThatOverflowsSaysSoAndNeverBlocks()
    {
        using var queue = new SendQueue();
        byte[] record = new byte[1000];
        int written = 0;
        while (queue.TryWrite(record))
        {
            written += record.Length;
        }

        await queue.Overflow.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.InRange(written, SendQueue.Capacity - record.Length, SendQueue.Capacity);
    }

    [Fact]
    public async Task WhatWaitsIsSentWholeAndInOrder()
    {
        using var queue = new SendQueue();
        queue.TryWrite([1, 2]);
        queue.TryWrite([3]);
        queue.Flush();
        Assert.Equal([1, 2, 3], (await queue.TakeAsync(TestContext.Current.CancellationToken)).ToArray());
        queue.TryWrite([4]);
        queue.Flush();
        Assert.Equal([4], (await queue.TakeAsync(TestContext.Current.CancellationToken)).ToArray());
    }

    [Fact]
    public void NothingIsRenderedWhileNobodyListensAndAllIsKnownOnceSomebodyDoes()
    {
        using var ledger = new NoteLedger();
        var lane = new OutputLane(ledger, returns: false);
        var made = new Recording();
        var sound = new PageSound(lane, 0, _ => made, Assert.Fail);
        int blocks = 0;
        lane.Emit(new OutputEvent(1_000_000, OutputKind.Midi, MidiMessage.Program(1, 42)));
        sound.Run(100_000_000, heard: false, (_, _, _) => blocks++);
        Assert.Equal(0, blocks);

        sound.Run(200_000_000, heard: true, (_, _, _) => blocks++);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                sound.Run(300_000_000 + (blocks * 10_000_000L), heard: true, (_, _, _) => blocks++);
                return made.Heard.Contains(MidiMessage.Program(1, 42));
            },
            TimeSpan.FromSeconds(30)));
        Assert.True(blocks > 0);
    }

    [Fact]
    public void ASynthesiserThatIsReadyAfterTheLastListenerLeftRendersNothing()
    {
        using var ledger = new NoteLedger();
        using var begun = new SemaphoreSlim(0);
        using var ready = new ManualResetEventSlim();
        var made = new Recording();
        var sound = new PageSound(new OutputLane(ledger, returns: false), 0, Make, Assert.Fail);
        sound.Run(100_000_000, heard: true, Drop);
        Assert.True(begun.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        sound.Run(200_000_000, heard: false, Drop);
        ready.Set();
        Thread.Sleep(200); // the exchange would come at once

        sound.Run(300_000_000, heard: false, Drop);
        Assert.Equal(0, made.Blocks);
        sound.Run(400_000_000, heard: true, Drop);
        long now = 400_000_000;
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                sound.Run(now += 10_000_000, heard: true, Drop);
                return made.Blocks > 0;
            },
            TimeSpan.FromSeconds(30)));

        IInstrument Make(int rate)
        {
            begun.Release();
            ready.Wait(TimeSpan.FromSeconds(30));
            return made;
        }

        static void Drop(long stamp, float[] left, float[] right)
        {
        }
    }

    [Fact]
    public void ASynthesiserThatCannotBeMadeIsToldOf()
    {
        using var ledger = new NoteLedger();
        string? told = null;
        var sound = new PageSound(new OutputLane(ledger, returns: false), 0, _ => throw new InvalidDataException("There is no font."), reason => Volatile.Write(ref told, reason));

        sound.Run(100_000_000, heard: true, (_, _, _) => { });

        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref told) == "There is no font.", TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData("127.0.0.1", null, null)]
    [InlineData("::1", null, null)]
    [InlineData("0.0.0.0", "sixteen letters!", null)]
    [InlineData("0.0.0.0", null, "Panel:Address")]
    [InlineData("192.168.1.5", "short", "Panel:Token")]
    public void AnotherAddressThanThisMachinesNeedsAToken(string address, string? token, string? fault)
    {
        var settings = new Settings { Panel = { Address = address, Token = token } };

        Assert.Equal(fault, settings.Conflicts().Select(conflict => conflict.Key).FirstOrDefault(key => key.StartsWith("Panel", StringComparison.Ordinal)));
    }

    [Fact]
    public void WritingASettingLeavesTheOthersAndTheirNamesAsTheyAre()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("appsettings.json", """{ "midi": { "channel": 3 }, "knobs": { "TOPP": 9 } }""");

        Assert.True(FileAt(path).TryWrite([("Knobs:topP", 74), ("Knobs:temperature", null), ("Model:Path", "models/other.safetensors")], out _));

        string text = File.ReadAllText(path).ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal);
        Assert.Equal("""{"midi":{"channel":3},"knobs":{"TOPP":74,"temperature":null},"Model":{"Path":"models/other.safetensors"}}""", text);
    }

    [Fact]
    public void AFileWithCommentsIsNotWrittenOver()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("appsettings.json", "{ // mine\n}");

        Assert.False(FileAt(path).TryWrite([("Knobs:topP", 74)], out string? reason));
        Assert.Contains("comments", reason, StringComparison.Ordinal);
        Assert.Contains("// mine", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Knobs": { "temperature": 20, "topP": 30, "topP": 31 } }""", "Knobs:topP")]
    [InlineData("""{ "Midi": { "Channel": 3, "channel": 4 } }""", "channel")]
    [InlineData("""{ "Audio": { "Periods": 99 }, "Midi": { "Channel": 77 } }""", "Audio:Periods is 99")]
    [InlineData("[1]", "JSON")]
    public void ABrokenFileIsNotWrittenOverAndWhatIsWrongWithItIsSaid(string text, string fault)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("appsettings.json", text);

        Assert.False(FileAt(path).TryWrite([("Knobs:temperature", 74)], out string? reason));

        Assert.Contains("Correct this first", reason, StringComparison.Ordinal);
        Assert.Contains(fault, reason, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public void WhatSeveralPagesKeepAtOnceIsAllKept()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("appsettings.json", """{ "Midi": { "Channel": 3 } }""");
        UserSettingsFile file = FileAt(path);
        int controller = 30;

        Parallel.ForEach(ParameterTable.Rows.Take(6), row => Assert.True(file.TryWrite([($"Knobs:{row.Id}", Interlocked.Increment(ref controller))], out _)));

        JsonNode kept = JsonNode.Parse(File.ReadAllText(path))!;
        Assert.Equal(3, kept["Midi"]!["Channel"]!.GetValue<int>());
        Assert.Equal(ParameterTable.Rows.Take(6).Select(row => row.Id).Order(), kept["Knobs"]!.AsObject().Select(knob => knob.Key).Order());
    }

    private static UserSettingsFile FileAt(string path) =>
        new(new SettingsSources([], () => new Dictionary<string, string?>(), new Dictionary<string, string?>()) { UserFile = path }, new SettingsReader(new SettingsSchema()));

    private sealed class Recording : IInstrument
    {
        public List<MidiMessage> Heard { get; } = [];

        public int Blocks { get; private set; }

        public int SampleRate => PageSound.SampleRate;

        public void Play(MidiMessage message) => Heard.Add(message);

        public void Render(Span<float> left, Span<float> right) => Blocks++;
    }
}
