using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using MusicRnn.Devices.Alsa;
using MusicRnn.Midi;

namespace MusicRnn.Tests.Devices.Alsa;

public sealed class SequencerEventTests
{
    private static readonly SequencerAddress Somewhere = new(20, 1);

    [Fact]
    public void AnEventIsAsLongAsTheKernelsOwn()
    {
        Assert.Equal(28, Unsafe.SizeOf<SequencerEvent>()); // sizeof(snd_seq_event_t)
        Assert.Equal(2, Unsafe.SizeOf<SequencerAddress>()); // sizeof(snd_seq_addr_t)
        Assert.Equal(8, Unsafe.SizeOf<PollDescriptor>()); // sizeof(struct pollfd)
    }

    [Fact]
    public void AMessageOfAChannelComesBackFromItsEvent()
    {
        Gen<MidiMessage> messages =
            from status in Gen.Choose(0x80, 0xEF)
            from data1 in Gen.Choose(0, 127)
            from data2 in Gen.Choose(0, 127)
            select MidiMessage.Of((MidiKind)(status & 0xF0), status & 0x0F, data1, data2);
        Prop.ForAll(messages.ToArbitrary(), message =>
        {
            MidiMessage expected = message.Length == 2 ? message with { Data2 = 0 } : message;
            return SequencerEvent.Of(expected, 1, Somewhere).TryGetMessage(out MidiMessage found) && found == expected;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0, 0, -8192)]
    [InlineData(0, 64, 0)]
    [InlineData(127, 127, 8191)]
    public void ThePitchWheelIsAtZeroInTheMiddle(int low, int high, int value) =>
        Assert.Equal(value, SequencerEvent.Of(MidiMessage.Of(MidiKind.PitchBend, 3, low, high), 0, Somewhere).Value);

    [Fact]
    public void AnEventOfNoChannelIsNoMessage()
    {
        Assert.False(new SequencerEvent { Kind = SequencerEventKind.ClientStart }.TryGetMessage(out _));
        Assert.False(new SequencerEvent { Kind = (SequencerEventKind)36 }.TryGetMessage(out _)); // MIDI clock
        Assert.False(new SequencerEvent { Kind = (SequencerEventKind)130 }.TryGetMessage(out _)); // system exclusive
    }

    [Fact]
    public void ValuesBeyondMidiAreBroughtIntoItsRange()
    {
        SequencerEvent wild = new() { Kind = SequencerEventKind.Controller, Channel = 200, Parameter = 4_000_000_000, Value = -5 };
        Assert.True(wild.TryGetMessage(out MidiMessage message));
        Assert.InRange(message.Status, 0xB0, 0xBF);
        Assert.InRange(message.Data1, 0, 127);
        Assert.InRange(message.Data2, 0, 127);
        wild = new() { Kind = SequencerEventKind.PitchBend, Value = 1_000_000 };
        Assert.True(wild.TryGetMessage(out message));
        Assert.Equal(MidiMessage.Of(MidiKind.PitchBend, 0, 127, 127), message);
    }

    [Fact]
    public void AScheduledEventCarriesItsTimeInSecondsAndNanoseconds()
    {
        SequencerEvent scheduled = SequencerEvent.Of(MidiMessage.NoteOn(1, 60, 80), 2, SequencerAddress.Subscribers).At(5, 12_000_000_034);
        Assert.Equal((12u, 34u, (byte)5, SequencerEvent.RealTime), (scheduled.Seconds, scheduled.Nanoseconds, scheduled.Queue, scheduled.Flags));
        Assert.Equal(12_000_000_034, scheduled.Time);
        Assert.Equal((254, 253), (scheduled.Destination.Client, scheduled.Destination.Port));
    }
}
