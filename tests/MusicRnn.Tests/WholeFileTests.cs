
namespace MusicRnn.Tests;

public sealed class WholeFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("musicrnn-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void AFileIsWrittenAnewOrStaysAsItWas()
    {
        string path = Named("a.txt");
        WholeFile.Write(path, to => File.WriteAllText(to, "old"));

        Assert.Throws<IOException>(() => WholeFile.Write(path, to =>
        {
            File.WriteAllText(to, "half");
            throw new IOException("the disk is full");
        }));

        Assert.Equal("old", File.ReadAllText(path));
        WholeFile.Write(path, to => File.WriteAllText(to, "new"));
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task OfTwoWhoWriteAtOnceTheLastToEndLeavesItsOwnWhole()
    {
        string path = Named("a.txt");
        using var begun = new SemaphoreSlim(0);
        using var written = new SemaphoreSlim(0);
        var slow = Task.Run(() => WholeFile.Write(path, to =>
        {
            File.WriteAllText(to, "slow");
            begun.Release();
            Assert.True(written.Wait(TimeSpan.FromSeconds(20)));
            File.AppendAllText(to, "er");
        }), TestContext.Current.CancellationToken);
        Assert.True(await begun.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));

        WholeFile.Write(path, to => File.WriteAllText(to, "quick"));
        Assert.Equal("quick", File.ReadAllText(path));
        written.Release();
        await slow;

        Assert.Equal("slower", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void WhatAKillHasLeftGoesWhenTheFileIsWrittenAgainAndNothingElseDoes()
    {
        string path = Named("a.txt");
        string[] others = [Named("a.txt.part"), Named("a.txt.0123ABCD.part"), Named("a.txt.musicrnn.part"), Named("b.txt.01234567.part")];
        foreach (string name in (string[])[Named("a.txt.0123abcd.part"), .. others])
        {
            File.WriteAllText(name, "half");
        }

        WholeFile.Write(path, to => File.WriteAllText(to, "new"));

        Assert.Equal(others.Append(path).Order(), Directory.GetFiles(_folder.FullName).Order());
    }

    [Theory]
    [InlineData("old")]
    [InlineData("")]
    [InlineData(null)]
    public void ALinkStaysAndItsTargetIsWritten(string? before)
    {
        string target = Named("far/target.txt"), link = Named("link.txt"), first = Named("first.txt");
        Directory.CreateDirectory(Named("far"));
        if (before is not null)
        {
            File.WriteAllText(target, before);
        }

        File.CreateSymbolicLink(link, "far/target.txt");
        File.CreateSymbolicLink(first, link);
        WholeFile.Write(first, to => File.WriteAllText(to, "new"));

        Assert.Equal("new", File.ReadAllText(target));
        Assert.Equal((link, "far/target.txt"), (new FileInfo(first).LinkTarget, new FileInfo(link).LinkTarget));
        Assert.Equal([target], Directory.GetFiles(Named("far")));
    }

    [Fact]
    public async Task APipeIsWrittenToAndStaysAPipe()
    {
        string pipe = Named("pipe"), link = Named("link");
        await NamedPipe.MakeAsync(pipe);

        File.CreateSymbolicLink(link, pipe);
        var heard = Task.Run(() => File.ReadAllText(pipe), TestContext.Current.CancellationToken);
        WholeFile.Write(link, to => File.WriteAllText(to, "new"));

        Assert.Equal("new", await heard.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.Equal([link, pipe], Directory.GetFiles(_folder.FullName).Order());
    }

    private string Named(string name) => Path.Combine(_folder.FullName, name);
}
