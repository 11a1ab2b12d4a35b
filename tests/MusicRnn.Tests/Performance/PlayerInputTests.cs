using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

public class PlayerInputTests
{
    private const long Millisecond = 1_000_000;
    private readonly OutputLane _lane = new(new NoteLedger(), returns: true);

    [Fact]
    public void WhatThePlayerPlaysGoesToTheImproviserAsItCameAndToTheOutputOnThePlayersChannel()
    {
        PlayerInput input = Input(new() { ThruChannel = 3 });
        input.Receive(5, MidiMessage.NoteOn(7, 60, 90));
        input.Receive(6, MidiMessage.NoteOn(7, 60, 0));
        Assert.Equal([InputEvent.Midi(5, MidiMessage.NoteOn(7, 60, 90)), InputEvent.Midi(6, MidiMessage.NoteOff(7, 60))], Events(input));
        Assert.Equal([new(5, MidiMessage.NoteOn(3, 60, 90)), new(6, MidiMessage.NoteOff(3, 60))], Collect(100));
    }

    [Fact]
    public void KnobsAndProgramsReachTheImproviserOnly()
    {
        PlayerInput input = Input(new() { Channel = 0 });
        input.Receive(1, MidiMessage.Control(9, 21, 5));
        input.Receive(2, MidiMessage.Program(0, 5));
        input.Receive(3, MidiMessage.Control(0, Controller.Sustain, 100));
        Assert.Equal(3, Events(input).Count);
        Assert.Equal([new(3, MidiMessage.Control(0, Controller.Sustain, 100))], Collect(100));
    }

    [Fact]
    public void AnotherChannelThanThePlayersIsNotHeard()
    {
        PlayerInput input = Input(new() { Channel = 0 });
        input.Receive(1, MidiMessage.NoteOn(1, 60, 90));
        input.Receive(1, MidiMessage.Control(1, Controller.Sustain, 100));
        Assert.Empty(Events(input));
        Assert.Empty(Collect(100));
    }

    [Fact]
    public void AChangeOfChannelsWhileAKeyIsDownDoesNotHangTheKey()
    {
        PlayerInput input = Input(new() { Channel = 0, ThruChannel = 0 });
        input.Receive(1, MidiMessage.NoteOn(0, 60, 90));
        input.Options = new() { Channel = 4, ThruChannel = 5 };
        input.Receive(2, MidiMessage.NoteOff(0, 60));
        Assert.Equal([new(1, MidiMessage.NoteOn(0, 60, 90)), new(2, MidiMessage.NoteOff(0, 60))], Collect(100));
        Assert.Equal(2, Events(input).Count);
    }

    [Theory]
    [InlineData(VelocityCurve.Linear, 40, 40)]
    [InlineData(VelocityCurve.Soft, 40, 63)]
    [InlineData(VelocityCurve.Hard, 40, 20)]
    [InlineData(VelocityCurve.Fixed, 40, 80)]
    [InlineData(VelocityCurve.Soft, 127, 127)]
    [InlineData(VelocityCurve.Hard, 1, 1)]
    public void TheVelocityCurveIsApplied(VelocityCurve curve, int sent, int heard)
    {
        PlayerInput input = Input(new() { Curve = curve });
        input.Receive(1, MidiMessage.NoteOn(0, 60, sent));
        Assert.Equal(heard, Events(input)[0].Message.Data2);
        Assert.Equal(heard, Collect(100)[0].Message.Data2);
    }

    [Fact]
    public void AnUnpluggedKeyboardHoldsNothingDown()
    {
        PlayerInput input = Input(new());
        input.Receive(1, MidiMessage.NoteOn(0, 60, 90));
        input.Receive(2, MidiMessage.Control(0, Controller.Sustain, 127));
        input.Lost(3);
        List<TimedMessage> heard = Collect(100);
        Assert.Equal([new(3, MidiMessage.NoteOff(0, 60)), new(3, MidiMessage.Control(0, Controller.Sustain, 0))], heard[2..]);
        Assert.Equal(InputKind.InputLost, Events(input)[^1].Kind);
        Assert.Equal(77, input.CompleteUntil(77));
    }

