using MusicRnn.Host.Panel;
using MusicRnn.Midi;
using MusicRnn.Performance;

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
    public async Task WhatAPagePlaysAndTurnsBetweenTwoSessionsWaitsAtTheDoorAndNothingComesInOnceThatIsClosed()
    {
        var clock = new VirtualClock();
        using var ledger = new NoteLedger();
        var lane = new OutputLane(ledger, returns: false);
        using var ports = new PagePorts(clock);
        ports.Hang(new PlayerInputOptions(), [lane]);
        var pages = new Pages { Ports = ports }; // and no stage: one session has ended, the next has not begun
        using var socket = new StuckSocket([0x42, 0, 3, 0, 0x90, 60, 80, 0x43, 0, 5, 0, ParameterTable.TopP, .. BitConverter.GetBytes(0.25f), 0x42, 0, 3, 0, 0x80, 60, 0]);
        using var client = new PageClient(socket, pages, TimeProvider.System);
        using var leaving = new CancellationTokenSource();
        Task running = client.RunAsync(leaving.Token);
        Assert.True(SpinWait.SpinUntil(() => ports.Door.Events.Count == 3, TimeSpan.FromSeconds(30)));
        await leaving.CancelAsync();
        await running;

        Assert.Equal([InputKind.Midi, InputKind.Parameter, InputKind.Midi], Enumerable.Range(0, 3).Select(_ => ports.Door.Events.TryRead(out InputEvent input) ? input.Kind : default));
        Assert.Equal([MidiMessage.NoteOn(0, 60, 80), MidiMessage.NoteOff(0, 60)], Collect());

        ports.Dispose();
        ports.Play(MidiMessage.NoteOn(0, 62, 80));
        ports.Turn(ParameterTable.TopP, 1);
        Assert.Empty(Collect());
        Assert.Equal(0, ports.Door.Events.Count);

        MidiMessage[] Collect()
        {
            var due = new TimedMessage[8];
            return [.. due.Take(lane.Collect(1_000_000_000, due)).Select(message => message.Message)];
        }
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
