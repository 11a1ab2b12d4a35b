using MusicRnn.Host.Tests.Jack;
using MusicRnn.Midi;
using MusicRnn.Performance;
using MusicRnn.Tests.Performance;

namespace MusicRnn.Host.Tests.Services;

/// <summary>The whole instrument, judged at a receiver on a real JACK server.</summary>
[Collection(AloneCollection.Name)]
public sealed class RunTests_Jack
{
    private static readonly FrameTime Time = new(0, JackServer.SampleRate);

    [Fact]
    public void TheAnswerIsNoteForNoteAndOnTimeThatOfTheSameSeedOffline()
    {
        using var stage = new JackStage("answer", TestNetworks.Lively);
        stage.Start(wire: true);
        FramedMessage[] played =
        [
            new(0, MidiMessage.Control(0, 21, 40)), // temperature
            new(10, MidiMessage.Control(0, 22, 12)), // length
            .. JackStage.Phrase(),
        ];
        stage.Play(played);
        stage.WaitForAnswer();

        uint start = stage.Sent[0].Frame;
        FramedMessage[] sent = [.. stage.Sent.Select(message => message with { Frame = message.Frame - start })];
        FramedMessage[] thru = [.. stage.Recorder.Recorded.Where(heard => heard.Message.Channel == 0 && heard.Message.IsNoteOn)];
        Assert.Equal(played.Where(message => message.Message.IsNoteOn).Select(message => message.Message), thru.Select(heard => heard.Message));
        Assert.All(thru.Zip(sent.Where(message => message.Message.IsNoteOn)), pair => // heard in the period after
            Assert.InRange(pair.First.Frame - start - pair.Second.Frame, 0u, 2u * (uint)256));

        (uint Frame, MidiMessage Message)[] live = [.. stage.Heard.Where(heard => heard.Message.IsNoteOn).Select(heard => (heard.Frame - start, heard.Message))];
        (uint Frame, MidiMessage Message)[] offline = [.. Offline(sent)];
        Assert.InRange(live.Length, 12, 15);
        Assert.Equal(offline, live);
        Assert.Empty(JackStage.Sounding(stage.Heard));
        Assert.True(stage.Recorder.Peak > 0.01f, "Nothing was heard from out_l.");
    }

    [Fact]
    public void WhoConnectsLaterHearsWhichInstrumentTheMachinePlays()
    {
        using var stage = new JackStage("introduce", TestNetworks.Lively);
        Directory.CreateDirectory(Path.GetDirectoryName(stage.Settings)!);
        File.WriteAllText(stage.Settings, """{ "Parameters": { "program": 48 } }""");
        stage.Start(wire: true);
        stage.WaitForMachine(heard => heard.Any(message => message.Message == MidiMessage.Program(1, 48)), "the program");
    }

    [Fact]
    public void TheMachineGivesWayWhenThePlayerPlays()
    {
        using var stage = new JackStage("giveway", TestNetworks.Lively);
        stage.Start(wire: true);
        stage.Play([new(0, MidiMessage.Control(0, 22, 127)), .. JackStage.Phrase()]); // without end
        stage.WaitForMachine(heard => heard.Count(message => message.Message.IsNoteOn) >= 6, "the answer");
        uint struck = stage.Play([new(0, MidiMessage.NoteOn(0, 72, 90)), new(30_000, MidiMessage.NoteOff(0, 72))]);
        Waiting.Until(() => stage.Recorder.Now > struck + 9_600, "the answer to stop", TimeSpan.FromSeconds(20));

        FramedMessage[] heard = stage.Heard;
        uint last = heard.Where(message => message.Message.IsNoteOn && message.Frame < struck + 12_000).Max(message => message.Frame);
        Assert.True(last <= struck + (3 * 256), $"A note of the machine came {last - struck} frames after the player's.");
        Assert.Empty(JackStage.Sounding(heard.Where(message => message.Frame <= struck + 9_600)));
    }

    [Fact]
    public void AnOrderlyEndLeavesNothingSoundingAndATake()
    {
        using var stage = new JackStage("term", TestNetworks.Slow);
        stage.Start(wire: true);
        stage.Play([new(0, MidiMessage.Control(0, 22, 127)), .. JackStage.Phrase()]);
        stage.WaitForMachine(heard => JackStage.Sounding(heard).Count > 0, "a note of the machine");
        stage.Instrument.Send(Signal.Terminate);

        Assert.Equal(0, stage.Instrument.WaitForExit());
        Waiting.Until(() => JackStage.Sounding(stage.Heard).Count == 0, "the note-offs", TimeSpan.FromSeconds(5));
        Assert.Contains(stage.Heard, message => message.Message.IsControl(Controller.Sustain) && message.Message.Data2 == 0);
        Take take = TakeFile.Read(Assert.Single(Directory.GetFiles(stage.TakeFolder)));
        Assert.Equal(8, take.PlayerNotes);
        Assert.Equal(stage.Heard.Count(message => message.Message.IsNoteOn), take.MachineNotes);
        Assert.True(TakeReplay.Run(take, TestNetworks.Slow).IsSame);
    }

