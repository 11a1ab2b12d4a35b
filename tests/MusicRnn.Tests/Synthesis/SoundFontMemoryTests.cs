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
}
