using System.Diagnostics;

namespace MusicRnn.Host.Tests.Commands;

public sealed class WorkProgressTests : IDisposable
{
    private const string Hidden = "\e[?25l";
    private const string Shown = "\e[?25h";
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void CtrlCLeavesTheTerminalItsCursor()
    {
        using (Process make = Process.Start("mkfifo", [_home.File("endless.mid")])) // nobody ever writes to it
        {
            make.WaitForExit();
        }

        string program = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "MusicRnn.Host.dll")}' dataset prepare '{_home.Path}' -o '{_home.File("out.corpus")}'";
        string seen = _home.File("seen");
        var start = new ProcessStartInfo("script", ["--quiet", "--flush", "--command", $"exec {program}", seen])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["TERM"] = "xterm", ["HOME"] = _home.Path },
        };
        using Process terminal = Process.Start(start)!;
        terminal.OutputDataReceived += (_, _) => { };
        terminal.BeginOutputReadLine();
        try
        {
            Waiting.Until(() => Text().Contains(Hidden, StringComparison.Ordinal), "a bar", TimeSpan.FromSeconds(30));
            terminal.StandardInput.Write('\x03');
            terminal.StandardInput.Flush();
            Assert.True(terminal.WaitForExit(TimeSpan.FromSeconds(30)));
        }
        finally
        {
            if (!terminal.HasExited)
            {
                terminal.Kill(entireProcessTree: true);
            }
        }

        Assert.True(Text().LastIndexOf(Shown, StringComparison.Ordinal) > Text().LastIndexOf(Hidden, StringComparison.Ordinal), Text());

        string Text()
        {
            if (!File.Exists(seen))
            {
                return "";
            }

            using var reader = new StreamReader(new FileStream(seen, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd();
        }
    }
}
