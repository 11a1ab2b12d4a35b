using System.Net.WebSockets;
using MusicRnn.Host.Panel;

namespace MusicRnn.Host.Tests.Panel;

public sealed class PageClientTests
{
    [Fact]
    public async Task APageThatReadsNoMoreIsDroppedAndWhoeverSendsNeverWaits()
    {
        var pages = new Pages();
        using var socket = new StuckSocket();
        using var client = new PageClient(socket, pages, TimeProvider.System) { IsNew = false };
        Assert.True(pages.TryAdd(client));
        Task running = client.RunAsync(TestContext.Current.CancellationToken);
        byte[] record = new byte[1000];
        for (int i = 0; i < 1000; i++)
        {
            pages.Send(record);
            pages.Flush();
        }

        await running.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        pages.Remove(client);

        Assert.NotNull(client.Dropped);
        Assert.True(socket.IsAborted);
        Assert.Equal(1, pages.Dropped);
        Assert.Empty(pages.Clients);
    }

    [Fact]
    public void APageThatHasGoneCanStillBeSentTo()
    {
        using var socket = new StuckSocket();
        var client = new PageClient(socket, new Pages(), TimeProvider.System) { IsNew = false };
        client.Dispose();

        client.Send([1, 2, 3]); // as by a page thread that took the list of pages before this one left it
        client.Flush();
        Assert.Null(client.Dropped);
    }

    [Fact]
    public void SendingToPagesDoesNotAllocate()
    {
        var pages = new Pages();
        using var socket = new StuckSocket();
        using var client = new PageClient(socket, pages, TimeProvider.System) { IsNew = false };
        pages.TryAdd(client);
        byte[] record = new byte[100];
        pages.Send(record);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            pages.Send(record);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
