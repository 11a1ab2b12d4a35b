using MusicRnn.Host.Services;

namespace MusicRnn.Host.Tests.Services;

public sealed class RehearsalTests
{
    [Fact]
    public void ThePhraseIsAnswered() => Assert.InRange(Rehearsal.Play(), 1, 1000);
}
