using MusicRnn.Devices.Alsa;

namespace MusicRnn.Tests.Devices.Alsa;

public sealed class PortWishTests
{
    private const int Own = 128;
    private const uint Duplex = SequencerPort.Read | SequencerPort.SubscribeRead | SequencerPort.Write | SequencerPort.SubscribeWrite;
    private static readonly SequencerPort Piano = new(new(20, 0), "Digital Piano:Digital Piano MIDI 1", Duplex, SequencerPort.Hardware);
    private static readonly SequencerPort Program = new(new(130, 0), "VMPK Output:out", SequencerPort.Read | SequencerPort.SubscribeRead, SequencerPort.Application);
    private static readonly SequencerPort Through = new(new(14, 0), "Midi Through:Midi Through Port-0", Duplex, 0);
    private static readonly SequencerPort Ours = new(new(Own, 1), "MusicRnn:MusicRnn Out", Duplex, SequencerPort.Hardware);
    private static readonly SequencerPort Timer = new(new(0, 0), "System:Timer", Duplex, SequencerPort.Hardware);

    [Fact]
    public void AutoIsEveryKeyboardThatIsHardware()
    {
        PortWish wish = new("auto", true);
        Assert.True(wish.Wants(Piano, Own));
        Assert.All([Program, Through, Ours, Timer], port => Assert.False(wish.Wants(port, Own)));
    }

    [Theory]
    [InlineData("digital piano")]
    [InlineData("Piano MIDI 1")]
    [InlineData("20:0")]
    public void PartOfANameOrAnAddressIsEnough(string text) => Assert.True(new PortWish(text, true).Wants(Piano, Own));

    [Fact]
    public void AProgramIsWiredByItsName() => Assert.True(new PortWish("vmpk", true).Wants(Program, Own));

    [Fact]
    public void NothingIsWiredWhereNothingIsWished()
    {
        Assert.True(new PortWish("", true).IsNone);
        Assert.False(new PortWish("", true).Wants(Piano, Own));
    }

    [Fact]
    public void OurOwnPortsAndTheKernelsAreNeverWired()
    {
        Assert.False(new PortWish("MusicRnn", true).Wants(Ours, Own));
        Assert.False(new PortWish("System", true).Wants(Timer, Own));
    }

    [Fact]
    public void TheLoopBackIsWiredOnlyByItsName()
    {
        Assert.False(new PortWish("midi", true).Wants(Through, Own));
        Assert.True(new PortWish("midi through", true).Wants(Through, Own));
    }

    [Fact]
    public void AnOutputWantsPortsThatCanBeWrittenTo()
    {
        Assert.True(new PortWish("piano", false).Wants(Piano, Own));
        Assert.False(new PortWish("vmpk", false).Wants(Program, Own));
        Assert.False(new PortWish("auto", false).Wants(Piano, Own));
    }

    [Fact]
    public void APortThatIsNotToBeWiredIsLeftAlone() =>
        Assert.False(new PortWish("piano", true).Wants(Piano with { Capability = Duplex | SequencerPort.NoExport }, Own));
}
