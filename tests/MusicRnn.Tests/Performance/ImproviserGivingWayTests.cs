using FsCheck;
using FsCheck.Fluent;
using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

/// <summary>What happens when the player plays while the machine does.</summary>
public class ImproviserGivingWayTests
{
    [Fact]
    public void ANoteDuringAnAnswerEndsItAtOnce()
    {
        using Stage stage = Answering(5);
        double at = stage.Now + 2000;
        stage.Press(at, 60);
        Assert.Equal(ImproviserState.Listening, stage.Improviser.State);
        Assert.Equal(2, stage.Emitted.Count(item => item.Event == new OutputEvent((long)(at * Stage.Ms), OutputKind.Release, default)
            || item.Event == new OutputEvent((long)(at * Stage.Ms) - 1, OutputKind.Withdraw, default)));
        stage.Advance(at + 5000);
        Assert.DoesNotContain(stage.NoteOns, note => note.Stamp >= (long)(at * Stage.Ms));
        Assert.Equal(stage.Heard.Count(message => message.Message.IsNoteOn), stage.Heard.Count(message => message.Message.IsNoteOff));
    }

    [Fact]
    public void ReleasesAndPedalsOfThePlayerDoNotEndAnAnswer()
    {
        using Stage stage = new(parameters: (ParameterTable.Mode, (int)PerformanceMode.Endless));
        stage.PlayPhrase();
        stage.Press(2000, 50);
        stage.Push(2100, ParameterTable.TakeOver);
        stage.Advance(3000);
        stage.Release(3000, 50);
        stage.Pedal(3100, true);
        stage.Pedal(3200, false);
        stage.Advance(4000);
        Assert.Equal(ImproviserState.Answering, stage.Improviser.State);
    }

