namespace MusicRnn.Host.Tests;

public sealed class UserFoldersTests
{
    [Fact]
    public void FoldersFollowTheEnvironment()
    {
        UserFolders folders = Of(new()
        {
            ["XDG_CONFIG_HOME"] = "/c",
            ["XDG_DATA_HOME"] = "/d",
            ["XDG_STATE_HOME"] = "/s",
            ["XDG_RUNTIME_DIR"] = "/r",
        });

        Assert.Equal(new UserFolders("/c/musicrnn", "/d/musicrnn", "/s/musicrnn", "/r/musicrnn"), folders);
        Assert.Equal("/c/musicrnn/appsettings.json", folders.SettingsFile);
    }

    [Fact]
    public void UnsetEmptyAndRelativeVariablesMeanTheDefaults()
    {
        UserFolders folders = Of(new() { ["HOME"] = "/home/clara", ["XDG_CONFIG_HOME"] = "", ["XDG_DATA_HOME"] = "data" });

        Assert.Equal("/home/clara/.config/musicrnn", folders.Configuration);
        Assert.Equal("/home/clara/.local/share/musicrnn", folders.Data);
        Assert.Equal("/home/clara/.local/state/musicrnn", folders.State);
        Assert.StartsWith("/dev/shm/musicrnn-", folders.Runtime, StringComparison.Ordinal);
    }

    private static UserFolders Of(Dictionary<string, string?> variables) => UserFolders.FromEnvironment(name => variables.GetValueOrDefault(name));
}
