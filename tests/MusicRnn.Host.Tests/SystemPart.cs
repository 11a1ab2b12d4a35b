namespace MusicRnn.Host.Tests;

/// <summary>What a test needs of the machine: where it is missing the test is skipped with the reason, but in CI it fails.</summary>
internal static class SystemPart
{
    public static void Require(bool isThere, string reason)
    {
        if (!isThere)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Skip(reason);
        }
    }

    public static bool IsProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));
}