    [Fact]
    public void GivingWayAtAnyMomentLeavesExactlyTheMemoryOfWhatWasHeard()
    {
        int notes = 0;
        Prop.ForAll(Gen.Choose(0, 5000).Two().ToArbitrary(), moment =>
        {
            (int seed, int after) = moment;
            using Stage stage = Answering((ulong)seed);
            double at = stage.Now + after;
            stage.Press(at, 60, 50);
            stage.Release(at + 100, 60);
            stage.Advance(at + 200);
            notes += stage.NoteOns.Count();

            // Another, that never answers, hears the same: the player's keys, then the machine's as they sounded, then the player's again.
            using Stage fresh = new(parameters: (ParameterTable.Mode, (int)PerformanceMode.Listen));
            foreach (TimedMessage message in PhraseAnd(stage.Heard.Where(message => message.Stamp > 1000 * Stage.Ms).Select(OnAnotherChannel), at))
            {
                fresh.Take(InputEvent.Midi(message.Stamp, message.Message));
            }

            fresh.Advance(at + 200);
            Memories.AssertEqual(fresh.Improviser.Listener.Memory, stage.Improviser.Listener.Memory);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
        Assert.True(notes > 300);
    }

    [Fact]
    public void WhenBothPlayOnTheAnswerGoesOnAndEverythingIsHeardInOrder()
    {
        Prop.ForAll(Gen.Choose(0, 5000).ToArbitrary(), seed =>
        {
            using Stage stage = Answering((ulong)seed, (ParameterTable.PlayOn, 1));
            double at = stage.Now + 500;
            for (int i = 0; i < 8; i++)
            {
                stage.Press(at + (i * 130), 48 + i, 50);
                stage.Release(at + (i * 130) + 90, 48 + i);
            }

            double end = at + 1200;
            stage.Advance(end);
            Assert.Equal(ImproviserState.Answering, stage.Improviser.State);
            int machine = stage.NoteOns.Count(note => note.Stamp < (long)(end * Stage.Ms));
            stage.Push(end, ParameterTable.Panic);
            stage.Advance(end + 50);
            Assert.Equal(5 + 8 + machine, stage.Improviser.Listener.Memory.State.Notes + Doubled(stage, at));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Fact]
    public void WhenBothPlayOnWhatThePlayerPlaysIsHeardInTheAnswerWithinAQuarterOfASecond()
    {
        int different = 0;
        for (ulong seed = 0; seed < 10; seed++)
        {
            using Stage alone = Answering(seed, (ParameterTable.PlayOn, 1)), along = Answering(seed, (ParameterTable.PlayOn, 1));
            double at = alone.Now + 1000;
            along.Press(at, 90, 120);
            alone.Advance(at + 4000);
            along.Advance(at + 4000);
            long decided = (long)((at + 250) * Stage.Ms);
            Assert.Equal(alone.NoteOns.Where(note => note.Stamp <= decided), along.NoteOns.Where(note => note.Stamp <= decided));
            different += alone.NoteOns.SequenceEqual(along.NoteOns) ? 0 : 1;
        }

        Assert.True(different > 7);
    }

    [Fact]
    public void AfterBothHavePlayedThePlayersPhraseIsAnswered()
    {
        using Stage stage = Answering(3, (ParameterTable.PlayOn, 1), (ParameterTable.Length, 4), (ParameterTable.Mode, 0));
        double at = stage.Now;
        stage.PlayPhrase(40, at);
        stage.Advance(at + 60_000);
        Assert.Equal([1, 2, 1, 2, 0], stage.Emitted.Where(item => item.Event.Message.IsControl(119)).Select(item => (int)item.Event.Message.Data2).Skip(1));
        Assert.InRange(stage.Improviser.Listener.PhraseNotes, 0, 0);
    }

    [Fact]
    public void GivingWayBeforeTheFirstNoteLeavesThePhraseAsItWas()
    {
        using Stage stage = new(), fresh = new(parameters: (ParameterTable.Mode, (int)PerformanceMode.Listen));
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        double at = stage.Now + 5;
        stage.Press(at, 61);
        fresh.PlayPhrase();
        fresh.Press(at, 61);
        stage.Advance(at + 50);
        fresh.Advance(at + 50);
        Assert.Empty(stage.NoteOns);
        Memories.AssertEqual(fresh.Improviser.Listener.Memory, stage.Improviser.Listener.Memory);
    }

    [Fact]
    public void AChordMayComeInAnyOrderWithinItsFrame()
    {
        int[] chord = [48, 52, 55, 60, 64];
        Prop.ForAll(Gen.Shuffle(chord).ToArbitrary(), order =>
        {
            using Stage stage = Listening(), sorted = Listening();
            foreach ((Stage on, int[] keys) in ((Stage, int[])[])[(stage, [.. order]), (sorted, chord)])
            {
                on.PlayPhrase();
                for (int i = 0; i < keys.Length; i++)
                {
                    on.Press(2996 + (i * 1.5), keys[i]);
                }

                on.Advance(3100);
            }

            Assert.Equal(10, stage.Improviser.Listener.Memory.State.Notes);
            Memories.AssertEqual(sorted.Improviser.Listener.Memory, stage.Improviser.Listener.Memory);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    [Fact]
    public void ANoteIsFedWhenItsFrameIsOverAndNotBefore()
    {
        using Stage stage = new();
        stage.Press(1000, 60);
        stage.Advance(1004.9);
        Assert.Equal(0, stage.Improviser.Listener.Memory.State.Notes);
        stage.Advance(1005.1);
        Assert.Equal(1, stage.Improviser.Listener.Memory.State.Notes);
        for (long frame = 0; frame < 50; frame++)
        {
            Assert.Equal(frame, Grid.FrameOf(Listener.EndOf(frame) - 1));
            Assert.Equal(frame + 1, Grid.FrameOf(Listener.EndOf(frame)));
        }
    }

    [Fact]
    public void WhatIsFedLiveIsWhatTrainingFeeds()
    {
        // Keys that overlap, repeat and end within a frame, under a moving pedal, against the plainest reading of the definition.
        Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            using Stage stage = new(parameters: (ParameterTable.Mode, (int)PerformanceMode.Listen));
            List<(long On, long Off, int Pitch)> notes = [];
            List<(long At, bool Down)> pedal = [];
            long at = 0;
            bool down = false;
            for (int i = 0; i < 30; i++)
            {
                at += random.Next(3) == 0 ? random.Next(9_000_000) : random.Next(400_000_000);
                int pitch = 60 + random.Next(12);
                long off = at + 1 + random.Next(600_000_000);
                if (notes.All(note => note.Pitch != pitch || note.Off < at - (20 * Stage.Ms)))
                {
                    notes.Add((at, off, pitch));
                }

                pedal.Add((at + random.Next(50_000_000), down = !down));
            }

            pedal.Sort();
            long start = 1_000 * Stage.Ms, zero = notes[0].On;
            IEnumerable<(long At, int Rank, MidiMessage Message)> events =
            [
                .. notes.Select(note => (note.On, 1, MidiMessage.NoteOn(0, note.Pitch, 70))), .. notes.Select(note => (note.Off, 0, MidiMessage.NoteOff(0, note.Pitch))),
                .. pedal.Select(move => (move.At, 0, MidiMessage.Control(0, Controller.Sustain, move.Down ? 127 : 0))),
            ];
            foreach ((long time, int _, MidiMessage message) in events.OrderBy(item => item.At).ThenBy(item => item.Rank))
            {
                stage.Take(InputEvent.Midi(start + time, message));
            }

            stage.Advance(20_000);
            using var predictor = new Predictor(TestNetworks.Lively);
            using var state = new NetworkState(TestNetworks.Lively.Shape);
            long previous = -1;
            (long Frame, long Release, int Pitch)[] encoded =
                [.. notes.Select(note => (Frame: Grid.FrameOf(note.On - zero), Release: Math.Max(Grid.FrameOf(note.On - zero) + 1, Grid.FrameOf(note.Off - zero)), note.Pitch)).OrderBy(note => note.Item1).ThenBy(note => note.Pitch)];
            foreach ((long frame, long _, int pitch) in encoded)
            {
                foreach ((long other, long release, int key) in encoded.TakeWhile(note => note.Frame < frame || (note.Frame == frame && note.Pitch < pitch)))
                {
                    if (release <= frame && state.Context.Onset(NoteEncoding.PitchIndex(key)) == other)
                    {
                        state.Context.Release(NoteEncoding.PitchIndex(key), release);
                    }
                }

                bool isDown = pedal.LastOrDefault(move => Grid.FrameOf(move.At - zero) <= frame && move.At - zero < Listener.EndOf(frame)).Down;
                predictor.Feed(state, new NoteInput(previous < 0 ? NoteInput.Start : (int)(frame - previous), pitch, 70, isDown), frame);
                previous = frame;
            }

            double[] expected = new double[Grid.Bins], actual = new double[Grid.Bins];
            predictor.Steps(state, expected);
            predictor.Steps(stage.Improviser.Listener.Memory.State, actual);
            Assert.Equal(expected, actual);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    private static Stage Listening() => new(parameters: (ParameterTable.Mode, (int)PerformanceMode.Listen));

    private static Stage Answering(ulong seed, params (int, double)[] parameters)
    {
        Stage stage = new(settings: new() { Seed = seed }, parameters: [(ParameterTable.Mode, (int)PerformanceMode.Endless), .. parameters]);
        stage.PlayPhrase();
        stage.AdvanceToAnswer();
        return stage;
    }

    private static TimedMessage OnAnotherChannel(TimedMessage message) => message with { Message = message.Message.OnChannel(5) };

    private static IEnumerable<TimedMessage> PhraseAnd(IEnumerable<TimedMessage> answer, double at)
    {
        for (int note = 0; note < 5; note++)
        {
            yield return new((1000 + (note * 200)) * Stage.Ms, MidiMessage.NoteOn(0, 60 + (note * 5 % 12), 60 + note));
            yield return new((1150 + (note * 200)) * Stage.Ms, MidiMessage.NoteOff(0, 60 + (note * 5 % 12)));
        }

        foreach (TimedMessage message in answer.Where(message => message.Stamp <= (long)(at * Stage.Ms) && message.Message.Kind != MidiKind.ProgramChange))
        {
            yield return message;
        }

        yield return new((long)(at * Stage.Ms), MidiMessage.NoteOn(0, 60, 50));
        yield return new((long)((at + 100) * Stage.Ms), MidiMessage.NoteOff(0, 60));
    }

    /// <summary>Notes of both on one key in one frame, which are one to the network.</summary>
    private static int Doubled(Stage stage, double at)
    {
        HashSet<(long, int)> machine = [.. stage.NoteOns.Select(note => (Grid.FrameOf(note.Stamp - (1000 * Stage.Ms)), (int)note.Message.Data1))];
        return Enumerable.Range(0, 8).Count(i => machine.Contains((Grid.FrameOf((long)((at + (i * 130)) * Stage.Ms) - (1000 * Stage.Ms)), 48 + i)));
    }
}
