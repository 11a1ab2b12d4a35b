using System.Globalization;
using System.Runtime.InteropServices;
using Spectre.Console;

namespace MusicRnn.Host.Commands;

/// <summary>Shows how far a long work has come: a bar on a terminal, elsewhere a line at every tenth.</summary>
internal static class WorkProgress
{
    /// <summary>Does a work and shows how far it has come.</summary>
    /// <param name="error">Where it is shown.</param>
    /// <param name="name">What is being done.</param>
    /// <param name="unit">What is counted, such as files; "bytes" are shown as such.</param>
    /// <param name="work">The work; it tells how much of how much is done, from any thread.</param>
    public static async Task<T> ShowAsync<T>(TextWriter error, string name, string unit, Func<Action<long, long>, Task<T>> work)
    {
        if (!ReferenceEquals(error, Console.Error) || Console.IsErrorRedirected)
        {
            return await work(new TenthLines(error, name, unit).Tell);
        }

        // The bar hides the cursor, and a signal that ends the program would leave it so.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, ShowCursor);
        using var end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, ShowCursor);
        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        ProgressColumn[] amount = unit == "bytes" ? [new DownloadedColumn(), new TransferSpeedColumn()] : [new PercentageColumn()];
        return await terminal.Progress()
            .Columns([new TaskDescriptionColumn(), new ProgressBarColumn(), .. amount, new RemainingTimeColumn()])
            .StartAsync(context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(name));
                return work((done, total) =>
                {
                    task.MaxValue = Math.Max(1, total);
                    task.Value = done;
                });
            });

        void ShowCursor(PosixSignalContext signal) => error.Write("\e[?25h\n");
    }

    private sealed class TenthLines(TextWriter error, string name, string unit)
    {
        private readonly Lock _lock = new();
        private long _tenths;

        public void Tell(long done, long total)
        {
            lock (_lock)
            {
                long tenths = total > 0 ? done * 10 / total : 0;
                if (tenths > _tenths)
                {
                    _tenths = tenths;
                    error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {done} of {total} {unit}"));
                }
            }
        }
    }
}
