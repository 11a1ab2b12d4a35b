using MusicRnn.Devices.Jack;
using MusicRnn.Midi;
using MusicRnn.Performance;
using MusicRnn.Tests.Performance;

namespace MusicRnn.Tests.Devices.Jack;

/// <summary>MusicRnn's client on a real server, judged by other clients of that server.</summary>
[Collection("JACK")]
public sealed class JackClientTests : IDisposable
{
    private const uint Ahead = 24_000; // half a second: a busy machine is in time
    private readonly JackServer _server = JackServer.Start();
    private readonly OutputLane _midi = new(new NoteLedger(), returns: true);
    private readonly OutputLane _sound = new(new NoteLedger(), returns: false);
    private readonly PlayerInput _player;
    private readonly JackClient _client;
    private JackProbe _keyboard;
    private JackProbe _module;

    public JackClientTests()
    {
        _player = new("midi_in", new() { EchoWindow = 0 }, [_midi, _sound]);
        _keyboard = new JackProbe(_server, "keyboard");
        _module = new JackProbe(_server, "module");
        _client = new JackClient(new() { Server = _server.Name, MidiFrom = ["KEYBOARD:out"], MidiTo = ["module:in"], AudioTo = ["module:sound"] });
        _client.MidiInput.Start(_player);
        _client.MidiOutput.Start(_midi);
        _client.Audio.Start(_sound, rate => new ClickInstrument(rate) { Keeps = false });
        WaitForWires();
    }

