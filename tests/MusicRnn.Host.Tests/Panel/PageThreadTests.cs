using MusicRnn.Host.Options;
using MusicRnn.Host.Panel;
using MusicRnn.Host.Services;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Host.Tests.Panel;

public sealed class PageThreadTests
{
    private static readonly Source None = new(SourceKind.None, "");

    [Fact]
    public async Task WhatFailsOnThePageThreadIsToldOnceAndTheThreadGoesOn()
    {
        using var home = new TemporaryFolder();
        using Rig rig = Rig.Open(new Settings(), new RigChoice(None, None, None, ""), new LedgerFolder(home.File("runtime")), pages: true);
        var sources = new SettingsSources([], () => new Dictionary<string, string?>(), new Dictionary<string, string?>());
        var learning = new ControllerLearning(new UserSettingsFile(sources, new SettingsReader(new SettingsSchema())), sources);
        var pages = new Pages();
        using var socket = new StuckSocket([0x44, 0, 1, 0, (byte)PageWants.Sound]);
        using var client = new PageClient(socket, pages, TimeProvider.System);
        using var leaving = new CancellationTokenSource();
        Assert.True(pages.TryAdd(client));
        Task running = client.RunAsync(leaving.Token);
        var instrument = new BrokenInstrument();
        int told = 0;

        using (new PageThread(pages, rig, _ => instrument, learning, Assert.Fail, _ => Interlocked.Increment(ref told)))
        {
            Assert.True(SpinWait.SpinUntil(() => instrument.Blocks > 3, TimeSpan.FromSeconds(30)));
        }

        Assert.Equal(1, told);
        await leaving.CancelAsync();
        await running;
    }

    private sealed class BrokenInstrument : IInstrument
    {
        private int _blocks;

        public int Blocks => Volatile.Read(ref _blocks);

        public int SampleRate => PageSound.SampleRate;

        public void Play(MidiMessage message)
        {
        }

        public void Render(Span<float> left, Span<float> right)
        {
            Interlocked.Increment(ref _blocks);
            throw new InvalidOperationException("It is broken.");
        }
    }
}
