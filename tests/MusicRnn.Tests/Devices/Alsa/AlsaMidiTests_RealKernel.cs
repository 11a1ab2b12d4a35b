using MusicRnn.Devices;
using MusicRnn.Devices.Alsa;
using MusicRnn.Midi;
using MusicRnn.Performance;
using static MusicRnn.Tests.Devices.Alsa.RealKernel;

namespace MusicRnn.Tests.Devices.Alsa;

/// <summary>The sequencer's client on a kernel that has one, with a USB keyboard and with other programs.</summary>
[Collection("real kernel")]
public sealed class AlsaMidiTests_RealKernel : IDisposable
{
    private const string In = "MusicRnn:MusicRnn In";
    private const string Out = "MusicRnn:MusicRnn Out";
    private const string Piano = "Test Piano:Test Piano MIDI 1";
    private const string Keys = "f_midi:f_midi"; // the keyboard's end of the cable
    private const long Millisecond = 1_000_000;
    private static readonly MonotonicClock Clock = MonotonicClock.Instance;
    private readonly NoteLedger _ledger = new();
    private readonly OutputLane _lane;
    private readonly PlayerInput _player;
    private readonly List<InputEvent> _received = [];

    public AlsaMidiTests_RealKernel()
    {
        Require();
        _lane = new OutputLane(_ledger, returns: true);
        _player = new PlayerInput("test", new PlayerInputOptions { EchoWindow = 0 }, [_lane]); // the same notes come again and again
    }

    private List<InputEvent> Received
    {
        get
        {
            while (_player.Events.TryRead(out InputEvent received))
            {
                _received.Add(received);
            }

            return _received;
        }
    }

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public void TheClientAndItsPortsHaveTheirNames()
    {
        using AlsaMidi midi = Open("");
        Assert.True(MidiProgram.Find(In) is { IsDestination: true, IsSource: false });
        Assert.True(MidiProgram.Find(Out) is { IsDestination: false, IsSource: true });
        Assert.Equal((DeviceState.Running, DeviceState.Running), (midi.Input.Status.State, midi.Output.Status.State));
        AlsaBackend backend = new();
        Assert.True(backend.Availability.IsAvailable);
        Assert.Contains(backend.Ports, port => port.Name == In && port.Kind == DevicePortKind.MidiOutput);
        Assert.Contains(backend.Ports, port => port.Name.Contains("Loopback", StringComparison.Ordinal) && port.Kind == DevicePortKind.AudioOutput);
    }

    [Fact]
    public void WhatIsPlayedIsReceivedWithItsSpacing() => Judge(() =>
    {
        using AlsaMidi midi = Open("");
        using MidiProgram program = new();
        program.PlayAt(In, Enumerable.Range(0, 60).Select(i => (50 * Millisecond + (i * 7 * Millisecond), MidiMessage.NoteOn(0, 30 + i, 1 + i))));
        Await(() => Received.Count == 60);
        Assert.Equal(Enumerable.Range(30, 60), Received.Select(received => (int)received.Message.Data1));
        double[] late = [.. Received.Select((received, i) => (received.Stamp - Received[0].Stamp - (i * 7 * Millisecond)) / 1e6)];
        Assert.All(late, milliseconds => Assert.InRange(milliseconds, -1.5, 1.5)); // the sender's queue ticks once a millisecond
    });

    [Fact]
    public void AStampIsTheMomentOnThePerformancesClock() => Judge(() =>
    {
        using AlsaMidi midi = Open("");
        using MidiProgram program = new();
        Pass(50);
        long before = Clock.Now;
        program.Play(In, MidiMessage.NoteOn(0, 60, 1));
        long after = Clock.Now;
        Await(() => Received.Count == 1);
        Assert.InRange(Received[0].Stamp, before - Millisecond, after + Millisecond);
    });

    [Fact]
    public void TheMachineIsHeardOnTime() => Judge(() =>
    {
        using AlsaMidi midi = Open("");
        using MidiProgram program = new();
        program.ListenTo(Out);
        long start = Clock.Now + (60 * Millisecond);
        for (int i = 0; i < 50; i++)
        {
            Emit(start + (i * 9 * Millisecond), MidiMessage.NoteOn(1, 40 + i, 80));
            Emit(start + (((i * 9) + 30) * Millisecond), MidiMessage.NoteOff(1, 40 + i));
        }

        Await(() => program.NoteOffs == 50);
        double[] late = [.. program.Heard.Where(heard => heard.Message.IsNoteOn).Select((heard, i) => (heard.Time - program.Heard[0].Time - (i * 9 * Millisecond)) / 1e6)];
        Assert.Equal(50, late.Length);
        Assert.All(late, milliseconds => Assert.InRange(milliseconds, -1.5, 1.5));
    });

