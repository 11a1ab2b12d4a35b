using MusicRnn.Synthesis;

namespace MusicRnn.Tests.Synthesis;

/// <summary>What a font costs. The heap is the whole process's, so nothing else runs meanwhile.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public class SoundFontMemoryTests
{
    private const string Name = "memory";

    [Fact]
    public void SamplesLiveOutsideTheManagedHeap()
    {
        long before = GC.GetTotalMemory(true);
        SoundFont font = SoundFont.Load(ShippedFont.Path);
        long held = GC.GetTotalMemory(true) - before;
        Assert.InRange(held, 0, 1_000_000); // of 23.7 MB
        GC.KeepAlive(font);
    }

    /// <summary>As many zones on both levels as their 16-bit indices allow.</summary>
    [Fact]
    public void AFontOfAllZonesThatThereCanBeHoldsAtMostTwentyMegabytes()
    {
        FontBuilder builder = new();
        int sample = builder.Sine();
        int instrument = builder.Instrument([.. Enumerable.Range(0, 65_000).Select(_ => ZoneSpec.Of(sample))]);
        byte[] bytes = builder.Preset(0, 0, [.. Enumerable.Range(0, 65_000).Select(_ => ZoneSpec.Of(instrument))]).ToArray();
        long before = GC.GetTotalMemory(true);
        SoundFont font = FontBuilder.Load(bytes);
        long held = GC.GetTotalMemory(true) - before;
        Assert.InRange(held, 1_000_000, 20_000_000);
        GC.KeepAlive(font);
    }
}
