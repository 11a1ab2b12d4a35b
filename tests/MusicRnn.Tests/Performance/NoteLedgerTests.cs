using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

public sealed class NoteLedgerTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"musicrnn-ledger-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void WhatAnEarlierRunLeftSoundingIsReleasedByTheNext()
    {
        using (NoteLedger ledger = NoteLedger.Open(_path))
        {
            OutputLane lane = new(ledger, returns: false);
            lane.Emit(new(0, OutputKind.Midi, MidiMessage.NoteOn(1, 60, 80)));
            lane.Emit(new(0, OutputKind.Midi, MidiMessage.NoteOn(1, 64, 80)));
            lane.Emit(new(0, OutputKind.Midi, MidiMessage.NoteOff(1, 64))); // collected, but perhaps not sent any more
            Assert.Equal(3, lane.Collect(1, new TimedMessage[16]));
        }

        using NoteLedger next = NoteLedger.Open(_path);
        Assert.False(next.IsSilent);
        OutputLane nextLane = new(next, returns: false);
        TimedMessage[] due = new TimedMessage[16];
        Assert.Equal(0, nextLane.Collect(1, due)); // not before someone listens
        nextLane.ReleaseSounding();
        Assert.Equal(3, nextLane.Collect(2, due));
        Assert.Equal([MidiMessage.NoteOff(1, 60), MidiMessage.NoteOff(1, 64), MidiMessage.Control(1, Controller.Sustain, 0)], due[..3].Select(message => message.Message));
        nextLane.Collect(3, due);
        Assert.True(next.IsSilent);
    }

    [Fact]
    public void WhatThePlayerHeldWhenAnEarlierRunWasKilledIsReleasedByTheNext()
    {
        MidiMessage bend = MidiMessage.Of(MidiKind.PitchBend, 0, 127, 127);
        TimedMessage[] due = new TimedMessage[16];
        using (NoteLedger ledger = NoteLedger.Open(_path))
        {
            OutputLane lane = new(ledger, returns: false);
            PlayerInput input = new("killed", new() { EchoWindow = 0 }, [lane]);
            foreach (MidiMessage message in (MidiMessage[])[MidiMessage.NoteOn(0, 60, 80), MidiMessage.NoteOn(0, 60, 80), MidiMessage.NoteOn(0, 64, 80), bend])
            {
                input.Receive(0, message);
            }

            foreach (int pedal in (int[])[Controller.Sustain, Controller.Sostenuto, Controller.Soft])
            {
                input.Receive(0, MidiMessage.Control(0, pedal, 127));
            }

            input.Receive(0, MidiMessage.Control(0, Controller.Soft, 0));
            input.Receive(0, MidiMessage.NoteOff(0, 64));
            Assert.Equal(9, lane.Collect(1, due));
            Assert.Equal(0, lane.Collect(2, due)); // what has ended is known to have been sent
        }

        using NoteLedger next = NoteLedger.Open(_path);
        Assert.False(next.IsSilent);
        OutputLane nextLane = new(next, returns: false);
        PlayerInput nextInput = new("next", new() { EchoWindow = 0 }, [nextLane]);
        nextLane.ReleaseSounding();
        nextInput.Receive(1, MidiMessage.NoteOff(0, 60)); // whose beginning this run has not seen
        int count = nextLane.Collect(2, due);
        Assert.Equal(
            [
                MidiMessage.NoteOff(0, 60), MidiMessage.Control(0, Controller.Sustain, 0), MidiMessage.Control(0, Controller.Sostenuto, 0),
                MidiMessage.Of(MidiKind.PitchBend, 0, 0, 64), MidiMessage.NoteOff(0, 60),
            ],
            due[..count].Select(message => message.Message));
        nextLane.Collect(3, due);
        Assert.True(next.IsSilent);
    }

    [Fact]
    public void ALedgerOfAnEarlierVersionIsOneToo()
    {
        using (NoteLedger ledger = NoteLedger.Open(_path))
        {
            OutputLane lane = new(ledger, returns: false);
            lane.Emit(new(0, OutputKind.Midi, MidiMessage.NoteOn(1, 60, 80)));
            Assert.Equal(1, lane.Collect(1, new TimedMessage[16]));
        }

        using (FileStream file = new(_path, FileMode.Open))
        {
            file.SetLength(4096); // it knew the machine's alone
        }

        using NoteLedger next = NoteLedger.Open(_path);
        Assert.False(next.IsSilent);
    }

    [Fact]
    public void ALedgerBelongsToOneProcess()
    {
        using NoteLedger ledger = NoteLedger.Open(_path);
        Assert.Throws<IOException>(() => NoteLedger.Open(_path));
    }

    [Fact]
    public void AFileThatIsNoLedgerBecomesAnEmptyOne()
    {
        File.WriteAllText(_path, new string('x', 9000));
        using NoteLedger ledger = NoteLedger.Open(_path);
        Assert.True(ledger.IsSilent);
    }
}
