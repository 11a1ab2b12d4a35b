using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MusicRnn.Host.Commands;
using MusicRnn.Host.Panel;
using Serilog;

namespace MusicRnn.Host.Services;

/// <summary>The instrument as a hosted service, from start to end.</summary>
internal static class LiveRun
{
    /// <summary>Plays until a signal, or the end of a file.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Workplace workplace, SettingsWatch settings, RunMode mode, CancellationToken stop)
    {
        Options.LoggingOptions logging = settings.Current.Settings.Logging;
        string folder = logging.Folder is null ? Path.Combine(workplace.Folders.State, "logs") : workplace.Installation.Resolve(logging.Folder);
        using var log = new LogOutput(logging, folder);
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddSerilog(log.Logger);
        builder.Services.AddSingleton(workplace);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new ReadinessSocket(Environment.GetEnvironmentVariable("NOTIFY_SOCKET")));
        if (settings.Current.Settings.Panel.Enabled)
        {
            builder.Services.AddSingleton<Pages>();
            builder.Services.AddSingleton(new UserSettingsFile(settings.Sources, new Options.SettingsReader(workplace.Schema)));
            builder.Services.AddSingleton<PanelServer>();
            builder.Services.AddHostedService(services => services.GetRequiredService<PanelServer>());
        }

        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<InstrumentService>(services, mode));
        builder.Services.AddHostedService(services => services.GetRequiredService<InstrumentService>());
        using IHost host = builder.Build();
        InstrumentService instrument = host.Services.GetRequiredService<InstrumentService>();

        // A terminal that is closed ends the instrument as Ctrl-C does.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        });
        await host.RunAsync(stop);
        if (instrument.Failure is { } failure)
        {
            log.Logger.Fatal(failure, "The instrument has ended.");
            return ExitCode.Failed;
        }

        return instrument.HasLosses ? ExitCode.Failed : ExitCode.Done;
    }
}
