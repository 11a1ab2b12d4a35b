using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

/// <summary>What the machine plays in its turn.</summary>
public class ImproviserAnswerTests
{
    [Fact]
    public void TheFirstNoteComesTenMillisecondsAfterTheTurnAtTheEarliestAndByTheLatestEntry()
    {
        for (ulong seed = 0; seed < 30; seed++)
        {
            using Stage stage = new(TestNetworks.Slow, new() { Seed = seed }, (ParameterTable.MaxEntrySeconds, 0.5));
            stage.PlayPhrase();
            long turn = stage.Improviser.Turn;
            stage.AdvanceToAnswer();
            stage.Advance(stage.Now + 1000);
            Assert.InRange(stage.NoteOns.First().Stamp, turn + (10 * Stage.Ms), turn + (500 * Stage.Ms));
        }
    }

    [Fact]
    public void NothingIsSaidBeforeTheTurnAndNothingIsLate()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            using Stage stage = new(settings: new() { Seed = seed });
            stage.PlayPhrase();
            long turn = stage.Improviser.Turn;
            stage.AdvanceToAnswer();
            stage.AdvanceToIdle();
            foreach ((long now, OutputEvent output) in stage.Emitted.Where(item => item.Event.Kind == OutputKind.Midi && (item.Event.Message.IsNoteOn || item.Event.Message.IsNoteOff)))
            {
                Assert.True(now > turn);
                Assert.True(output.Stamp >= now + (8 * Stage.Ms), $"{output} said at {now}");
            }
        }
    }

    [Fact]
    public void NoMoreThanAQuarterOfASecondIsSaidAhead()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            using Stage stage = new(settings: new() { Seed = seed });
            stage.PlayPhrase();
            stage.AdvanceToAnswer();
            stage.AdvanceToIdle();
            Assert.All(stage.Emitted, item => Assert.True(item.Event.Stamp <= item.Now + (250 * Stage.Ms)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(126)]
    public void AnAnswerHasTheAskedLengthWithinAQuarter(int length)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            using Stage stage = new(settings: new() { Seed = seed }, parameters: (ParameterTable.Length, length));
            stage.PlayPhrase();
            stage.AdvanceToAnswer();
            stage.AdvanceToIdle();
            Assert.InRange(stage.NoteOns.Count(), length, length + (length / 4));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    public void AtLengthZeroAnAnswerIsAsLongAsWhatWasPlayed(int played)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            using Stage stage = new(settings: new() { Seed = seed });
            stage.PlayPhrase(played);
            stage.AdvanceToAnswer();
            stage.AdvanceToIdle();
            Assert.InRange(stage.NoteOns.Count(), played, played + (played / 4));
        }
    }

    [Fact]
    public void AnAnswerClosesBeforeALongStepWhereOneComesInTime()
    {
        AnswerLength length = default;
        length.Place(10);
        foreach (long step in (long[])[20, 0, 20, 20, 0, 20, 20, 20])
        {
            length.Place(step);
        }

        Assert.Equal(9, length.Notes);
        Assert.False(Closes(12, 100)); // not long enough yet
        Assert.False(Closes(8, 0)); // within a chord
        Assert.False(Closes(8, 20) && Closes(9, 20)); // 10 and 11 are the most, and a chord of two has room in one
        Assert.True(Closes(8, 30)); // a step one and a half as long as the mean
        Assert.True(Closes(7, 20)); // there is no room for another chord
        Assert.False(length.ClosesBefore(AskedLength.Endless, 1000, 1000));

        bool Closes(int asked, long step) => length.ClosesBefore(AskedLength.OfNotes(asked), step, 0);
    }

    [Fact]
    public void AnAnswerMeasuredInTimeClosesBeforeALongStepWhereOneComesInTime()
    {
        AnswerLength length = default;
        length.Place(10);
        length.Place(20);
        length.Place(20);
        Assert.False(Closes(step: 100, seconds: 9.9)); // not long enough yet
        Assert.True(Closes(step: 30, seconds: 10));
        Assert.False(Closes(step: 20, seconds: 12.5));
        Assert.True(Closes(step: 20, seconds: 12.6)); // a quarter more is the most
        Assert.False(Closes(step: 0, seconds: 12.6)); // within a chord

        bool Closes(long step, double seconds) => length.ClosesBefore(AskedLength.OfSeconds(10), step, (long)(seconds * 1e9));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(30)]
    public void AnAnswerMeasuredInTimeIsAsLongAsAskedWithinAQuarter(double seconds)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            using Stage stage = new(settings: new() { Seed = seed, Length = AskedLength.OfSeconds(seconds) }, parameters: (ParameterTable.Length, 1));
            stage.PlayPhrase();
            stage.AdvanceToAnswer();
            stage.AdvanceToIdle();
            long first = stage.NoteOns.First().Stamp;
            const double Frame = 0.01; // a chord is played to its end
            Assert.InRange((stage.NoteOns.Last().Stamp - first) / 1e9, seconds / 3, (seconds * 1.25) + Frame);
        }
    }

    [Fact]
    public void AnAnswerMayBeAskedToBeLongerThanTheKnobCanSay()
    {
        using Stage stage = new(settings: new() { Seed = 1, Length = AskedLength.OfNotes(400) }, parameters: (ParameterTable.Length, 1));
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        stage.AdvanceToIdle();
        Assert.InRange(stage.NoteOns.Count(), 400, 500);
    }

    [Fact]
    public void TheLengthKnobIsHeardDuringAnAnswer()
    {
        using Stage stage = new(parameters: (ParameterTable.Length, ParameterTable.EndlessLength));
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        stage.Advance(stage.Now + 10_000);
        Assert.Equal(ImproviserState.Answering, stage.Improviser.State);
        double turned = stage.Now;
        stage.Set(turned, ParameterTable.Length, 4);
        stage.Advance(turned + 5000);
        Assert.DoesNotContain(stage.NoteOns, note => note.Stamp > (long)((turned + 251) * Stage.Ms));
        stage.AdvanceToIdle();
    }

    [Fact]
    public void EndlessGoesOnUntilThePlayerPlays()
    {
        using Stage stage = new(parameters: (ParameterTable.Mode, (int)PerformanceMode.Endless));
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        stage.Advance(300_000);
        Assert.Equal(ImproviserState.Answering, stage.Improviser.State);
        Assert.True(stage.NoteOns.Last().Stamp > 280_000 * Stage.Ms); // a step of this network may last twenty seconds
        stage.Press(300_000, 60);
        Assert.Equal(ImproviserState.Listening, stage.Improviser.State);
    }

    [Fact]
    public void SwitchingToEndlessLetsAnAnswerGoOnAndSwitchingBackLetsItEnd()
    {
        using Stage stage = new(parameters: (ParameterTable.Length, 8));
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        stage.Set(stage.Now, ParameterTable.Mode, (int)PerformanceMode.Endless);
        stage.Advance(stage.Now + 30_000);
        Assert.Equal(ImproviserState.Answering, stage.Improviser.State);
        stage.Set(stage.Now, ParameterTable.Mode, (int)PerformanceMode.CallAndResponse);
        stage.AdvanceToIdle();
        stage.Set(stage.Now + 100, ParameterTable.Mode, (int)PerformanceMode.Endless); // carries on from what was heard
        stage.Advance(stage.Now + 1000);
        Assert.Equal(ImproviserState.Answering, stage.Improviser.State);
        double switched = stage.Now;
        stage.Set(switched, ParameterTable.Mode, (int)PerformanceMode.Listen);
        stage.Advance(switched + 20_000);
        Assert.Equal(ImproviserState.Idle, stage.Improviser.State);
        Assert.DoesNotContain(stage.NoteOns, note => note.Stamp >= (long)(switched * Stage.Ms));
    }

    [Theory]
    [InlineData(ParameterTable.Temperature, 0.1)]
    [InlineData(ParameterTable.TopP, 0.5)]
    [InlineData(ParameterTable.TimeScale, 4)]
    [InlineData(ParameterTable.VelocityScale, 2)]
    public void AKnobIsHeardWithinAQuarterOfASecondAndChangesNothingBefore(int parameter, double value)
    {
        (int Parameter, double Value)[] parameters = [(ParameterTable.Mode, (int)PerformanceMode.Endless), (ParameterTable.Temperature, 1.5), (ParameterTable.TopP, 1)];
        using Stage turned = new(parameters: parameters), still = new(parameters: parameters);
        foreach (Stage stage in (Stage[])[turned, still])
        {
            stage.PlayPhrase();
            stage.Advance(8000);
        }

        turned.Set(8000, parameter, value);
        foreach (Stage stage in (Stage[])[turned, still])
        {
            stage.Advance(12_000);
        }

        long decided = 8250 * Stage.Ms;
        TimedMessage[] before = [.. still.NoteOns.Where(note => note.Stamp < decided)], after = [.. still.NoteOns.Where(note => note.Stamp > decided)];
        Assert.Equal(before, turned.NoteOns.Where(note => note.Stamp < decided));
        Assert.NotEqual(after.Take(3), turned.NoteOns.Where(note => note.Stamp > decided).Take(3));
        Assert.All(turned.NoteOns.Where(note => note.Stamp < decided), note => Assert.True(note.Stamp <= 8250 * Stage.Ms));
    }

    [Fact]
    public void AKnobThatMovesOnAndOnDoesNotStopTheMusic()
    {
        using Stage stage = new(parameters: (ParameterTable.Mode, (int)PerformanceMode.Endless));
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        double from = stage.Now;
        for (int i = 0; i < 1000; i++)
        {
            stage.Set(from + (i * 10), ParameterTable.Temperature, 0.8 + (i % 10 / 20.0));
        }

        stage.Advance(from + 10_000);
        Assert.InRange(stage.NoteOns.Count(), 20, 2000);
    }

    [Fact]
    public void AKnobMovedBeforeTheTurnIsHeardInTheFirstChord()
    {
        for (ulong seed = 0; seed < 5; seed++)
        {
            using Stage moved = new(settings: new() { Seed = seed }), before = new(settings: new() { Seed = seed });
            moved.PlayPhrase();
            before.PlayPhrase();
            long turn = moved.Turn;
            moved.Set(turn - 1, ParameterTable.VelocityScale, 2);
            moved.Set(turn - 1, ParameterTable.MaxEntrySeconds, 0.05);
            moved.AdvanceToAnswer();
            moved.Advance(turn + 3000);
            Assert.InRange(moved.FirstOnset, turn + 10, turn + 52);
        }
    }

    [Fact]
    public void TheVelocityScaleIsOneInTheMiddleAndScalesWhatTheModelSays()
    {
        using Stage plain = new(parameters: (ParameterTable.Length, 30)), soft = new(parameters: [(ParameterTable.Length, 30), (ParameterTable.VelocityScale, 0.5)]);
        foreach (Stage stage in (Stage[])[plain, soft])
        {
            stage.PlayPhrase();
            stage.AdvanceToAnswer();
            stage.AdvanceToIdle();
        }

        Assert.Equal(plain.NoteOns.Select(note => (note.Stamp, note.Message.Data1, Math.Clamp((int)Math.Round(note.Message.Data2 * 0.5), 1, 127))),
            soft.NoteOns.Select(note => (note.Stamp, note.Message.Data1, (int)note.Message.Data2)));
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(2)]
    [InlineData(4)]
    public void TheTimeScaleStretchesWhatIsHeardAndNotWhatIsFed(double scale)
    {
        using Stage stage = new(parameters: [(ParameterTable.Mode, (int)PerformanceMode.Endless), (ParameterTable.TimeScale, scale)]);
        stage.PlayPhrase();
        long turn = stage.Improviser.Turn;
        stage.AdvanceToAnswer();
        stage.Advance(stage.Now + 5000);
        stage.Push(stage.Now, ParameterTable.Panic);
        long lastOnset = stage.NoteOns.Last().Stamp;
        long fed = (turn - (1000 * Stage.Ms)) + (long)((lastOnset - turn) / scale); // in the model's time, from the first note
        stage.Advance(stage.Now + 100);
        Assert.InRange(stage.Improviser.Listener.Memory.Frame, Grid.FrameOf(fed) - 1, Grid.FrameOf(fed) + 1);
    }

    [Fact]
    public void AfterAStretchedAnswerThePlayersTimeIsTheirOwn()
    {
        using Stage stage = new(parameters: [(ParameterTable.Mode, (int)PerformanceMode.Endless), (ParameterTable.TimeScale, 4)]);
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        stage.Advance(stage.Now + 5000);
        double at = stage.Now;
        stage.Press(at, 60);
        stage.Advance(at + 50);
        long frame = stage.Improviser.Listener.Memory.Frame;
        stage.Press(at + 500, 62);
        stage.Advance(at + 550);
        Assert.Equal(50, stage.Improviser.Listener.Memory.Frame - frame);
    }

    [Fact]
    public void TheMachineHoldsNoKeyLongerThanAllowed()
    {
        using Stage stage = new(TestNetworks.Slow, parameters: [(ParameterTable.MaxNoteSeconds, 0.3), (ParameterTable.TimeScale, 2), (ParameterTable.Mode, (int)PerformanceMode.Endless)]);
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        stage.Advance(120_000);
        Dictionary<int, long> struck = [];
        foreach (TimedMessage message in stage.Heard)
        {
            if (message.Message.IsNoteOn)
            {
                struck[message.Message.Data1] = message.Stamp;
            }
            else if (message.Message.IsNoteOff)
            {
                Assert.InRange(message.Stamp - struck[message.Message.Data1], 1, 301 * Stage.Ms);
            }
        }

        Assert.NotEmpty(struck);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(46, true)]
    [InlineData(16, false)]
    [InlineData(40, false)]
    [InlineData(89, false)]
    public void OnlyInstrumentsThatDieAwayGetAPedal(int program, bool pedal)
    {
        using Stage stage = new(parameters: [(ParameterTable.Mode, (int)PerformanceMode.Endless), (ParameterTable.Program, program)]);
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        stage.Advance(60_000);
        Assert.Equal(pedal, stage.Heard.Any(message => message.Message.IsControl(Controller.Sustain) && message.Message.Data2 == 127));
        Assert.Contains(stage.Heard, message => message.Message == MidiMessage.Program(1, program));
    }

    [Fact]
    public void AProgramChangePicksTheInstrumentAtOnceAndTheAnswerGoesOn()
    {
        using Stage stage = new(parameters: (ParameterTable.Mode, (int)PerformanceMode.Endless));
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        stage.Advance(8000);
        stage.Send(8000, MidiMessage.Program(0, 46));
        Assert.Equal(46, stage.Table.Step(ParameterTable.Program));
        stage.Advance(12_000);
        Assert.Equal(ImproviserState.Answering, stage.Improviser.State);
        int changed = stage.Heard.ToList().FindIndex(message => message.Message == MidiMessage.Program(1, 46));
        Assert.Equal(8000 * Stage.Ms, stage.Heard[changed].Stamp);
        Assert.Empty(Sounding(stage.Heard.Take(changed)));
        Assert.Contains(stage.NoteOns, note => note.Stamp > 8000 * Stage.Ms);
        Assert.All(stage.NoteOns.Where(note => note.Stamp > 8000 * Stage.Ms), note => Assert.True(note.Stamp >= 8010 * Stage.Ms));
    }

    [Fact]
    public void ProgramChangesCanBeTurnedOff()
    {
        using Stage stage = new(parameters: (ParameterTable.FollowProgram, 0));
        stage.Send(100, MidiMessage.Program(0, 46));
        Assert.Equal(0, stage.Table.Step(ParameterTable.Program));
        Assert.DoesNotContain(stage.Heard, message => message.Message == MidiMessage.Program(1, 46));
    }

    [Fact]
    public void PanicSilencesBothChannelsAndNothingFollows()
    {
        using Stage stage = new(parameters: (ParameterTable.Mode, (int)PerformanceMode.Endless));
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        stage.Advance(8000);
        stage.Press(8000, 50);
        stage.Press(8000, 55);
        stage.Send(8100, MidiMessage.Control(0, 118, 127));
        foreach (int channel in (int[])[0, 1])
        {
            foreach (int controller in (int[])[Controller.AllSoundOff, Controller.ResetAllControllers, Controller.Sustain, Controller.Sostenuto, Controller.Soft])
            {
                Assert.Contains(stage.Emitted, item => item.Event.Message == MidiMessage.Control(channel, controller, 0));
            }

            Assert.Contains(stage.Emitted, item => item.Event.Message == MidiMessage.Of(MidiKind.PitchBend, channel, 0, 64));
        }

        stage.Advance(30_000);
        Assert.Equal(ImproviserState.Idle, stage.Improviser.State);
        Assert.DoesNotContain(stage.NoteOns, note => note.Stamp >= 8000 * Stage.Ms);
    }

    [Fact]
    public void ResetForgetsTheMusic()
    {
        using Stage stage = new(), fresh = new();
        stage.PlayPhrase(from: 1000);
        stage.Push(3000, ParameterTable.Reset);
        Assert.Equal(0, stage.Improviser.Listener.Memory.State.Notes);
        stage.PlayPhrase(from: 11_000);
        fresh.PlayPhrase(from: 1000);
        Assert.Equal(fresh.Turn + 10_000, stage.Turn);
        Memories.AssertEqual(fresh.Improviser.Listener.Memory, stage.Improviser.Listener.Memory);
    }

    [Fact]
    public void TheLastAnswerIsLoopedUntilTheButtonIsPressedAgain()
    {
        using Stage stage = new(parameters: (ParameterTable.Length, 6));
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        stage.AdvanceToIdle();
        int[] answer = [.. stage.NoteOns.Select(note => (int)note.Message.Data1)];
        long[] onsets = [.. stage.NoteOns.Select(note => note.Stamp)];
        double pressed = stage.Now + 1000;
        stage.Push(pressed, ParameterTable.Loop);
        stage.Advance(pressed + 120_000);
        Assert.Equal(ImproviserState.Answering, stage.Improviser.State);
        TimedMessage[] looped = [.. stage.NoteOns.Where(note => note.Stamp >= (long)(pressed * Stage.Ms))];
        Assert.True(looped.Length >= 2 * answer.Length);
        for (int i = 0; i < looped.Length; i++)
        {
            Assert.Equal(answer[i % answer.Length], looped[i].Message.Data1);
            Assert.Equal(onsets[i % answer.Length] - onsets[0], looped[i].Stamp - looped[i - (i % answer.Length)].Stamp);
        }

        double again = stage.Now;
        stage.Push(again, ParameterTable.Loop);
        stage.Advance(again + 10_000);
        Assert.Equal(ImproviserState.Idle, stage.Improviser.State);
        Assert.DoesNotContain(stage.NoteOns, note => note.Stamp >= (long)(again * Stage.Ms));
    }

    [Fact]
    public void AnAnswerUnderWayCanBeLoopedAndTheLoopGivesWayToo()
    {
        using Stage stage = new(parameters: (ParameterTable.Mode, (int)PerformanceMode.Endless));
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        stage.Advance(6000);
        int heard = stage.NoteOns.Count();
        stage.Push(6000, ParameterTable.Loop);
        stage.Advance(40_000);
        int[] pitches = [.. stage.NoteOns.Select(note => (int)note.Message.Data1)];
        Assert.Equal(pitches[..heard], pitches[heard..(2 * heard)]);
        stage.Press(40_000, 60);
        Assert.Equal(ImproviserState.Listening, stage.Improviser.State);
        stage.Advance(40_001);
        Assert.Empty(Sounding(stage.Heard));
    }

    [Fact]
    public void AnEndingReleasesEverythingAndLiftsThePedal()
    {
        using Stage stage = new(parameters: (ParameterTable.Length, 20));
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        stage.AdvanceToIdle();
        stage.Advance(stage.Now + 1);
        Assert.Empty(Sounding(stage.Heard));
        Assert.Equal(0, stage.Heard.Last(message => message.Message.IsControl(Controller.Sustain)).Message.Data2);
        Assert.Equal(OutputKind.Release, stage.Emitted.Last(item => item.Event.Kind != OutputKind.Midi).Event.Kind);
    }

    [Fact]
    public void StoppingReleasesEverything()
    {
        using Stage stage = new(parameters: (ParameterTable.Mode, (int)PerformanceMode.Endless));
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        stage.Advance(8000);
        stage.Improviser.Stop(8000 * Stage.Ms);
        Assert.Equal(long.MaxValue, stage.Improviser.NextWake);
        stage.Advance(20_000);
        Assert.Empty(Sounding(stage.Heard));
        Assert.DoesNotContain(stage.NoteOns, note => note.Stamp >= 8000 * Stage.Ms);
    }

    private static HashSet<int> Sounding(IEnumerable<TimedMessage> messages)
    {
        HashSet<int> sounding = [];
        foreach (MidiMessage message in messages.Select(item => item.Message))
        {
            if (message.IsNoteOn)
            {
                Assert.True(sounding.Add(message.Data1), $"{message} is struck while it sounds");
            }
            else if (message.IsNoteOff)
            {
                Assert.True(sounding.Remove(message.Data1), $"{message} ends nothing");
            }
        }

        return sounding;
    }
}
