using System.Runtime.InteropServices;
using MusicRnn.Devices;
using MusicRnn.Devices.Alsa;
using MusicRnn.Midi;
using MusicRnn.Performance;
using MusicRnn.Tests.Performance;

namespace MusicRnn.Tests.Devices.Alsa;

/// <summary>Real alsa-lib without a sound card: its plug-in <c>file</c> over <c>null</c> writes down what it is given, as fast as it is given it;
/// so the loop keeps its time by the clock, which here is a virtual one.</summary>
public sealed class PcmLoopTests_FilePlugin : IDisposable
{
    private const int Rate = 48000;
    private const int Period = 128;
    private const int Buffer = 3 * Period;
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"musicrnn-alsa-{Guid.NewGuid():N}.raw");
    private readonly VirtualClock _clock = new(1_000_000_000_000);
    private readonly NoteLedger _ledger = new();
    private readonly OutputLane _lane;

    public PcmLoopTests_FilePlugin()
    {
        SystemPart.Require(LibAsound.IsLoaded, "libasound.so.2 is not installed: apt-get install libasound2");
        _lane = new OutputLane(_ledger, returns: false);
    }

    public void Dispose()
    {
        _ledger.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void WhatIsRenderedArrivesBitExact()
    {
        NoiseInstrument noise = new(Rate);
        using (PcmLoop loop = Open(_ => noise))
        {
            Play(loop, 1_000_000_000);
            Assert.InRange(noise.Rendered.Count / 2, Rate - (2 * Buffer), Rate + (2 * Buffer)); // a second of the clock is a second of sound
            Assert.Equal(0, loop.Xruns);
        }

        float[] file = Written();
        Assert.All(file[..(2 * Buffer)], sample => Assert.Equal(0, sample)); // what the buffer was filled with to begin
        Assert.Equal(noise.Rendered, file[(2 * Buffer)..]);
    }

    [Fact]
    public void EachMessageIsHeardALatencyAfterItsStampToTheFrame()
    {
        using (PcmLoop loop = Open(rate => new ClickInstrument(rate)))
        {
            Play(loop, 20_000_000);
            long start = _clock.Now;
            for (int note = 1; note <= 40; note++)
            {
                _lane.Emit(new(start + (note * 7_654_321), OutputKind.Midi, MidiMessage.NoteOn(1, note, note)));
            }

            Play(loop, 400_000_000);
            Assert.InRange(loop.Latency, BlockClock.Margin + (Buffer * 1_000_000_000L / Rate), BlockClock.Margin + ((Buffer + Period) * 1_000_000_000L / Rate));
        }

        float[] file = Written();
        int[] frames = [.. Enumerable.Range(0, file.Length / 2).Where(frame => file[2 * frame] > 0)];
        Assert.Equal(Enumerable.Range(1, 40), frames.Select(frame => (int)file[2 * frame]));
        int[] expected = [.. Enumerable.Range(0, 40).Select(note => frames[0] + (int)Math.Round(note * 7_654_321.0 * Rate / 1e9))];
        Assert.All(frames.Zip(expected), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
    }

    [Fact]
    public void TurningDoesNotAllocate()
    {
        using PcmLoop loop = Open(rate => new ClickInstrument(rate) { Keeps = false });
        Play(loop, 50_000_000);
        long stamp = _clock.Now;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int turn = 0; turn < 200; turn++)
        {
            _lane.Emit(new(stamp + (turn * 1_000_000), OutputKind.Midi, MidiMessage.NoteOn(1, 60, 90)));
            _lane.Emit(new(stamp + (turn * 1_000_000) + 500_000, OutputKind.Midi, MidiMessage.NoteOff(1, 60)));
            loop.Turn();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void ACardThatIsNotThereIsLookedForWhileTimeGoesBy()
    {
        int made = 0;
        using PcmLoop loop = new(_clock, new AlsaAudioOptions { Device = "hw:NoSuchCard" });
        loop.Start(_lane, rate =>
        {
            made++;
            return new ClickInstrument(rate);
        });
        _lane.Emit(new(_clock.Now + 1, OutputKind.Midi, MidiMessage.NoteOn(1, 60, 90)));
        Play(loop, 3_000_000_000);
        Assert.Null(loop.Card);
        Assert.Equal(0, made);
        Assert.NotEmpty(loop.Fault);
        Assert.True(_lane.IsSilent);
    }

    [Fact]
    public void ReloadingChangesTheInstrumentOver()
    {
        int made = 0;
        using PcmLoop loop = Open(rate => new NoiseInstrument(rate) { Level = ++made });
        Play(loop, 50_000_000);
        loop.Reload();
        Play(loop, 50_000_000);
        loop.Dispose();
        Assert.Equal(2, made);
        float[] file = Written();
        Assert.Equal(1, Math.Ceiling(file[2 * (Buffer + 10)]));
        Assert.Equal(2, Math.Ceiling(file[^1]));
    }

    [Fact]
    public void TheThreadPlaysInRealTimeAndEndsWhenAsked()
    {
        NoiseInstrument noise = new(Rate);
        using (AlsaAudio audio = new(MonotonicClock.Instance, new AlsaAudioOptions { Device = $"file:{_path},raw", PeriodFrames = Period }))
        {
            Assert.Equal((DeviceState.Running, Rate, Period), (audio.Status.State, audio.SampleRate, audio.BlockFrames));
            audio.Start(_lane, _ => noise);
            MonotonicClock.Instance.SleepUntil(MonotonicClock.Instance.Now + 300_000_000);
            Assert.True(audio.Latency > 0);
        }

        float[] file = Written();
        int lead = file.AsSpan().IndexOfAnyExcept(0f);
        Assert.True(lead > 0 && noise.Rendered.Count > Rate / 10);
        Assert.Equal(noise.Rendered, file[lead..]);
    }

    private PcmLoop Open(Func<int, IInstrument> instruments)
    {
        PcmLoop loop = new(_clock, new AlsaAudioOptions { Device = $"file:{_path},raw", SampleRate = Rate, PeriodFrames = Period, Periods = 3 });
        loop.Start(_lane, instruments);
        return loop;
    }

    private void Play(PcmLoop loop, long nanoseconds)
    {
        long end = _clock.Now + nanoseconds;
        while (_clock.Now < end)
        {
            loop.Turn();
        }
    }

    private float[] Written() => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(_path)).ToArray();
}
