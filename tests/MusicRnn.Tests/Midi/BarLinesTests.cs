using MusicRnn.Midi;

namespace MusicRnn.Tests.Midi;

public class BarLinesTests
{
    private const long Ms = 1_000_000;

    [Fact]
    public void BarsFollowSignaturesAndTempos()
    {
        // Two bars of 3/4 at 120, within the second of which the tempo halves; then 6/8.
        MidiFile file = Make(9000, [new(0, 500_000), new(2000 * Ms, 1_000_000)], [new(0, 3, 4), new(4000 * Ms, 6, 8)]);

        Assert.Equal([0, 1500 * Ms, 4000 * Ms, 7000 * Ms], BarLines.Of(file));
    }

    [Fact]
    public void ATempoOfThirdsOfANanosecondDriftsNowhere()
    {
        MidiFile file = Make(600_000, [new(0, 333_333)], [new(0, 3, 8), new(599_999_400_000, 4, 4)]);

        IReadOnlyList<long> bars = BarLines.Of(file);
        Assert.Equal(1201, bars.Count);
        Assert.Equal(599_999_400_000, bars[^1]);
        Assert.Equal(bars.Order().Distinct(), bars);
    }

    [Fact]
    public void WithoutATempoAQuarterIsHalfASecondAndWithoutASignatureThereAreNoBars()
    {
        Assert.Equal([1000 * Ms, 3000 * Ms], BarLines.Of(Make(4000, [], [new(1000 * Ms, 4, 4)])));
        Assert.Empty(BarLines.Of(Make(4000, [new(0, 500_000)], [])));
    }

    private static MidiFile Make(long duration, TempoChange[] tempos, TimeSignature[] signatures) => new()
    {
        Duration = duration * Ms,
        Messages = [],
        Texts = [],
        Data = [],
        Tempos = tempos,
        TimeSignatures = signatures,
    };
}