    [Fact]
    public void ThruDoesNotWaitForWhatIsHandedOverAhead() => Judge(() =>
    {
        using AlsaMidi midi = Open("");
        using MidiProgram program = new();
        program.ListenTo(Out);
        for (int i = 0; i < 20; i++)
        {
            Pass(20);
            Emit(Clock.Now + (12 * Millisecond), MidiMessage.NoteOn(1, 40 + i, 80));
            Pass(4); // the machine's note is in the kernel's queue by now, due in 8 ms
            program.Play(In, MidiMessage.NoteOn(0, 80, 70), MidiMessage.NoteOff(0, 80));
        }

        Await(() => program.NoteOns == 40);
        List<(long Time, MidiMessage Message)> ons = [.. program.Heard.Where(heard => heard.Message.IsNoteOn)];
        for (int i = 0; i < ons.Count; i += 2)
        {
            Assert.Equal((80, 0), (ons[i].Message.Data1, ons[i].Message.Channel));
            Assert.InRange(ons[i + 1].Time - ons[i].Time, 3 * Millisecond, 12 * Millisecond);
        }
    });

    [Fact]
    public void WhatIsWithdrawnIsNotHeardAndWhatSoundsIsReleased()
    {
        using AlsaMidi midi = Open("");
        using MidiProgram program = new();
        program.ListenTo(Out);
        long start = Clock.Now + (20 * Millisecond);
        Emit(start, MidiMessage.NoteOn(1, 60, 80));
        Emit(start + (1000 * Millisecond), MidiMessage.NoteOff(1, 60));
        Emit(start + (100 * Millisecond), MidiMessage.NoteOn(1, 62, 80));
        Emit(start + (200 * Millisecond), MidiMessage.NoteOff(1, 62));
        Await(() => program.NoteOns == 1);
        long now = Clock.Now;
        _lane.Emit(new OutputEvent(now, OutputKind.Withdraw, default));
        _lane.Emit(new OutputEvent(now, OutputKind.Release, default));
        Await(() => program.NoteOffs == 1);
        Pass(300);
        Assert.Equal((1, 1), (program.NoteOns, program.NoteOffs));
        Assert.Contains(program.Heard, heard => heard.Message == MidiMessage.Control(1, Controller.Sustain, 0));
    }

    [Fact]
    public void AReleaseNeverOvertakesItsNote() => Judge(() =>
    {
        using AlsaMidi midi = Open("");
        using MidiProgram program = new();
        program.ListenTo(Out);
        for (int i = 0; i < 40; i++)
        {
            Emit(Clock.Now + (11 * Millisecond), MidiMessage.NoteOn(1, 40 + i, 80));
            Pass(3);
            _lane.Emit(new OutputEvent(Clock.Now, OutputKind.Release, default));
            Pass(5);
        }

        Await(() => _lane.IsSilent && program.NoteOns == program.NoteOffs);
        Assert.InRange(program.NoteOns, 30, 40); // handed over before it was released
        HashSet<int> sounding = [];
        foreach ((long _, MidiMessage message) in program.Heard)
        {
            Assert.True(message.IsNoteOn ? sounding.Add(message.Data1) : !message.IsNoteOff || sounding.Remove(message.Data1));
        }

        Assert.Empty(sounding);
    });

    [Fact]
    public void AKeyboardIsWiredWheneverItIsPluggedIn()
    {
        PullOut();
        using AlsaMidi midi = Open("test piano");
        Assert.Equal(DeviceState.Waiting, midi.Input.Status.State);
        using MidiProgram listener = new();
        listener.ListenTo(Out);
        for (int round = 0; round < 2; round++)
        {
            PlugIn();
            Await(() => midi.Input.Status.State == DeviceState.Running);
            using MidiProgram program = new();
            program.Play(Keys, MidiMessage.NoteOn(0, 60 + round, 90), MidiMessage.Control(0, Controller.Sustain, 127));
            Await(() => Received.Count == (3 * round) + 2);
            Assert.Equal(MidiMessage.NoteOn(0, 60 + round, 90), Received[3 * round].Message);
            PullOut();
            Await(() => midi.Input.Status.State == DeviceState.Lost);
            Await(() => Received.Count == (3 * round) + 3);
            Assert.Equal(InputKind.InputLost, Received[^1].Kind);
            Await(() => listener.NoteOffs == round + 1);
            Await(() => listener.Heard.Exists(heard => heard.Message == MidiMessage.Control(0, Controller.Sustain, 0)));
        }
    }

    [Fact]
    public void AutoIsEveryHardwareKeyboardAndNothingElse()
    {
        PlugIn();
        using MidiProgram program = new("Some Program");
        using AlsaMidi midi = Open("auto");
        string text = midi.Input.Status.Text;
        Assert.Contains(Piano, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Midi Through", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Some Program", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Out, text, StringComparison.Ordinal);
    }

