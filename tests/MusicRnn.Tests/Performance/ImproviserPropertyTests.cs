using FsCheck;
using FsCheck.Fluent;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

/// <summary>What holds whatever happens.</summary>
public class ImproviserPropertyTests
{
    private static readonly Arbitrary<int[]> Histories = Gen.Choose(0, int.MaxValue - 1).ArrayOf().Resize(60).ToArbitrary();

    [Fact]
    public void WhateverHappensEveryNoteEndsOnceAndThePedalIsUpAtTheEnd()
    {
        int notes = 0;
        Prop.ForAll(Histories, history =>
        {
            (string? fault, IReadOnlyList<OutputEvent> emitted) = ImproviserHistory.Play(history, 1);
            notes += emitted.Count(output => output.Message.IsNoteOn);
            return fault is null ? true.ToProperty() : false.Label(fault);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithEndSize(60));
        Assert.True(notes > 1000, "the machine hardly played");
    }

    [Fact]
    public void HoweverOftenItIsAdvancedItSaysTheSame()
    {
        Prop.ForAll(Histories, history =>
        {
            (string? _, IReadOnlyList<OutputEvent> finely) = ImproviserHistory.Play(history, 1);
            (string? _, IReadOnlyList<OutputEvent> coarsely) = ImproviserHistory.Play(history, 1_000_000);
            (string? _, IReadOnlyList<OutputEvent> between) = ImproviserHistory.Play(history, 37);
            Assert.Equal(finely, coarsely);
            Assert.Equal(finely, between);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(60));
    }

    [Fact]
    public void TheSameInputAndSeedGiveTheSameNotesAndAnotherSeedGivesOthers()
    {
        TimedMessage[] first = Play(1), again = Play(1), other = Play(2);
        Assert.NotEmpty(first);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);

        static TimedMessage[] Play(ulong seed)
        {
            using Stage stage = new(settings: new() { Seed = seed }, parameters: (ParameterTable.Length, 40));
            stage.PlayPhrase();
            stage.AdvanceToAnswer();
            stage.AdvanceToIdle();
            return [.. stage.Heard];
        }
    }

    [Fact]
    public void PlayingANoteDoesNotAllocate()
    {
        var sink = new Nowhere();
        var table = new ParameterTable();
        table.SetUnit(ParameterTable.PlayOn, 1);
        using var improviser = new Improviser(TestNetworks.Lively, table, new() { Seed = 1 }, sink);
        improviser.Start(0);
        InputEvent[] inputs = new InputEvent[4000];
        var random = new Random(1);
        long stamp = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            stamp += random.Next(300_000_000);
            inputs[i] = KnobMap.Default.Translate(InputEvent.Midi(stamp, random.Next(8) switch
            {
                0 => MidiMessage.Control(0, 21 + random.Next(6), random.Next(128)),
                1 => MidiMessage.Control(0, Controller.Sustain, random.Next(2) * 127),
                2 => MidiMessage.Control(0, 112 + random.Next(7), random.Next(2) * 127),
                3 => MidiMessage.Control(0, Controller.AllNotesOff, 0),
                4 => random.Next(10) == 0 ? MidiMessage.Program(0, random.Next(128)) : MidiMessage.NoteOff(0, 60 + random.Next(8)),
                5 => MidiMessage.NoteOff(0, 60 + random.Next(8)),
                _ => MidiMessage.NoteOn(0, 60 + random.Next(8), 1 + random.Next(127)),
            }));
        }

        Run(0, 1000); // everything is compiled
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(1000, inputs.Length);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(sink.NoteOns > 500);
        Assert.Equal(0, allocated);

        void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                improviser.Receive(inputs[i]);
            }
        }
    }

    [Fact]
    public void ADayOfPlayingIsAsExactAsItsFirstMinute()
    {
        const double Day = 24 * 3600 * 1000.0;
        using Stage late = new(), early = new();
        early.PlayPhrase();
        late.Improviser.Receive(InputEvent.Set((long)(3 * Day * Stage.Ms), ParameterTable.Reset, 1));
        foreach (int note in Enumerable.Range(0, 5))
        {
            long at = (long)((3 * Day) + 1000 + (note * 200)) * Stage.Ms;
            late.Improviser.Receive(InputEvent.Midi(at, MidiMessage.NoteOn(0, 60 + (note * 5 % 12), 60 + note)));
            late.Improviser.Receive(InputEvent.Midi(at + (150 * Stage.Ms), MidiMessage.NoteOff(0, 60 + (note * 5 % 12))));
        }

        Assert.Equal(early.Improviser.Turn, late.Improviser.Turn - (long)(3 * Day * Stage.Ms));
        Memories.AssertEqual(early.Improviser.Listener.Memory, late.Improviser.Listener.Memory);
    }

    [Fact]
    public void StretchedTimeGoesThereAndBack()
    {
        Prop.ForAll(Gen.Choose(1, 400).ArrayOf().ToArbitrary(), scales =>
        {
            var timeline = new Timeline();
            timeline.Begin(5000);
            long at = 5000;
            foreach (int scale in scales)
            {
                at += scale * 1_000_003L;
                timeline.SetScale(at, scale / 100.0);
            }

            long last = long.MinValue;
            for (long stamp = 5000; stamp < at + 10_000_000; stamp += 777_777)
            {
                long model = timeline.ToModel(stamp);
                Assert.True(model >= last);
                last = model;
                if (scales.Length < 60)
                {
                    Assert.InRange(timeline.ToStamp(model) - stamp, -4, 4);
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    private sealed class Nowhere : IOutputSink
    {
        public int NoteOns { get; private set; }

        public void Emit(in OutputEvent output) => NoteOns += output.Message.IsNoteOn ? 1 : 0;
    }
}
