namespace MusicRnn.Host.Tests;

/// <summary>Where the tests find the project's own files.</summary>
internal static class Repository
{
    public static string Root { get; } = new Installation(AppContext.BaseDirectory).Root;

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);
}
