using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using MusicRnn.Host.Options;

namespace MusicRnn.Host.Panel;

/// <summary>
/// Who may come in. A browser on this machine can be sent here by any site it shows: so the host it asked for must be this machine
/// (no DNS rebinding), what changes something must come from this page (Origin), and where other machines can reach it they must show
/// the token. Answers may be used by this page alone.
/// </summary>
/// <param name="options">The settings.</param>
internal sealed class PanelGate(PanelOptions options)
{
    private const string Cookie = "musicrnn";
    private const string Parameter = "token";

    /// <summary>Lets a request through, or answers it.</summary>
    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "midi=(self), camera=(), microphone=(), geolocation=()";
        string host = context.Request.Host.Value ?? "";
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:; connect-src 'self' ws://{Safe(host)}; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        if (!IsHere(context.Request.Host))
        {
            await RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, "This instrument is not at that address. Open the address that it prints.");
        }
        else if (!IsFromHere(context.Request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "Another site has sent this request. Only this instrument's own page may.");
        }
        else if (IsEntry(context.Request))
        {
            // The secret leaves the address bar at once; the browser keeps it in a cookie that no script can read.
            context.Response.Cookies.Append(Cookie, options.Token!, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
            context.Response.Redirect("/");
        }
        else if (!string.IsNullOrEmpty(options.Token) && !IsToken(context.Request.Cookies[Cookie]))
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "This instrument asks for its token: open /?token=TOKEN once, with Panel:Token of its settings.");
        }
        else
        {
            await next(context);
        }
    }

    private bool IsEntry(HttpRequest request) =>
        !string.IsNullOrEmpty(options.Token) && request.Path == "/" && request.Query.TryGetValue(Parameter, out var token) && IsToken(token);

    private bool IsToken(string? shown) => shown is not null && CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(shown)), SHA256.HashData(Encoding.UTF8.GetBytes(options.Token!)));

    /// <summary>Whether the host that was asked for is this machine by a name that no other site can have. Where a token is asked for, that is what counts.</summary>
    private bool IsHere(HostString host)
    {
        string name = host.Host.Trim('[', ']');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name, out IPAddress? address) && (IPAddress.IsLoopback(address) || !options.IsLocal))
            || !options.IsLocal;
    }

    /// <summary>Whether a request comes from this page: browsers name where every WebSocket and every change comes from, and often where the rest does.</summary>
    private static bool IsFromHere(HttpRequest request)
    {
        string? origin = request.Headers.Origin;
        bool mustSay = !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) || request.HttpContext.WebSockets.IsWebSocketRequest;
        return origin is null ? !mustSay : origin.Equals($"http://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
    }

    private static string Safe(string host) => host.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or ':' or '-' or '[' or ']') ? host : "127.0.0.1";

    private static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence + "\n", context.RequestAborted);
    }
}
