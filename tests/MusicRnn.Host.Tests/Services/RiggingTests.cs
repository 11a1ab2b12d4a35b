using MusicRnn.Host.Options;
using MusicRnn.Host.Services;
using MusicRnn.Host.Tests.Commands;
using Serilog.Core;

namespace MusicRnn.Host.Tests.Services;

public sealed class RiggingTests : IDisposable
{
    private static readonly Source None = new(SourceKind.None, "");
    private readonly Terminal _terminal = new();

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void WhereNeitherTheNextDevicesNorThoseOfBeforeCanBeOpenedThereIsARigWithoutFiles()
    {
        var settings = new Settings();
        var rigging = new Rigging(_terminal.Workplace.Installation, new LedgerFolder(_terminal.File("runtime")), pages: false, Logger.None);
        string seed = _terminal.MakeSeed("seed.mid");
        var first = new RigChoice(new Source(SourceKind.File, seed), None, None, "");
        var next = first with { Audio = new Source(SourceKind.File, "/nowhere/gig.wav"), Missing = "a keyboard" };
        rigging.Open(settings, first).Dispose();
        File.Delete(seed);

        (Rig rig, bool isAsked) = rigging.OpenNext(settings, next);

        using (rig)
        {
            Assert.False(isAsked);
            Assert.False(rig.Choice.Uses(SourceKind.File));
        }

        Assert.Equal("a keyboard", rigging.Missing);
        Assert.False(rigging.IsAnother(next)); // or it would be tried again every two seconds
        Assert.True(rigging.IsAnother(first));
    }

    [Fact]
    public void SoundIsNotRecordedToAFileThatIsCalledAnythingButWav()
    {
        var settings = new Settings();
        var rigging = new Rigging(_terminal.Workplace.Installation, new LedgerFolder(_terminal.File("runtime")), pages: false, Logger.None);
        var first = new RigChoice(None, None, None, "");
        string flac = _terminal.File("gig.flac");
        rigging.Open(settings, first).Dispose();

        (Rig rig, bool isAsked) = rigging.OpenNext(settings, first with { Audio = new Source(SourceKind.File, flac) });

        rig.Dispose();
        Assert.False(isAsked);
        Assert.False(File.Exists(flac));
    }
}