    [Fact]
    public void AnUnpluggedKeyboardLeavesNoPedalDownAndNoWheelBent()
    {
        MidiMessage[] moves =
        [
            MidiMessage.Control(5, Controller.Sostenuto, 127), MidiMessage.Control(5, Controller.Soft, 64), MidiMessage.Of(MidiKind.PitchBend, 5, 127, 127),
            MidiMessage.Of(MidiKind.ChannelPressure, 5, 90, 0), MidiMessage.Control(5, Controller.Modulation, 90),
        ];
        MidiMessage[] rests =
        [
            MidiMessage.Control(0, Controller.Sostenuto, 0), MidiMessage.Control(0, Controller.Soft, 0), MidiMessage.Of(MidiKind.PitchBend, 0, 0, 64),
            MidiMessage.Of(MidiKind.ChannelPressure, 0, 0, 0),
        ];
        PlayerInput input = Input(new());
        foreach (MidiMessage move in moves)
        {
            input.Receive(1, move);
        }

        input.Lost(3);
        Assert.Equal(rests, Collect(100)[moves.Length..].Select(heard => heard.Message));

        foreach (MidiMessage message in (MidiMessage[])[.. moves, .. rests.Select(rest => rest.OnChannel(5)), moves[0], MidiMessage.Control(5, Controller.ResetAllControllers, 0)])
        {
            input.Receive(200, message);
        }

        Collect(300);
        input.Lost(300);
        Assert.Empty(Collect(400)); // the player has put all of it back
    }

    [Fact]
    public void OfWhoLeavesWithoutHoldingAKeyTheImproviserLearnsNothingThatEndsATurn()
    {
        PlayerInput input = Input(new());
        input.Receive(1, MidiMessage.Of(MidiKind.PitchBend, 5, 127, 127));
        input.Left(3);
        Assert.Equal([new(1, MidiMessage.Of(MidiKind.PitchBend, 0, 127, 127)), new(3, MidiMessage.Of(MidiKind.PitchBend, 0, 0, 64))], Collect(100));
        Assert.Equal(InputEvent.Midi(3, MidiMessage.Of(MidiKind.PitchBend, 5, 0, 64)), Events(input)[^1]);

        input.Receive(200, MidiMessage.Control(0, Controller.Sustain, 127));
        input.Left(300);
        Assert.Equal(new(300, MidiMessage.Control(0, Controller.Sustain, 0)), Collect(400)[^1]);
        Assert.Equal(InputKind.InputLost, Events(input)[^1].Kind);
    }

    [Fact]
    public void WhatThePlayerHeldIsReleasedWhereTheLaneIsSilenced()
    {
        PlayerInput input = Input(new());
        input.Receive(1, MidiMessage.Control(0, Controller.Sostenuto, 127));
        input.Receive(1, MidiMessage.Of(MidiKind.PitchBend, 0, 0, 0));
        Assert.Equal(2, Collect(100).Count);
        _lane.Silence();
        Assert.Equal([MidiMessage.Control(0, Controller.Sostenuto, 0), MidiMessage.Of(MidiKind.PitchBend, 0, 0, 64)], Collect(101).Select(heard => heard.Message));
        Collect(102);
        Assert.True(_lane.IsSilent);
    }

    [Fact]
    public void WhereSomeOfWhatWasPlayedIsLostNothingIsHeld()
    {
        PlayerInput input = Input(new());
        input.Receive(1, MidiMessage.NoteOn(0, 60, 90));
        input.Overran(2);
        Assert.Equal(new(2, MidiMessage.NoteOff(0, 60)), Collect(100)[1]);
        Assert.Equal(InputKind.InputLost, Events(input)[^1].Kind);
        Assert.Equal(1, input.Overruns);
    }