    [Fact]
    public void AfterAKillTheNextStartReleasesWhatWasLeftAndKeepsWhatWasPlayed()
    {
        using var stage = new JackStage("kill", TestNetworks.Slow, waits: false);
        stage.Start(wire: true);
        stage.Play([new(0, MidiMessage.Control(0, 22, 127)), .. JackStage.Phrase()]);
        stage.WaitForMachine(heard => JackStage.Sounding(heard).Count > 0, "a note of the machine");
        stage.WaitUntilReceiversAreRemembered();
        Thread.Sleep(200); // of what is heard, the last 100 ms may not be in the take
        stage.Instrument.Send(Signal.Kill);
        stage.Instrument.WaitForExit();
        HashSet<int> left = JackStage.Sounding(stage.Heard);
        Assert.NotEmpty(left);

        stage.Start(wire: false); // it finds its receiver by itself
        Waiting.Until(() => JackStage.Sounding(stage.Heard).Count == 0, $"the release of {string.Join(", ", left)}", TimeSpan.FromSeconds(30));
        stage.Instrument.WaitForLine("An earlier run ended early");
        Take take = TakeFile.Read(Assert.Single(Directory.GetFiles(stage.TakeFolder, "*.mid")));
        Assert.InRange(take.PlayerNotes, 4, 8); // the machine may answer before the phrase is over
        Assert.True(take.MachineNotes > 0);
    }

    [Fact]
    public void AfterAKillTheNextStartReleasesWhatThePlayerHeld()
    {
        using var stage = new JackStage("held", TestNetworks.Slow, waits: false);
        stage.Start(wire: true);
        MidiMessage[] held = [MidiMessage.NoteOn(0, 60, 90), MidiMessage.Control(0, Controller.Sustain, 127), MidiMessage.Of(MidiKind.PitchBend, 0, 127, 127)];
        stage.Play(held.Select(message => new FramedMessage(100, message)));
        Waiting.Until(() => stage.HeardThru.Length == held.Length, "what is held", TimeSpan.FromSeconds(30));
        stage.WaitUntilReceiversAreRemembered();
        stage.Instrument.Send(Signal.Kill);
        stage.Instrument.WaitForExit();

        stage.Start(wire: false);
        MidiMessage[] released = [MidiMessage.NoteOff(0, 60), MidiMessage.Control(0, Controller.Sustain, 0), MidiMessage.Of(MidiKind.PitchBend, 0, 0, 64)];
        Waiting.Until(() => released.All(stage.HeardThru.Contains), "the release of what the player held", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void AnEditOfTheSettingsIsTakenUpWithoutDroppingAPortAndABrokenOneChangesNothing()
    {
        using var stage = new JackStage("edit", TestNetworks.Lively);
        Directory.CreateDirectory(Path.GetDirectoryName(stage.Settings)!);
        File.WriteAllText(stage.Settings, """{ "Parameters": { "length": 6 } }""");
        stage.Start(wire: true);
        File.WriteAllText(stage.Settings, """{ "Parameters": { "length": 11 } }""");
        stage.Instrument.WaitForLine("Settings taken up: Parameters:length");
        File.WriteAllText(stage.Settings, """{ "Parameters": { "length": """);
        stage.Instrument.WaitForLine("The edited settings are not taken up");
        File.WriteAllText(stage.Settings, """{ "Parameters": { "length": 1000 } }""");
        stage.Instrument.WaitForLine("from 0 to 127");

        int before = stage.Heard.Length;
        stage.Play(JackStage.Phrase()); // on connections that were made before the edits
        stage.WaitForAnswer(before);
        Assert.InRange(stage.Heard[before..].Count(message => message.Message.IsNoteOn), 11, 14);
    }

    [Fact]
    public void WithoutADeviceItStaysUpAndTakesUpAServerThatAppears()
    {
        string name = $"musicrnn-late-{Environment.ProcessId}";
        using var home = new TemporaryFolder();
        string model = home.File("small.safetensors");
        TestNetworks.Lively.Save(model, new Dictionary<string, string>());
        SystemPart.Require(SystemPart.IsProgram("jackd"), "jackd is not installed: apt-get install jackd2");
        using var instrument = new HostProcess(home, ["run", "--model", model, "--set", "Panel:Enabled=false"], new() { ["JACK_DEFAULT_SERVER"] = name });
        instrument.WaitForLine("Ready:");
        Assert.Contains("No JACK server runs.", instrument.Output, StringComparison.Ordinal);

        using var server = new JackServer(name);
        using JackClient other = server.Join("other");
        Waiting.Until(() => other.PortExists("MusicRnn:midi_in"), "the instrument on the server", TimeSpan.FromSeconds(30));
        instrument.Send(Signal.Interrupt);
        Assert.Equal(0, instrument.WaitForExit());
    }

    /// <summary>What the machine plays to some messages on a virtual clock: frames from the first of them, by the instrument's defaults and the stage's seed.</summary>
    private static IEnumerable<(uint Frame, MidiMessage Message)> Offline(IEnumerable<FramedMessage> played)
    {
        using var performance = new VirtualPerformance(TestNetworks.Lively, new ParameterTable(), new ImproviserSettings { Seed = 7 });
        foreach (FramedMessage message in played)
        {
            performance.Receive(InputEvent.Midi(Time.StampOf(message.Frame), message.Message));
        }

        Assert.True(performance.AdvanceUntilIdle(120_000_000_000));
        foreach (TimedMessage heard in performance.Finish().Machine.Where(heard => heard.Message.IsNoteOn))
        {
            yield return ((uint)Time.FrameAt(heard.Stamp), heard.Message);
        }
    }
}
