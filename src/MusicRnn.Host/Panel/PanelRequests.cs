using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using MusicRnn.Host.Services;
using MusicRnn.Midi;

namespace MusicRnn.Host.Panel;

/// <summary>What can be asked for by HTTP: the state, how it fares, takes. What changes something is a POST.</summary>
internal sealed class PanelRequests : IDisposable
{
    private const long Kept = 120_000_000_000;
    private const string Nobody = "Nobody has played in the last two minutes.";
    private const int SoundRate = 44_100;
    private const string Json = "application/json; charset=utf-8";
    private readonly Workplace _workplace;
    private readonly SettingsWatch _settings;
    private readonly Pages _pages;
    private readonly TimeProvider _time;
    private readonly TakeShelf _takes;
    private readonly PanelMetrics _metrics;
    private readonly UserSettingsFile _file;

    /// <summary>Makes them.</summary>
    public PanelRequests(Workplace workplace, SettingsWatch settings, Pages pages, UserSettingsFile file, TimeProvider time)
    {
        _workplace = workplace;
        _settings = settings;
        _pages = pages;
        _time = time;
        _takes = new TakeShelf(() => workplace.Takes(settings.Current.Settings));
        _metrics = new PanelMetrics(pages);
        _file = file;
    }

    /// <inheritdoc/>
    public void Dispose() => _metrics.Dispose();

    /// <summary>Says which request is answered how.</summary>
    public void Map(WebApplication application)
    {
        application.MapGet("/health", (RequestDelegate)HealthAsync);
        application.MapGet("/state", (RequestDelegate)StateAsync);
        application.MapGet("/metrics", (RequestDelegate)(context => SendAsync(context, PanelMetrics.MediaType, _metrics.Write())));
        application.MapGet("/takes", (RequestDelegate)ListAsync);
        application.MapGet("/takes/{name}.mid", (RequestDelegate)(context => WithTake(context, SendMidiAsync)));
        application.MapGet("/takes/{name}.wav", (RequestDelegate)(context => WithTake(context, SendSoundAsync)));
        application.MapGet("/takes/{name}.svg", (RequestDelegate)(context => WithTake(context, SendRollAsync)));
        application.MapPost("/takes/keep", (RequestDelegate)KeepAsync);
        application.MapPost("/takes/{name}/continue", (RequestDelegate)(context => WithTake(context, ContinueAsync)));
        application.MapPost("/model/{name}", (RequestDelegate)ChooseModelAsync);
    }

    private static Task SendAsync(HttpContext context, string type, string text)
    {
        context.Response.ContentType = type;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static Task SayAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        return SendAsync(context, "text/plain; charset=utf-8", sentence);
    }

    private Task HealthAsync(HttpContext context)
    {
        context.Response.StatusCode = _pages.Stage is null ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return SendAsync(context, Json, System.Text.Encoding.UTF8.GetString(HealthReport.Write(_pages)));
    }

    private Task StateAsync(HttpContext context)
    {
        if (_pages.Stage is not { } stage)
        {
            return SayAsync(context, StatusCodes.Status503ServiceUnavailable, "The instrument is starting.");
        }

        context.Response.ContentType = Json;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.Body.WriteAsync(StateReport.Write(stage, Models()), context.RequestAborted).AsTask();
    }

    private Task ListAsync(HttpContext context)
    {
        var takes = new JsonArray([.. _takes.List().Select(take => (JsonNode)new JsonObject
        {
            ["name"] = take.Name,
            ["began"] = take.Began,
            ["seconds"] = Math.Round(take.Seconds, 1),
            ["playerNotes"] = take.PlayerNotes,
            ["machineNotes"] = take.MachineNotes,
        })]);
        return SendAsync(context, Json, takes.ToJsonString());
    }