    [Fact]
    public void AWireThatTheUserTakesAwayStaysAway()
    {
        PlugIn();
        using AlsaMidi midi = Open("test piano");
        Run("aconnect", "-d", "Test Piano:0", "MusicRnn:0");
        Await(() => midi.Input.Status.State == DeviceState.Lost);
        using MidiProgram program = new(); // ports come, and are looked at again
        Pass(200);
        program.Play(Keys, MidiMessage.NoteOn(0, 60, 90), MidiMessage.NoteOff(0, 60));
        Pass(100);
        Assert.DoesNotContain(Received, received => received.Message.IsNoteOn);
    }

    [Fact]
    public void AMessageForTheKeyboardsReachesTheirOwnPort()
    {
        PlugIn();
        using AlsaMidi midi = Open("test piano");
        using MidiProgram program = new();
        program.ListenTo(Keys);
        midi.SendToKeyboards(MidiMessage.Control(1, 119, 2));
        Await(() => program.Heard.Count > 0);
        Assert.Equal(MidiMessage.Control(1, 119, 2), program.Heard[0].Message);
    }

    [Fact]
    public void TheOutputIsWiredToTheNamedDevice()
    {
        PlugIn();
        using AlsaMidi midi = Open("", "test piano");
        Assert.Contains(Piano, midi.Output.Status.Text, StringComparison.Ordinal);
        using MidiProgram program = new();
        program.ListenTo(Keys);
        Emit(Clock.Now + (20 * Millisecond), MidiMessage.NoteOn(1, 60, 80));
        Await(() => program.NoteOns == 1);
    }

    [Fact]
    public void EveryNamedReceiverIsWiredByOnePort()
    {
        using MidiProgram first = new("First module"), second = new("Second module");
        using AlsaMidi midi = Open("", "First module:ear", "second", "a third");
        Emit(Clock.Now + (20 * Millisecond), MidiMessage.NoteOn(1, 60, 80));
        Await(() => first.NoteOns == 1 && second.NoteOns == 1);
        Assert.Contains("\"a third\"", midi.Output.Status.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ClosingReleasesWhatSoundsAndTheKernelStillSaysSo()
    {
        using MidiProgram program = new();
        using (AlsaMidi midi = Open(""))
        {
            program.ListenTo(Out);
            for (int i = 0; i < 5; i++)
            {
                Emit(Clock.Now + (20 * Millisecond), MidiMessage.NoteOn(1, 60 + i, 80));
            }

            program.Play(In, MidiMessage.NoteOn(0, 80, 70));
            Await(() => program.NoteOns == 6);
        }

        Assert.Equal(6, program.NoteOffs);
        Assert.True(_ledger.IsSilent);
        Assert.Null(MidiProgram.Find(In));
    }

    [Fact]
    public void WhatAnEarlierRunLeftIsReleasedForWhoeverHearsFirst()
    {
        _lane.Emit(new OutputEvent(0, OutputKind.Midi, MidiMessage.NoteOn(1, 61, 80)));
        _lane.Collect(1, new TimedMessage[8]); // sent, and its note-off never
        using AlsaMidi midi = Open("");
        using MidiProgram program = new();
        Pass(50);
        program.ListenTo(Out);
        Await(() => program.NoteOffs == 1);
        Assert.Equal(61, program.Heard.Find(heard => heard.Message.IsNoteOff).Message.Data1);
    }

    [Fact]
    public void TurningDoesNotAllocate()
    {
        using SequencerLoop loop = new(Clock, new AlsaMidiOptions { InputDevice = "" }) { Player = _player, Lane = _lane };
        using MidiProgram program = new();
        program.ListenTo(Out);
        program.Play(In);
        loop.Turn();
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 20; i++)
            {
                program.Play(In, MidiMessage.NoteOn(0, 60 + i, 90), MidiMessage.NoteOff(0, 60 + i));
                Emit(Clock.Now + Millisecond, MidiMessage.NoteOn(1, 40 + i, 90));
                Emit(Clock.Now + (2 * Millisecond), MidiMessage.NoteOff(1, 40 + i));
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            loop.Turn();
            loop.UntilNext();
            loop.SendToKeyboards(MidiMessage.Control(1, 119, 1));
            Assert.True(round == 0 || GC.GetAllocatedBytesForCurrentThread() == before);
            Assert.Equal(40 * (round + 1), Received.Count);
            Await(() => program.NoteOffs == 40 * (round + 1));
        }
    }

    private AlsaMidi Open(string input, params string[] outputs)
    {
        Received.Clear();
        AlsaMidi midi = new(Clock, new AlsaMidiOptions { InputDevice = input, OutputDevices = outputs });
        midi.Input.Start(_player);
        midi.Output.Start(_lane);
        return midi;
    }

    private void Emit(long stamp, MidiMessage message) => _lane.Emit(new OutputEvent(stamp, OutputKind.Midi, message));
}
