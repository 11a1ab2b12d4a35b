using System.Diagnostics;
using System.Runtime.CompilerServices;
using MusicRnn.Devices;
using Xunit.Sdk;

namespace MusicRnn.Tests.Devices.Alsa;

/// <summary>The kernel that the tests named after it need: one with a sequencer and sound cards. tests/alsa-machine boots one.</summary>
internal static class RealKernel
{
    /// <summary>Skips the test where there is none. In the emulated machine there must be one.</summary>
    public static void Require()
    {
        const string Reason = "needs the machine of tests/alsa-machine, with its cards and its keyboard: tests/alsa-machine/test.sh";
        if (Environment.GetEnvironmentVariable("MUSICRNN_INSIDE_ALSA_MACHINE") == "1")
        {
            Assert.True(File.Exists("/dev/snd/seq"), "the machine has no sequencer");
        }
        else
        {
            Assert.Skip(Reason);
        }
    }

    /// <summary>Waits until something is so; at most ten seconds of the machine's time.</summary>
    public static void Await(Func<bool> isSo, [CallerArgumentExpression(nameof(isSo))] string what = "")
    {
        long end = MonotonicClock.Instance.Now + 10_000_000_000;
        while (!isSo())
        {
            Assert.True(MonotonicClock.Instance.Now < end, $"still not: {what}");
            Pass(2);
        }
    }

    /// <summary>Judges something by the emulated processor's time, up to four times: now and then it keeps time too badly to judge by, and what is broken
    /// fails every time.</summary>
    public static void Judge(Action attempt)
    {
        for (int left = 3; ; left--)
        {
            try
            {
                attempt();
                return;
            }
            catch (XunitException) when (left > 0)
            {
            }
        }
    }

    /// <summary>Lets milliseconds go by.</summary>
    public static void Pass(int milliseconds) => MonotonicClock.Instance.SleepUntil(MonotonicClock.Instance.Now + (milliseconds * 1_000_000L));

    /// <summary>Plugs the USB keyboard in.</summary>
    public static void PlugIn() => Run("bash", Path.Combine(Folder(), "keyboard.sh"), "in");

    /// <summary>Pulls the USB keyboard out.</summary>
    public static void PullOut() => Run("bash", Path.Combine(Folder(), "keyboard.sh"), "out");

    /// <summary>Runs a program to its end.</summary>
    public static void Run(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Starts a program.</summary>
    public static Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments))!;

    private static string Folder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "../../../../alsa-machine"));
}
