using MusicRnn.Model;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

/// <summary>Compares what two improvisers remember.</summary>
internal static class Memories
{
    public static unsafe void AssertEqual(MusicalMemory expected, MusicalMemory actual, NetworkShape? shape = null)
    {
        Assert.Equal(expected.State.Notes, actual.State.Notes);
        Assert.Equal(expected.Frame, actual.Frame);
        NoteContext then = expected.State.Context, now = actual.State.Context;
        Assert.Equal(then.Down, now.Down);
        for (int pitch = 0; pitch < NoteEncoding.Pitches; pitch++)
        {
            Assert.Equal(then.NeighboursOf(pitch), now.NeighboursOf(pitch));
            if ((then.Down >> pitch & 1) != 0)
            {
                Assert.Equal(expected.Frame - then.Onset(pitch), actual.Frame - now.Onset(pitch));
            }
        }

        Assert.Equal(then.Repeat, now.Repeat);
        NetworkShape of = shape ?? TestNetworks.Lively.Shape;
        for (int layer = 0; layer < of.Layers; layer++)
        {
            Assert.True(new ReadOnlySpan<float>(expected.State.Hidden(layer), of.Hidden).SequenceEqual(new ReadOnlySpan<float>(actual.State.Hidden(layer), of.Hidden)), "the hidden vectors differ");
            Assert.True(new ReadOnlySpan<float>(expected.State.Cells(layer), of.Hidden).SequenceEqual(new ReadOnlySpan<float>(actual.State.Cells(layer), of.Hidden)), "the cells differ");
        }
    }
}
