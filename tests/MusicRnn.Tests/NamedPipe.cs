using System.Diagnostics;

namespace MusicRnn.Tests;

/// <summary>A pipe with a name, which to a program that only looks at its name is a file.</summary>
internal static class NamedPipe
{
    public static async Task MakeAsync(string path)
    {
        using Process make = Process.Start("mkfifo", [path]);
        await make.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