    [Fact]
    public void AMessageThatReturnsIsNotHeardAgain()
    {
        PlayerInput input = Input(new());
        input.Receive(10 * Millisecond, MidiMessage.NoteOn(0, 60, 90));
        Assert.Single(Collect(20 * Millisecond));
        input.Receive(30 * Millisecond, MidiMessage.NoteOn(0, 60, 90));
        Assert.Single(Events(input));

        input.Receive(31 * Millisecond, MidiMessage.NoteOn(0, 60, 90)); // one cancels one
        input.Receive(200 * Millisecond, MidiMessage.NoteOn(0, 60, 90));
        Assert.Equal(2, Events(input).Count);
    }

    [Fact]
    public void AMessageOfTheMachineThatReturnsIsNotHeard()
    {
        PlayerInput input = Input(new());
        _lane.Emit(new(10 * Millisecond, OutputKind.Midi, MidiMessage.Control(1, 119, 2)));
        Assert.Single(Collect(20 * Millisecond));
        input.Receive(109 * Millisecond, MidiMessage.Control(1, 119, 2));
        Assert.Empty(Events(input));
    }

    [Fact]
    public void AFastRepetitionDoesNotHangTheKey()
    {
        PlayerInput input = Input(new());
        int offs = 0;
        for (int i = 0; i < 40; i++)
        {
            long stamp = (10 + (i * 70)) * Millisecond;
            input.Receive(stamp, MidiMessage.NoteOn(0, 60, 40 + i));
            Collect(stamp + 1);
            input.Receive(stamp + (35 * Millisecond), MidiMessage.NoteOff(0, 60));
            offs += Collect(stamp + (36 * Millisecond)).Count(sent => sent.Message.IsNoteOff);
        }

        Assert.Equal(40, offs);
        Assert.Equal(80, Events(input).Count);
    }

    [Fact]
    public void AFastRepetitionOfOneVelocityLosesNoNote()
    {
        PlayerInput input = Input(new());
        for (int i = 0; i < 40; i++)
        {
            long stamp = (10 + (i * 90)) * Millisecond;
            input.Receive(stamp, MidiMessage.NoteOn(0, 60, 100));
            Collect(stamp + 1);
            input.Receive(stamp + (45 * Millisecond), MidiMessage.NoteOff(0, 60));
            Collect(stamp + (46 * Millisecond));
        }

        Assert.Equal(80, Events(input).Count);
    }

    [Fact]
    public void ATremblingWheelNeverMutesWhatIsHeld()
    {
        PlayerInput input = Input(new());
        input.Receive(Millisecond, MidiMessage.NoteOn(0, 60, 100));
        for (int i = 0; i < 500; i++)
        {
            long stamp = (10 + (i * 20)) * Millisecond;
            input.Receive(stamp, MidiMessage.Control(0, Controller.Modulation, 63 + (i % 2)));
            Collect(stamp + 1);
            Assert.False(input.Echo.IsMuted);
        }

        List<InputEvent> events = Events(input);
        Assert.DoesNotContain(events, one => one.Kind == InputKind.InputLost);
        Assert.True(events.Count > 250);
    }

    [Fact]
    public void AControllerThatGoesRoundIsStopped()
    {
        PlayerInput input = Input(new());
        input.Receive(Millisecond, MidiMessage.Control(0, Controller.Modulation, 63));
        int rounds = 0;
        for (long now = 2; Collect(now * Millisecond) is { Count: > 0 } sent; now++, rounds++)
        {
            Assert.True(rounds < 100);
            input.Receive(now * Millisecond, sent[0].Message);
        }
    }

    [Fact]
    public void AfterAnEchoThatNobodyCanHavePlayedAControllerThatReturnsIsOneToo()
    {
        PlayerInput input = Input(new());
        input.Receive(10 * Millisecond, MidiMessage.NoteOn(0, 60, 90));
        Collect(11 * Millisecond);
        input.Receive(12 * Millisecond, MidiMessage.NoteOn(0, 60, 90));
        input.Receive(20 * Millisecond, MidiMessage.Control(0, Controller.Modulation, 63));
        Collect(21 * Millisecond);
        input.Receive(22 * Millisecond, MidiMessage.Control(0, Controller.Modulation, 63));
        Assert.Equal(2, Events(input).Count);
    }

