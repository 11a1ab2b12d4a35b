using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MusicRnn.Host.Tests.Datasets;

/// <summary>A local HTTP server of one file, which knows ranges and entity tags, and does what a network does.</summary>
internal sealed class ArchiveServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public ArchiveServer(byte[] content)
    {
        Content = content;
        int port = FreePort();
        Address = new Uri($"http://127.0.0.1:{port}/archive.zip");
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    public byte[] Content { get; set; }

    public string? Tag { get; set; } = "\"one\"";

    public HttpStatusCode? Refusal { get; set; }

    /// <summary>How many answers break off, each after so many bytes.</summary>
    public int Breaks { get; set; }

    public int BreakAfter { get; set; }

    /// <summary>The Range and If-Range headers of every request.</summary>
    public ConcurrentQueue<(string? Range, string? IfRange)> Requests { get; } = [];

    public static int FreePort()
    {
        var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        return port;
    }

    public void Dispose()
    {
        _listener.Close();
        _serving.GetAwaiter().GetResult();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            await AnswerAsync(context.Request, context.Response);
        }
    }

    private async Task AnswerAsync(HttpListenerRequest request, HttpListenerResponse response)
    {
        string? range = request.Headers["Range"], ifRange = request.Headers["If-Range"];
        Requests.Enqueue((range, ifRange));
        if (Refusal is { } refusal)
        {
            response.StatusCode = (int)refusal;
            response.Close();
            return;
        }

        int from = 0;
        if (range is not null && (ifRange is null || ifRange == Tag))
        {
            from = int.Parse(range.Split('=')[1].TrimEnd('-'), System.Globalization.CultureInfo.InvariantCulture);
            response.StatusCode = (int)HttpStatusCode.PartialContent;
            response.Headers["Content-Range"] = $"bytes {from}-{Content.Length - 1}/{Content.Length}";
        }

        if (Tag is not null)
        {
            response.Headers["ETag"] = Tag;
        }

        response.ContentLength64 = Content.Length - from;
        bool breaks = Breaks-- > 0;
        int count = breaks ? Math.Min(BreakAfter, Content.Length - from) : Content.Length - from;
        try
        {
            await response.OutputStream.WriteAsync(Content.AsMemory(from, count));
            await response.OutputStream.FlushAsync();
            if (breaks)
            {
                response.Abort();
            }
            else
            {
                response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or IOException or ObjectDisposedException)
        {
            response.Abort(); // the client went away
        }
    }
}