    private async Task WithTake(HttpContext context, Func<HttpContext, KeptTake, Task> answer)
    {
        if (_takes.Find((string)context.Request.RouteValues["name"]!) is not { } take)
        {
            await SayAsync(context, StatusCodes.Status404NotFound, "There is no such take any more. Look at the list again.");
            return;
        }

        try
        {
            await answer(context, take);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException && !context.Response.HasStarted)
        {
            await SayAsync(context, StatusCodes.Status500InternalServerError, exception.Message);
        }
    }

    private static Task SendMidiAsync(HttpContext context, KeptTake take)
    {
        Attach(context, take, "audio/midi", ".mid");
        return context.Response.SendFileAsync(take.File, context.RequestAborted);
    }

    private async Task SendSoundAsync(HttpContext context, KeptTake take)
    {
        if (_pages.Stage is not { } stage)
        {
            await SayAsync(context, StatusCodes.Status503ServiceUnavailable, "The instrument is starting.");
            return;
        }

        string path = Path.Combine(Path.GetTempPath(), $"musicrnn-{Guid.NewGuid():n}.wav");
        try
        {
            await Task.Run(() => SoundFile.Write(path, MidiFile.Read(take.File), stage.Sound.Make(SoundRate), context.RequestAborted), context.RequestAborted);
            Attach(context, take, "audio/wav", ".wav");
            await context.Response.SendFileAsync(path, context.RequestAborted);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Task SendRollAsync(HttpContext context, KeptTake take)
    {
        MidiFile file = MidiFile.Read(take.File);
        context.Response.ContentType = "image/svg+xml";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'"; // the drawing brings its own style
        return context.Response.WriteAsync(TakePicture.Of(file, take.Name).ToSvg(), context.RequestAborted);
    }

    private async Task KeepAsync(HttpContext context)
    {
        if (_pages.Stage is not { } stage)
        {
            await SayAsync(context, StatusCodes.Status503ServiceUnavailable, "The instrument is starting.");
            return;
        }

        long now = stage.Rig.Clock.Now;
        var messages = _pages.History.Since(now - Kept);
        if (messages.Count == 0)
        {
            await SayAsync(context, StatusCodes.Status409Conflict, Nobody);
            return;
        }

        try
        {
            DateTimeOffset began = _time.GetLocalNow() - TimeSpan.FromSeconds((now - messages[0].Stamp) / 1e9);
            string? name = _takes.Keep(stage, messages, now, began);
            await SayAsync(context, name is null ? StatusCodes.Status409Conflict : StatusCodes.Status200OK, name ?? Nobody);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await SayAsync(context, StatusCodes.Status500InternalServerError, $"It cannot be kept: {exception.Message}");
        }
    }

    private Task ContinueAsync(HttpContext context, KeptTake take)
    {
        _pages.AskToContinue(take.File);
        return SayAsync(context, StatusCodes.Status202Accepted, "The machine carries on from it.");
    }

    /// <summary>Writes another model to the user's settings, which are taken up as any edit is.</summary>
    private Task ChooseModelAsync(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["name"]!;
        if (!Models().Contains(name))
        {
            return SayAsync(context, StatusCodes.Status404NotFound, "There is no such model.");
        }

        const string Key = "Model:Path";
        if (_settings.Sources.Above(Key) is { } above)
        {
            return SayAsync(context, StatusCodes.Status409Conflict, $"{name} cannot be chosen here: {above} says {Key}, which outweighs your settings. Start without that.");
        }

        return _file.TryWrite([(Key, JsonValue.Create($"models/{name}"))], out string? reason)
            ? SayAsync(context, StatusCodes.Status202Accepted, $"{name} is taken up.")
            : SayAsync(context, StatusCodes.Status409Conflict, $"{name} cannot be chosen: {reason}");
    }

    private string[] Models()
    {
        string folder = Path.Combine(_workplace.Installation.Root, "models");
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.safetensors").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)] : [];
    }

    private static void Attach(HttpContext context, KeptTake take, string type, string extension)
    {
        context.Response.ContentType = type;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(take.Name + extension); // a header is ASCII; a name need not be
        context.Response.Headers.ContentDisposition = disposition.ToString();
    }
}
