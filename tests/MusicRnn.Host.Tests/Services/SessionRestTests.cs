using MusicRnn.Host.Services;
using MusicRnn.Performance;

namespace MusicRnn.Host.Tests.Services;

public sealed class SessionRestTests
{
    private const long Minute = 60_000_000_000;
    private readonly SessionRest _rest = new();

    [Fact]
    public void ItIsOverTenMinutesAfterTheLastNote()
    {
        Assert.False(_rest.IsOver(0, ImproviserState.Idle, 60 * Minute));
        Assert.False(_rest.IsOver(5, ImproviserState.Listening, 61 * Minute));
        Assert.False(_rest.IsOver(5, ImproviserState.Listening, (71 * Minute) - 1));
        Assert.True(_rest.IsOver(5, ImproviserState.Listening, 71 * Minute));
        Assert.False(_rest.IsOver(0, ImproviserState.Idle, 71 * Minute)); // the next session
    }

    [Fact]
    public void WhileNobodyHasPlayedOrTheMachinePlaysItIsNot()
    {
        for (long minute = 0; minute < 60; minute++)
        {
            Assert.False(_rest.IsOver(0, ImproviserState.Idle, minute * Minute));
        }

        for (long minute = 60; minute < 120; minute++)
        {
            Assert.False(_rest.IsOver(9, ImproviserState.Answering, minute * Minute));
        }
    }
}
