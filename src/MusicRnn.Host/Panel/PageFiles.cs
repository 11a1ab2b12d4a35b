using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace MusicRnn.Host.Panel;

/// <summary>The files of the page, which are built into the program: a request names one of them, or nothing.</summary>
internal sealed class PageFiles
{
    private const string Prefix = "page/";
    private readonly Dictionary<string, PageFile> _files = [];

    /// <summary>Reads them.</summary>
    public PageFiles()
    {
        foreach (string name in typeof(PageFiles).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = typeof(PageFiles).Assembly.GetManifestResourceStream(name)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            string path = "/" + name[Prefix.Length..].Replace('\\', '/');
            string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"";
            _files[path == "/index.html" ? "/" : path] = new PageFile(bytes, TypeOf(path), tag);
        }
    }

    /// <summary>The requests' paths.</summary>
    public IEnumerable<string> Paths => _files.Keys;

    /// <summary>Sends a file; its browser keeps it, and asks whether it is still the same.</summary>
    public Task SendAsync(HttpContext context)
    {
        PageFile file = _files[context.Request.Path.Value!];
        context.Response.Headers.ETag = file.Tag;
        context.Response.Headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch == file.Tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        context.Response.ContentType = file.Type;
        context.Response.ContentLength = file.Bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(file.Bytes, context.RequestAborted).AsTask();
    }

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".json" or ".webmanifest" => "application/manifest+json",
        _ => throw new InvalidOperationException($"{path}: a page's file of this kind has no media type here."),
    };

    private sealed record PageFile(ReadOnlyMemory<byte> Bytes, string Type, string Tag);
}
