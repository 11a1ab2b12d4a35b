namespace MusicRnn.Tests.Devices;

/// <summary>A part of the system that a test needs.</summary>
internal static class SystemPart
{
    /// <summary>Skips the test where the part is missing; on a build machine, which must have it, fails it.</summary>
    public static void Require(bool isThere, string reason)
    {
        if (!isThere)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Skip(reason);
        }
    }
}
