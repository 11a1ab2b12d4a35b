namespace MusicRnn.Host.Tests;

public sealed class InstallationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("musicrnn-installation-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void InARepositoryFilesAreFoundAtItsRoot()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "MusicRnn.sln"), "");
        string deep = _folder.CreateSubdirectory("src/MusicRnn.Host/bin/Release/net10.0").FullName;

        Assert.Equal(_folder.FullName, new Installation(deep).Root);
    }

    [Fact]
    public void ElsewhereFilesAreFoundBesideTheExecutable()
    {
        Assert.Equal(_folder.FullName, new Installation(_folder.FullName).Root);
        Assert.Equal(Path.Combine(_folder.FullName, "config", "appsettings.json"), new Installation(_folder.FullName).SettingsFile);
    }

    [Fact]
    public void PathsStartFromTheRootHomeOrNowhere()
    {
        var installation = new Installation(_folder.FullName);
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

        Assert.Equal(Path.Combine(_folder.FullName, "models", "a.safetensors"), installation.Resolve("models/a.safetensors"));
        Assert.Equal(Path.Combine(home, "a.sf2"), installation.Resolve("~/a.sf2"));
        Assert.Equal("/opt/a.sf2", installation.Resolve("/opt/a.sf2"));
    }
}
