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
