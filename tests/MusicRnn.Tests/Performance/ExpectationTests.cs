using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

public sealed class ExpectationTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void WhoWatchesReadsWhatTheModelExpectsAfterEachNote()
    {
        using Improviser improviser = Make();
        improviser.Expectation.IsWatched = true;
        Span<float> steps = new float[Grid.Bins], pitches = new float[NoteEncoding.Pitches];
        int seen = 0;
        Assert.False(improviser.Expectation.TryRead(ref seen, steps, pitches, out _));

        Strike(improviser, Second, 60);

        Assert.True(improviser.Expectation.TryRead(ref seen, steps, pitches, out long from));
        Assert.InRange(from, Second - Grid.Frame, Second + Grid.Frame);
        Assert.Equal(1, Sum(steps), 3);
        Assert.Equal(1, Sum(pitches), 3);
        Assert.False(improviser.Expectation.TryRead(ref seen, steps, pitches, out _));

        Strike(improviser, 2 * Second, 67);
        Assert.True(improviser.Expectation.TryRead(ref seen, steps, pitches, out _));
    }

    [Fact]
    public void NothingIsWrittenWhereNobodyWatches()
    {
        using Improviser improviser = Make();
        int seen = 0;
        Strike(improviser, Second, 60);

        Assert.False(improviser.Expectation.TryRead(ref seen, new float[Grid.Bins], new float[NoteEncoding.Pitches], out _));
    }

    [Fact]
    public void BeingWatchedDoesNotAllocate()
    {
        using Improviser improviser = Make();
        improviser.Expectation.IsWatched = true;
        Strike(improviser, Second, 60); // the tables of a class are made when it is first used: a step has one only from the second note on
        Strike(improviser, 2 * Second, 62);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 3; i < 20; i++)
        {
            Strike(improviser, i * Second, 50 + i);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static Improviser Make()
    {
        var improviser = new Improviser(TestNetworks.Slow, new ParameterTable(), new ImproviserSettings(), new OutputFan([]));
        improviser.Start(0);
        return improviser;
    }

    private static void Strike(Improviser improviser, long stamp, int pitch)
    {
        improviser.Receive(InputEvent.Midi(stamp, MidiMessage.NoteOn(0, pitch, 80)));
        improviser.Receive(InputEvent.Midi(stamp + (Second / 10), MidiMessage.NoteOff(0, pitch)));
        improviser.Advance(stamp + (Second / 5));
    }

    private static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return sum;
    }
}
