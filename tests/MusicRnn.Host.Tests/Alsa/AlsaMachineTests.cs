using System.Diagnostics;
using System.Xml.Linq;

namespace MusicRnn.Host.Tests.Alsa;

/// <summary>Boots the emulated machine of tests/alsa-machine and runs there, on real ALSA, every test named after a real kernel.</summary>
[Collection(AloneCollection.Name)]
public sealed class AlsaMachineTests
{
    private const string OptIn = "MUSICRNN_ALSA_MACHINE";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(12);

    [Fact]
    public async Task WhatNeedsAKernelWithSoundPassesInTheEmulatedMachine()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable(OptIn) == "1",
            $"boots a machine with ALSA in qemu, which takes minutes: {OptIn}=1 asks for it, or tests/alsa-machine/test.sh");
        using var results = new TemporaryFolder();
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var start = new ProcessStartInfo("bash", [Repository.Path("tests", "alsa-machine", "test.sh"), results.Path, configuration]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TIMEOUT"] = $"{Patience.TotalSeconds:0}";
        using Process machine = Process.Start(start)!;
        Task<string> error = machine.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await machine.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await machine.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(machine.ExitCode == 0, $"Exit code {machine.ExitCode}.\n{output}\n{await error}");
        string[] reports = Directory.GetFiles(results.Path, "*.trx");
        Assert.Equal(2, reports.Length);
        Assert.All(reports, report => Assert.True(Passed(report) > 0, $"{report}: nothing passed.\n{output}"));
    }

    private static int Passed(string report) =>
        (int?)XDocument.Load(report).Descendants().FirstOrDefault(element => element.Name.LocalName == "Counters")?.Attribute("passed") ?? 0;
}
