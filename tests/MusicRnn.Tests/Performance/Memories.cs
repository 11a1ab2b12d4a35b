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
        Assert.Equal(expected.Keys.Down, actual.Keys.Down);
        for (int pitch = 0; pitch < 128; pitch++)
        {
            if (expected.Keys.IsDown(pitch))
            {
                Assert.Equal(expected.Keys.Age(pitch, expected.Frame), actual.Keys.Age(pitch, actual.Frame));
            }
        }

        NetworkShape of = shape ?? TestNetworks.Lively.Shape;
        for (int layer = 0; layer < of.Layers; layer++)
        {
            Assert.True(new ReadOnlySpan<float>(expected.State.Hidden(layer), of.Hidden).SequenceEqual(new ReadOnlySpan<float>(actual.State.Hidden(layer), of.Hidden)), "the hidden vectors differ");
            Assert.True(new ReadOnlySpan<float>(expected.State.Cells(layer), of.Hidden).SequenceEqual(new ReadOnlySpan<float>(actual.State.Cells(layer), of.Hidden)), "the cells differ");
        }
    }
}
