using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MusicRnn.Host.Options;
using MusicRnn.Host.Services;
using Serilog;
using Serilog.Extensions.Logging;

namespace MusicRnn.Host.Panel;

/// <summary>Serves the page, and everything that it and others ask for, from inside the instrument. Where it cannot, the instrument plays on without.</summary>
internal sealed class PanelServer : IHostedService
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);
    private readonly PanelOptions _options;
    private readonly Pages _pages;
    private readonly PanelRequests _requests;
    private readonly TimeProvider _time;
    private readonly Serilog.ILogger _logger;
    private readonly PageFiles _files = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task<string?> _starting = Task.FromResult<string?>(null);
    private WebApplication? _application;

    /// <summary>Makes the server.</summary>
    public PanelServer(Workplace workplace, SettingsWatch settings, LogOutput log, Pages pages, UserSettingsFile file, TimeProvider time)
    {
        _options = settings.Current.Settings.Panel;
        _pages = pages;
        _time = time;
        _logger = log.Logger;
        _requests = new PanelRequests(workplace, settings, pages, file, time);
    }

    /// <summary>The address that a browser opens; null where no page is served.</summary>
    public Task<string?> Address => _starting;

    /// <summary>Begins to serve; the instrument does not wait for it.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _starting = Task.Run(ServeAsync, cancellationToken);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync(); // pages are let go first: Kestrel would wait for them
        if (_application is not null)
        {
            await _application.StopAsync(cancellationToken);
            await _application.DisposeAsync();
        }

        _requests.Dispose();
        _stopping.Dispose();
    }

    private async Task<string?> ServeAsync()
    {
        WebApplication application = Build();
        try
        {
            await application.StartAsync(_stopping.Token);
        }
        catch (Exception exception) when (exception is IOException or AddressInUseException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            await application.DisposeAsync();
            if (!_stopping.IsCancellationRequested)
            {
                Exception cause = exception.GetBaseException();
                _logger.Warning("There is no page: {Address} cannot be listened at ({Reason}). Close what does, or choose another port, as with --set Panel:Port={Port}; the instrument plays on without",
                    $"{_options.Address}:{_options.Port}", cause.Message, _options.Port + 1);
            }

            return null;
        }

        _application = application;
        string address = application.Urls.First();
        if (!_options.IsLocal)
        {
            _logger.Warning("The page is served to other machines at {Address}, without encryption; whoever has the token plays along", address);
        }

        return address;
    }

    private WebApplication Build()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddSerilog(_logger).AddFilter<SerilogLoggerProvider>("Microsoft.Extensions.Hosting", LogLevel.None); // ServeAsync tells of a port that is taken
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 64;
            kestrel.Limits.MaxConcurrentUpgradedConnections = null; // Pages keeps count, and can say so to the page: Kestrel could only fail
            kestrel.Limits.MaxRequestBodySize = 4096;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Listen(IPAddress.Parse(_options.Address), _options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        WebApplication application = builder.Build();
        var gate = new PanelGate(_options);
        application.UseWebSockets(new WebSocketOptions { KeepAliveInterval = KeepAlive, KeepAliveTimeout = KeepAlive });
        application.Use(next => context => gate.PassAsync(context, next));
        foreach (string path in _files.Paths)
        {
            application.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)_files.SendAsync);
        }

        application.MapGet("/live", (RequestDelegate)ConnectAsync);
        _requests.Map(application);
        return application;
    }

    private async Task ConnectAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        using System.Net.WebSockets.WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        using var client = new PageClient(socket, _pages, _time);
        if (!_pages.TryAdd(client))
        {
            await socket.CloseOutputAsync(System.Net.WebSockets.WebSocketCloseStatus.PolicyViolation, "Too many pages are open: close one", context.RequestAborted);
            return;
        }

        try
        {
            await client.RunAsync(_stopping.Token);
        }
        finally
        {
            _pages.Remove(client);
            if (client.Dropped is { } reason)
            {
                _logger.Warning("A page was dropped: {Reason}", reason);
            }
        }
    }
}
