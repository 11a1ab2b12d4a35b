using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

public class LaneRendererTests
{
    private readonly OutputLane _lane = new(new NoteLedger(), returns: false);
    private readonly float[] _left = new float[128];
    private readonly float[] _right = new float[128];

    [Fact]
    public void EveryMessageIsPlayedAtItsExactFrame()
    {
        FrameTime time = new(777, 48_000);
        LaneRenderer renderer = new(_lane, new ClickInstrument());
        Emit(time.StampOf(3), 10);
        Emit(time.StampOf(3), 20);
        Emit(time.StampOf(127), 30);
        Emit(time.StampOf(128) - 1, 40); // begins within frame 127, so it is due at 128
        Emit(time.StampOf(200), 50);
        Emit(time.StampOf(255), 60);
        renderer.Render(time, 0, _left, _right);
        Assert.Equal([(3, 20), (127, 30)], Clicks());
        renderer.Render(time, 128, _left, _right);
        Assert.Equal([(0, 40), (72, 50), (127, 60)], Clicks());
        Assert.Equal(_left, _right);
    }

    [Fact]
    public void WhatComesLateIsPlayedAtOnce()
    {
        FrameTime time = new(0, 48_000);
        LaneRenderer renderer = new(_lane, new ClickInstrument());
        renderer.Render(time, 0, _left, _right);
        Emit(time.StampOf(5), 10);
        renderer.Render(time, 128, _left, _right);
        Assert.Equal([(0, 10)], Clicks());
    }

    [Fact]
    public void ABlockMayHoldMoreThanOneBufferOfMessages()
    {
        FrameTime time = new(0, 48_000);
        LaneRenderer renderer = new(_lane, new ClickInstrument());
        for (int i = 0; i < 1000; i++)
        {
            Emit(time.StampOf(i / 8), 1 + (i % 100));
        }

        renderer.Render(time, 0, _left, _right);
        Assert.Equal(125, Clicks().Count);
    }

    [Fact]
    public void AnInstrumentThatTakesOverIsToldWhatLasts()
    {
        FrameTime time = new(0, 48_000);
        LaneRenderer renderer = new(_lane, new ClickInstrument());
        foreach (MidiMessage message in (MidiMessage[])[
            MidiMessage.Program(1, 40), MidiMessage.Control(1, Controller.BankSelect, 3), MidiMessage.Control(0, Controller.Volume, 90),
            MidiMessage.Control(0, Controller.Sustain, 127), MidiMessage.Of(MidiKind.PitchBend, 0, 5, 70), MidiMessage.NoteOn(0, 60, 5)])
        {
            _lane.Emit(new(0, OutputKind.Midi, message));
        }

        renderer.Render(time, 0, _left, _right);
        ClickInstrument successor = new();
        renderer.Exchange(successor);
        renderer.Render(time, 128, _left, _right);
        Assert.Equal(
            [MidiMessage.Control(0, Controller.Volume, 90), MidiMessage.Control(0, Controller.Sustain, 127), MidiMessage.Of(MidiKind.PitchBend, 0, 5, 70), MidiMessage.Control(1, Controller.BankSelect, 3), MidiMessage.Program(1, 40)],
            successor.Played);
    }

    [Fact]
    public void WhatSomebodyElsesChannelWasToldIsForgotten()
    {
        FrameTime time = new(0, 48_000);
        LaneRenderer renderer = new(_lane, new ClickInstrument { ChannelUse = 1 });
        _lane.Emit(new(0, OutputKind.Midi, MidiMessage.Program(1, 40)));
        _lane.Emit(new(0, OutputKind.Midi, MidiMessage.Control(0, Controller.Volume, 90)));
        renderer.Render(time, 0, _left, _right);
        ClickInstrument[] successors = [new(), new() { ChannelUse = 1 }, new() { ChannelUse = 2 }, new() { ChannelUse = 2 }];
        for (int i = 0; i < successors.Length; i++)
        {
            renderer.Exchange(successors[i]);
            renderer.Render(time, (i + 1) * 128, _left, _right);
        }

        Assert.Equal([2, 2, 0, 0], successors.Select(successor => successor.Played.Count));
    }

    [Fact]
    public void RenderingDoesNotAllocate()
    {
        FrameTime time = new(0, 48_000);
        LaneRenderer renderer = new(_lane, new ClickInstrument { Keeps = false });
        for (int round = 0; round < 2; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int block = 0; block < 100; block++)
            {
                long first = ((round * 100) + block) * 128L;
                _lane.Emit(new(time.StampOf(first + 7), OutputKind.Midi, MidiMessage.NoteOn(1, 60, 9)));
                _lane.Emit(new(time.StampOf(first + 9), OutputKind.Midi, MidiMessage.NoteOff(1, 60)));
                renderer.Render(time, first, _left, _right);
            }

            Assert.True(round == 0 || GC.GetAllocatedBytesForCurrentThread() == before);
        }
    }

    private void Emit(long stamp, int velocity) => _lane.Emit(new(stamp, OutputKind.Midi, MidiMessage.NoteOn(1, velocity, velocity)));

    private List<(int Frame, int Velocity)> Clicks() =>
        [.. _left.Select((sample, frame) => (frame, (int)sample)).Where(click => click.Item2 != 0)];
}
