using Microsoft.AspNetCore.Http;
using MusicRnn.Host.Options;
using MusicRnn.Host.Panel;

namespace MusicRnn.Host.Tests.Panel;

/// <summary>Who is let in where other machines can reach the page.</summary>
public sealed class PanelGateTests
{
    private const string Secret = "sixteen letters!";
    private static readonly PanelOptions Open = new() { Address = "0.0.0.0", Token = Secret };

    [Fact]
    public async Task WithoutTheTokenNothingIsTold()
    {
        HttpContext context = Request("/state");

        Assert.False(await PassesAsync(Open, context));
        Assert.Equal(StatusCodes.Status401Unauthorized, context.Response.StatusCode);
    }

    [Fact]
    public async Task AWrongTokenOpensNothing()
    {
        HttpContext entry = Request("/?token=sixteen-letters!"), cookie = Request("/state", cookie: "sixteen letters?");

        Assert.False(await PassesAsync(Open, entry));
        Assert.False(entry.Response.Headers.ContainsKey("Set-Cookie"));
        Assert.False(await PassesAsync(Open, cookie));
    }

    [Fact]
    public async Task TheTokenLeavesTheAddressForACookieThatNoScriptReads()
    {
        HttpContext entry = Request("/?token=sixteen%20letters!");

        Assert.False(await PassesAsync(Open, entry));
        Assert.Equal("/", entry.Response.Headers.Location);
        string cookie = entry.Response.Headers.SetCookie.Single()!;
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.True(await PassesAsync(Open, Request("/state", cookie: Secret)));
    }

    [Theory]
    [InlineData("127.0.0.1:8017", true)]
    [InlineData("localhost:8017", true)]
    [InlineData("[::1]:8017", true)]
    [InlineData("192.168.1.5:8017", false)]
    [InlineData("musicrnn.example:8017", false)]
    [InlineData("127.0.0.1.example:8017", false)]
    public async Task OnlyThisMachinesOwnNamesReachAPageThatIsLocal(string host, bool passes)
    {
        HttpContext context = Request("/state");
        context.Request.Host = new HostString(host);

        Assert.Equal(passes, await PassesAsync(new PanelOptions(), context));
    }

    private static HttpContext Request(string target, string? cookie = null)
    {
        var context = new DefaultHttpContext();
        string[] parts = target.Split('?');
        context.Request.Method = HttpMethods.Get;
        context.Request.Host = new HostString("127.0.0.1", 8017);
        context.Request.Path = parts[0];
        context.Request.QueryString = parts.Length > 1 ? new QueryString("?" + parts[1]) : default;
        if (cookie is not null)
        {
            context.Request.Headers.Cookie = $"musicrnn={Uri.EscapeDataString(cookie)}";
        }

        return context;
    }

    private static async Task<bool> PassesAsync(PanelOptions options, HttpContext context)
    {
        bool passed = false;
        await new PanelGate(options).PassAsync(context, _ =>
        {
            passed = true;
            return Task.CompletedTask;
        });
        return passed;
    }
}
