using Microsoft.Playwright;

namespace MusicRnn.Host.Tests.Panel;

/// <summary>The instrument without devices, and the system's chromium to look at its page: one of each for a class of tests.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";
    private readonly TemporaryFolder _home = new();
    private HostProcess? _host;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public string Address { get; private set; } = "";

    internal TemporaryFolder Home => _home;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return; // each test says so
        }

        _host = new HostProcess(_home, ["run", "--midi-in", "none", "--midi-out", "none", "--audio", "none", "--seed", "1", "--set", "Panel:Port=0"]);
        _host.WaitForLine("Ready:");
        string line = _host.Output.Split('\n').Single(line => line.Contains("Page: ", StringComparison.Ordinal));
        Address = line[line.IndexOf("http", StringComparison.Ordinal)..].Split(',')[0];
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args =
            [
                "--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--disable-default-apps", "--no-first-run",
            ],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        _host?.Dispose();
        _home.Dispose();
    }

    /// <summary>Opens the page, as a visitor of its own.</summary>
    /// <param name="script">What runs in the page before its own scripts.</param>
    internal async Task<IPage> OpenAsync(string? script = null)
    {
        SystemPart.Require(File.Exists(Chromium), "/usr/bin/chromium is not installed (apt-get install chromium).");
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1440, Height = 900 } });
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        if (script is not null)
        {
            await page.AddInitScriptAsync(script);
        }

        await page.GotoAsync(Address);
        await page.WaitForFunctionAsync("() => window.musicrnn?.link.isOpen && document.querySelectorAll('.knob').length > 0");
        return page;
    }
}
