using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void AbreastEveryThreadWorksOnceAndNoneGoesAheadOfAMeeting(int size)
    {
        const int Meetings = 200;
        using var team = new ThreadTeam(size);
        int[] came = new int[Meetings], worked = new int[size];
        for (int round = 0; round < 3; round++)
        {
            Array.Clear(came);
            team.RunAbreast(member =>
            {
                worked[member]++;
                for (int meeting = 0; meeting < Meetings; meeting++)
                {
                    Interlocked.Increment(ref came[meeting]);
                    team.Meet();
                    Assert.Equal(size, Volatile.Read(ref came[meeting]));
                }
            });
            Assert.All(worked, count => Assert.Equal(round + 1, count));
        }
    }

    [Fact]
    public void WhoFailsIsNotWaitedFor()
    {
        using var team = new ThreadTeam(3);
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => team.RunAbreast(member =>
        {
            if (member == 1)
            {
                throw new ArithmeticException("one of three");
            }

            team.Meet();
        }));
        Assert.IsType<ArithmeticException>(failure.InnerException);
        int worked = 0;
        team.RunAbreast(_ =>
        {
            team.Meet();
            Interlocked.Increment(ref worked);
        });
        Assert.Equal(3, worked);
    }

    [Fact]
    public void ItsThreadsComputeWithoutSubnormalNumbersAndTheCallersStaysAsItWas()
    {
        Assert.SkipUnless(Subnormals.CanBeFlushed, "only on Linux on x64");
        using var team = new ThreadTeam(2);
        float[] small = [1e-30f, 1e-9f], found = new float[3];
        bool before = Subnormals.AreFlushed;
        team.RunAbreast(member => found[member] = small[0] * small[1]);
        found[2] = small[0] * small[1];
        Assert.False(before);
        Assert.Equal(0, found[0]);
        Assert.Equal(0, found[1]);
        Assert.True(float.IsSubnormal(found[2]));
    }
}
