using MusicRnn.Model;
using MusicRnn.Training;

namespace MusicRnn.Tests.Training;

public sealed class NotePastTests
{
    private const int Steps = 5, Streams = 3;

    [Fact]
    public void WhatIsSavedIsSoundAndAnythingElseIsNot()
    {
        float[] kept = Played();
        Assert.True(NotePast.IsSound(kept));
        Assert.True(NotePast.IsSound(new float[kept.Length])); // before the first note
        int perNote = kept.Length / (AttentionTensors.Past * Streams);
        for (int field = 0; field < perNote; field++)
        {
            foreach (float wrong in (float[])[-2, 0.5f, 1e9f, float.NaN, float.PositiveInfinity])
            {
                float[] damaged = [.. kept];
                damaged[^(perNote - field)] = wrong;
                Assert.False(NotePast.IsSound(damaged), $"{wrong} in field {field}");
            }
        }
    }

    [Fact]
    public void WhatIsTakenBackIsWhatWasSaved()
    {
        float[] kept = Played(), again = new float[kept.Length];
        var past = new NotePast(2 * Steps, Streams); // windows of any length
        past.Restore(kept);
        past.Save(again);
        Assert.Equal(kept, again);

        past.Reset();
        past.Save(again);
        Assert.All(again, value => Assert.Equal(0, value));
    }

    [Fact]
    public void FramesOfWholeDaysAreKeptExactly()
    {
        const int Day = 24 * 60 * 60 * 100;
        NoteWindow window = Window(1);
        for (int note = 0; note < window.Onset.Length; note++)
        {
            window.Onset[note] += (5 * Day) + 1;
            window.Release[note] += 5 * Day;
        }

        var past = new NotePast(Steps, Streams);
        float[] kept = new float[NotePast.KeptLength(Streams)], again = new float[kept.Length];
        past.Take(window);
        past.Save(kept);
        past.Restore(kept);
        past.Save(again);
        Assert.Equal(kept, again);
        Assert.Contains((float)(window.Onset[^(Streams + 1)] % (1 << 16)), kept);
    }

    private static float[] Played()
    {
        var past = new NotePast(Steps, Streams);
        for (int seed = 1; seed < 40; seed++)
        {
            past.Take(Window(seed));
        }

        float[] kept = new float[NotePast.KeptLength(Streams)];
        past.Save(kept);
        return kept;
    }

    /// <summary>Arbitrary notes of one passage.</summary>
    private static NoteWindow Window(int seed)
    {
        NoteWindow window = RandomWindow.Make(Steps, Streams, seed);
        for (int note = 0; note < window.Start.Length; note++)
        {
            window.Start[note] = false;
            window.Onset[note] += 1000 * seed;
            window.Release[note] += 1000 * seed;
        }

        return window;
    }
}