    public void Dispose()
    {
        _client.Dispose();
        _keyboard.Dispose();
        _module.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void WhatThePlayerPlaysIsHeardAtTheVeryFrame()
    {
        Assert.Equal(48_000, _client.Audio.SampleRate);
        PlayAndHear(200);
    }

    [Fact]
    public void WhatTheMachinePlaysIsHeardAtTheVeryFrame()
    {
        (uint frame, long stamp) = Mark();
        List<(uint, MidiMessage)> expected = [];
        for (int i = 0; i < 300; i++)
        {
            long offset = Ahead + (i * 131) + (i % 3 == 0 ? 0 : i % 7); // several in a frame among them
            MidiMessage message = MidiMessage.Control(1, 7, i % 128);
            _midi.Emit(new(stamp + (offset * 1_000_000_000 / 48_000), OutputKind.Midi, message));
            expected.Add(((uint)(frame + offset), message));
        }

        for (int i = 0; i < 5; i++)
        {
            _midi.Emit(new(stamp + ((Ahead + 60_000L) * 1_000_000_000 / 48_000), OutputKind.Midi, MidiMessage.NoteOn(1, 60 + i, 50)));
            expected.Add((frame + Ahead + 60_000, MidiMessage.NoteOn(1, 60 + i, 50)));
        }

        Wait.Until(() => _module.Heard.Count >= expected.Count, "the machine's messages");
        Assert.Equal(expected.OrderBy(message => message.Item1), _module.Heard);
    }

    [Fact]
    public void WhatIsPlayedSoundsAtTheVeryFrame()
    {
        (uint frame, long stamp) = Mark();
        uint start = _keyboard.Frame + Ahead;
        List<(uint, int)> expected = [];
        for (int i = 0; i < 100; i++)
        {
            _keyboard.Send(start + (uint)(i * 101), MidiMessage.NoteOn(0, 60, 1 + i));
            expected.Add((start + (uint)(i * 101), 1 + i));
        }

        long machine = start - frame + 50;
        _sound.Emit(new(stamp + (machine * 1_000_000_000 / 48_000), OutputKind.Midi, MidiMessage.NoteOn(1, 70, 120)));
        expected.Insert(1, ((uint)(frame + machine), 120));
        Wait.Until(() => _module.Clicks.Count >= expected.Count, "the sound");
        Assert.Equal(expected, _module.Clicks);
    }

    [Fact]
    public void AnotherBufferSizeIsSurvived()
    {
        PlayAndHear(20);
        foreach (uint frames in (uint[])[4096, 32, 512])
        {
            _keyboard.SetBufferSize(frames);
            Wait.Until(() => _client.Audio.BlockFrames == frames && _client.Audio.Status.Text.Contains($"{frames} frames"), "the buffer size");
            PlayAndHear(20);
        }
    }

    [Fact]
    public void ADeadServerIsSurvivedAndWhatSoundedIsReleasedOnTheNext()
    {
        _midi.Emit(new(0, OutputKind.Midi, MidiMessage.NoteOn(1, 60, 50)));
        _keyboard.Send(_keyboard.Frame + Ahead, MidiMessage.NoteOn(0, 72, 50));
        Wait.Until(() => _module.Heard.Count == 2, "two notes");
        _server.Kill();
        long before = _client.Clock.Now;
        Wait.Until(() => _client.MidiInput.Status.State == DeviceState.Lost, "the loss to be noticed");
        Wait.Until(() => _player.Events.Count == 2, "the player's key to be released");
        Assert.Equal(InputKind.InputLost, Drain()[^1].Kind);
        Assert.True(_player.CompleteUntil(before + 5) > before);
        for (int i = 0; i < 10; i++)
        {
            // A performance that goes on meanwhile does not pile up.
            _midi.Emit(new(_client.Clock.Now, OutputKind.Midi, MidiMessage.NoteOn(1, 61, 50)));
            Wait.For(20);
        }

        _keyboard.Dispose();
        _module.Dispose();
        _server.Restart(44_100);
        _keyboard = new JackProbe(_server, "keyboard");
        _module = new JackProbe(_server, "module");
        WaitForWires();
        Wait.Until(() => _module.Heard.Count >= 3, "the release");
        Assert.Equal(
            [MidiMessage.NoteOff(0, 72), MidiMessage.Control(1, Controller.Sustain, 0), MidiMessage.NoteOff(1, 60)],
            _module.Heard.Select(heard => heard.Message).OrderBy(message => message.Status == 0x80 ? 0 : message.Status == 0xB1 ? 1 : 2));
        Assert.InRange(_client.Clock.Now - before, 0, 60_000_000_000);
        Assert.Equal(44_100, _client.Audio.SampleRate);
        _module.Heard.Clear();
        PlayAndHear(20);
        Wait.Until(() => _midi.IsSilent, "the ledger to be empty");
    }

    [Fact]
    public void ClosingReleasesWhatSounds()
    {
        _midi.Emit(new(0, OutputKind.Midi, MidiMessage.NoteOn(1, 60, 50)));
        _midi.Emit(new(0, OutputKind.Midi, MidiMessage.Control(1, Controller.Sustain, 127)));
        Wait.Until(() => _module.Heard.Count == 2, "a note");
        _client.Dispose();
        Assert.Equal([MidiMessage.NoteOff(1, 60), MidiMessage.Control(1, Controller.Sustain, 0)], _module.Heard.Select(heard => heard.Message).Skip(2));
        Assert.Equal(DeviceState.Finished, _client.MidiOutput.Status.State);
    }

    [Fact]
    public void AKeyboardThatIsPluggedInLaterIsHeard()
    {
        _keyboard.Dispose();
        Wait.Until(() => _client.MidiInput.Status.Text.Contains("not connected"), "the keyboard to be gone");
        _keyboard = new JackProbe(_server, "keyboard");
        WaitForWires();
        PlayAndHear(5);
    }

    [Fact]
    public void AKeyboardThatIsUnpluggedHoldsNothing()
    {
        _keyboard.Send(_keyboard.Frame + Ahead, MidiMessage.NoteOn(0, 72, 50));
        Wait.Until(() => _module.Heard.Count == 1, "a note");
        _keyboard.Dispose();
        Wait.Until(() => _module.Heard.Count == 2, "its end");
        Assert.Equal(MidiMessage.NoteOff(0, 72), _module.Heard.Last().Message);
        Assert.Equal(InputKind.InputLost, Drain()[^1].Kind);
    }

    [Fact]
    public void TheClockFollowsTheServersFramesAndNeverGoesBack()
    {
        (uint firstFrame, long firstStamp) = Mark();
        long last = 0;
        for (int i = 0; i < 20_000; i++)
        {
            long now = _client.Clock.Now;
            Assert.True(now >= last);
            last = now;
        }

        Wait.For(300);
        (uint frame, long stamp) = Mark();
        Assert.InRange(stamp - firstStamp - ((frame - firstFrame) * 1_000_000_000L / 48_000), -1, 1);
        long until = _client.Clock.Now + 20_000_000;
        _client.Clock.SleepUntil(until);
        Assert.True(_client.Clock.Now >= until);
    }

    [Fact]
    public void TheClockReadsTheFrameThatIsNow()
    {
        const long TwoCycles = 10_000_000; // a busy machine is late now and then, but a clock that is not the server's would always be
        (uint frame, long stamp) = Mark();
        Wait.Until(
            () => Math.Abs(_client.Clock.Now - stamp - ((int)(_keyboard.Frame - frame) * 1_000_000_000L / 48_000)) < TwoCycles, "the clock to read what the server does");
    }

    [Fact]
    public void ACycleDoesNotAllocate()
    {
        AllocationMeter meter = new();
        _client.Audio.Start(_sound, _ => meter);
        Wait.Until(() => meter.Cycles > 200, "cycles");
        PlayAndHear(100); // what runs for the first time is compiled
        long before = meter.Allocated;
        int heard = _module.Heard.Count;
        Play(100);
        Wait.Until(() => _module.Heard.Count == heard + 100, "the player");
        Assert.Equal(0, meter.Allocated - before);
    }

    [Fact]
    public void ALateCycleIsCountedAndSurvived()
    {
        Wait.Until(() => _client.CountsXruns, "the client to settle");
        long before = _client.Audio.Xruns;
        _keyboard.Dawdle(500);
        Wait.Until(() => _client.Audio.Xruns > before, "an xrun");
        PlayAndHear(20);
    }

    [Fact]
    public void AKeyboardWithAPortOfItsOwnIsToldTheStateAndNothingElse()
    {
        using JackProbe lit = new(_server, "lit-keyboard:out", "midi_capture_1", "midi_playback_1");
        Wait.Until(() => _client.MidiInput.Status.Text.Contains("midi_capture_1") && _client.IsSettled, "the keyboard to be heard");
        _midi.Emit(new(0, OutputKind.Midi, MidiMessage.NoteOn(1, 60, 50)));
        _midi.Emit(new(0, OutputKind.Midi, MidiMessage.Control(1, 119, 2)));
        Wait.Until(() => _module.Heard.Count == 2, "a note and the state");
        Wait.Until(() => !lit.Heard.IsEmpty, "the state");
        Assert.Equal([MidiMessage.Control(1, 119, 2)], lit.Heard.Select(heard => heard.Message));
        Assert.True(lit.Heard.Last().Frame - _module.Heard.Last().Frame is 0 or 128); // around a loop of programs one hears the other a cycle later
    }

    [Fact]
    public void ByDefaultItPlaysOnTheHardwareAndHearsNoOtherProgram()
    {
        using JackClient other = new(new() { Server = _server.Name, ClientName = "MusicRnn" });
        Wait.Until(() => other.Audio.Status.Text.Contains("system:playback_1"), "the loudspeakers");
        Assert.StartsWith("JACK MusicRnn-01:out_l", other.Audio.Name);
        Assert.Contains("not connected", other.MidiInput.Status.Text);
        Assert.Contains("not connected", other.MidiOutput.Status.Text);
    }

    [Fact]
    public void ThePortsAreListed()
    {
        IReadOnlyList<DevicePort> ports = new JackBackend(_server.Name).Ports;
        Assert.Contains(new DevicePort("JACK", "MusicRnn:midi_out", DevicePortKind.MidiInput, false), ports);
        Assert.Contains(new DevicePort("JACK", "MusicRnn:midi_in", DevicePortKind.MidiOutput, false), ports);
        Assert.Contains(new DevicePort("JACK", "system:playback_1", DevicePortKind.AudioOutput, true), ports);
    }

    private void WaitForWires() => Wait.Until(
        () => _client.MidiInput.Status.Text.Contains("keyboard:out") && _client.MidiOutput.Status.Text.Contains("module:in") && _client.Audio.Status.Text.Contains("module:sound") && _client.IsSettled,
        "the wires");

    /// <summary>A frame of the server's counter and its stamp.</summary>
    private (uint Frame, long Stamp) Mark()
    {
        Drain();
        uint frame = _keyboard.Frame + Ahead;
        _keyboard.Send(frame, MidiMessage.Control(0, 21, 1));
        Wait.Until(() => _player.Events.Count > 0, "the mark");
        return (frame, Drain()[0].Stamp);
    }

    private List<(uint, MidiMessage)> Play(int count)
    {
        uint start = _keyboard.Frame + Ahead;
        List<(uint, MidiMessage)> played = [];
        for (int i = 0; i < count; i++)
        {
            MidiMessage message = i % 2 == 0 ? MidiMessage.NoteOn(0, 60, 1 + (i % 100)) : MidiMessage.NoteOff(0, 60);
            played.Add((start + (uint)(i * 47), message));
            _keyboard.Send(played[^1].Item1, message);
        }

        return played;
    }

    private void PlayAndHear(int count)
    {
        _module.Heard.Clear();
        List<(uint, MidiMessage)> played = Play(count);
        Wait.Until(() => _module.Heard.Count >= count, "what was played");
        Assert.Equal(played, _module.Heard);
    }

    private List<InputEvent> Drain()
    {
        List<InputEvent> events = [];
        while (_player.Events.TryRead(out InputEvent next))
        {
            events.Add(next);
        }

        return events;
    }

    /// <summary>Adds up what is allocated on the process thread from one block to the next.</summary>
    private sealed class AllocationMeter : IInstrument
    {
        private long _last;
        private long _allocated;
        private int _cycles;

        public int SampleRate => 48_000;

        public int Cycles => Volatile.Read(ref _cycles);

        public long Allocated => Volatile.Read(ref _allocated);

        public void Play(MidiMessage message)
        {
        }

        public void Render(Span<float> left, Span<float> right)
        {
            long now = GC.GetAllocatedBytesForCurrentThread();
            if (_cycles > 0)
            {
                Volatile.Write(ref _allocated, _allocated + now - _last);
            }

            _last = now;
            Volatile.Write(ref _cycles, _cycles + 1);
            left.Clear();
            right.Clear();
        }
    }
}