    [Fact]
    public void ASteadyLoopMutesTheInputUntilItIsGone()
    {
        PlayerInput input = Input(new());
        long now = 0;
        for (int i = 0; i < 80 && !input.Echo.IsMuted; i++)
        {
            now += 20 * Millisecond;
            input.Receive(now, MidiMessage.NoteOn(0, 40 + (i % 40), 50));
            foreach (TimedMessage sent in Collect(now + 1))
            {
                input.Receive(now + Millisecond, sent.Message);
            }
        }

        Assert.True(input.Echo.IsMuted);
        Assert.Equal(InputKind.InputLost, Events(input)[^1].Kind);
        input.Receive(now + (2 * Millisecond), MidiMessage.NoteOn(0, 100, 51));
        Assert.Empty(Events(input));
        input.Receive(now + (5000 * Millisecond), MidiMessage.NoteOn(0, 100, 51));
        Assert.False(input.Echo.IsMuted);
        Assert.Single(Events(input));
    }

    [Fact]
    public void EveryNoteOffAndAgainMutesNothing()
    {
        PlayerInput input = Input(new());
        for (int round = 0; round < 3; round++)
        {
            long now = (1 + (round * 30)) * Millisecond;
            for (int key = 0; key < 128; key++)
            {
                input.Receive(now, MidiMessage.NoteOff(0, key));
            }

            Assert.Equal(round == 1 ? 0 : 128, Collect(now + 1).Count); // each that was sent cancels one
        }

        Assert.False(input.Echo.IsMuted);
        input.Receive(100 * Millisecond, MidiMessage.NoteOn(0, 60, 100));
        Assert.Equal(257, Events(input).Count);
    }

    [Fact]
    public void AfterAFullRingTheImproviserLearnsThatWhatWasHeldMayBeUp()
    {
        PlayerInput input = Input(new() { EchoWindow = 0 });
        for (int i = 0; i < 5000; i++)
        {
            input.Receive(i, MidiMessage.Control(0, 21, i & 127));
        }

        Assert.Equal(4096, Events(input).Count);
        input.Receive(6000, MidiMessage.NoteOn(0, 60, 1));
        Assert.Equal([InputKind.InputLost, InputKind.Midi], Events(input).Select(input => input.Kind));
    }

    [Fact]
    public void ReceivingDoesNotAllocate()
    {
        PlayerInput input = Input(new());
        TimedMessage[] due = new TimedMessage[64];
        for (int round = 0; round < 2; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                long stamp = ((round * 1000) + i) * Millisecond;
                input.Receive(stamp, MidiMessage.NoteOn(0, i % 128, 60));
                input.Receive(stamp, MidiMessage.NoteOff(0, i % 128));
                input.Receive(stamp, MidiMessage.Control(0, Controller.Sustain, i % 128));
                _lane.Emit(new(stamp, OutputKind.Midi, MidiMessage.NoteOn(1, i % 128, 70)));
                _lane.Emit(new(stamp + 5, OutputKind.Midi, MidiMessage.NoteOff(1, i % 128)));
                _lane.Collect(stamp + 1, due);
                while (input.Events.TryRead(out _))
                {
                }
            }

            input.Lost(1000 * Millisecond);
            if (round == 1)
            {
                Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }
    }

    private PlayerInput Input(PlayerInputOptions options) => new("test", options, [_lane]);

    private static List<InputEvent> Events(PlayerInput input)
    {
        List<InputEvent> events = [];
        while (input.Events.TryRead(out InputEvent next))
        {
            events.Add(next);
        }

        return events;
    }

    private List<TimedMessage> Collect(long until)
    {
        TimedMessage[] due = new TimedMessage[256];
        return [.. due[.._lane.Collect(until, due)]];
    }
}
