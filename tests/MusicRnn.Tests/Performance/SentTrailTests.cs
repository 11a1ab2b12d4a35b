using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

public class SentTrailTests
{
    private const long Microsecond = 1000;

    [Fact]
    public void WhatIsReadIsWholeAndInOrderWhileAnotherThreadWrites()
    {
        const int Count = 300_000;
        SentTrail trail = new();
        Thread writer = new(() =>
        {
            for (int i = 1; i <= Count; i++)
            {
                trail.Add(i * Microsecond, MidiMessage.Control(i & 15, (i >> 4) & 127, (i >> 11) & 127));
            }
        });
        writer.Start();
        long cursor = 0;
        long last = 0;
        while (last < Count)
        {
            if (trail.TryRead(ref cursor, out long entry))
            {
                long number = -SentTrail.Since(entry, 0);
                Assert.True(number > last, $"{number} after {last}");
                Assert.Equal(SentTrail.Key(MidiMessage.Control((int)number & 15, (int)(number >> 4) & 127, (int)(number >> 11) & 127)), SentTrail.KeyOf(entry));
                last = number;
            }
        }

        writer.Join();
    }

    [Fact]
    public void AReaderThatIsFarBehindReadsTheLastOnes()
    {
        SentTrail trail = new();
        for (int i = 0; i < 5000; i++)
        {
            trail.Add(i * Microsecond, MidiMessage.NoteOn(0, 60, 1));
        }

        long cursor = 0;
        int count = 0;
        while (trail.TryRead(ref cursor, out _))
        {
            count++;
        }

        Assert.InRange(count, 1000, 1024);
    }

    [Fact]
    public void AllNoteOffsOfAKeyAreEqualAndNothingElseIs()
    {
        Assert.Equal(SentTrail.Key(MidiMessage.NoteOff(3, 60)), SentTrail.Key(new MidiMessage(0x93, 60, 0)));
        Assert.NotEqual(SentTrail.Key(MidiMessage.NoteOff(3, 60)), SentTrail.Key(MidiMessage.NoteOff(2, 60)));
        Assert.NotEqual(SentTrail.Key(MidiMessage.NoteOn(3, 60, 1)), SentTrail.Key(MidiMessage.NoteOn(3, 60, 2)));
        Assert.NotEqual(SentTrail.Key(MidiMessage.Control(3, 64, 1)), SentTrail.Key(MidiMessage.Control(3, 64, 2)));
    }
}
