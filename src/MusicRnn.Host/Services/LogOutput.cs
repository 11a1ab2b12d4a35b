using MusicRnn.Host.Options;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace MusicRnn.Host.Services;

/// <summary>Where log lines go: the console, and a file a day. How much each says can be changed while it runs. Nothing on a real-time thread writes to it.</summary>
public sealed class LogOutput : IDisposable
{
    private readonly LoggingLevelSwitch _console = new();
    private readonly LoggingLevelSwitch _file = new();
    private readonly Logger _logger;
    private bool _isTried;

    /// <summary>Opens the log.</summary>
    /// <param name="options">How much is said, and where.</param>
    /// <param name="folder">The folder of the log files.</param>
    public LogOutput(LoggingOptions options, string folder)
    {
        Folder = folder;
        _logger = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .WriteTo.Console(new LogLine(coloured: !Console.IsOutputRedirected), levelSwitch: _console)
            .WriteTo.File(
                Path.Combine(folder, "musicrnn-.log"),
                outputTemplate: "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}",
                levelSwitch: _file,
                rollingInterval: RollingInterval.Day,
                retainedFileCountLimit: options.KeepDays,
                shared: true)
            .CreateLogger();
        Apply(options);
    }

    /// <summary>The folder of the log files.</summary>
    public string Folder { get; }

    /// <summary>What log lines are written through.</summary>
    public ILogger Logger => _logger;

    /// <summary>Changes how much is said, while it runs.</summary>
    public void Apply(LoggingOptions options)
    {
        _console.MinimumLevel = LevelOf(options.Console);
        _file.MinimumLevel = LevelOf(options.File);
        if (!_isTried && options.File != LogDetail.None)
        {
            _isTried = true;
            TryFolder();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _logger.Dispose();

    /// <summary>Where no file can be written Serilog would say nothing.</summary>
    private void TryFolder()
    {
        try
        {
            WritableFolder.Try(Folder);
        }
        catch (IOException exception)
        {
            _logger.Warning("There is no log file: {Reason}, as Logging:Folder", exception.Message);
        }
    }

    private static LogEventLevel LevelOf(LogDetail detail) => detail switch
    {
        LogDetail.Debug => LogEventLevel.Debug,
        LogDetail.Information => LogEventLevel.Information,
        LogDetail.Warning => LogEventLevel.Warning,
        LogDetail.Error => LogEventLevel.Error,
        _ => LogEventLevel.Fatal + 1, // above every level
    };
}
