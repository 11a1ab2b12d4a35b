using System.Diagnostics;
using System.Runtime.InteropServices;
using MusicRnn.Devices;
using MusicRnn.Devices.Alsa;
using MusicRnn.Midi;
using MusicRnn.Performance;
using MusicRnn.Tests.Performance;
using static MusicRnn.Tests.Devices.Alsa.RealKernel;

namespace MusicRnn.Tests.Devices.Alsa;

/// <summary>Playback on the kernel's loopback card, whose other end is captured by arecord.</summary>
[Collection("real kernel")]
public sealed class AlsaAudioTests_RealKernel : IDisposable
{
    private const int Rate = 48000;
    private const string Card = "hw:Loopback,0,0";
    private static bool _isWarm;
    private static readonly MonotonicClock Clock = MonotonicClock.Instance;
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"musicrnn-capture-{Guid.NewGuid():N}.raw");
    private readonly NoteLedger _ledger = new();
    private readonly OutputLane _lane;
    private Process? _other;

    public AlsaAudioTests_RealKernel()
    {
        Require();
        _lane = new OutputLane(_ledger, returns: false);
        WarmUp();
    }

    public void Dispose()
    {
        EndOther();
        _ledger.Dispose();
        File.Delete(_path);
    }

    [Theory]
    [InlineData("FLOAT_LE", 1f)]
    [InlineData("S16_LE", 32767f)]
    public void WhatIsRenderedArrivesBitExact(string format, float scale) => Judge(() =>
    {
        NoiseInstrument noise = new(Rate);
        Capture(format);
        long xruns, latency;
        using (AlsaAudio audio = Open(_ => noise))
        {
            Pass(1000);
            (xruns, latency) = (audio.Xruns, audio.Latency);
        }

        float[] captured = Captured(format == "FLOAT_LE");
        Assert.Equal(0, xruns);
        Assert.InRange(latency, 15_000_000, 30_000_000); // 768 frames, a millisecond, and the card's own grain
        int lead = captured.AsSpan().IndexOfAnyExcept(0f);
        int count = Math.Min(captured.Length - lead, noise.Rendered.Count - 1024); // the last block fades out
        Assert.InRange(lead, 0, captured.Length - (Rate / 2));
        Assert.Equal(noise.Rendered.Take(count).Select(sample => scale == 1 ? sample : MathF.Round(sample * scale)), captured.Skip(lead).Take(count));
    });

    [Fact]
    public void MessagesKeepTheirSpacingToTheFrame() => Judge(() =>
    {
        Capture("FLOAT_LE");
        using (AlsaAudio audio = Open(rate => new ClickInstrument(rate)))
        {
            Pass(500);
            long start = Clock.Now;
            for (int note = 1; note <= 100; note++)
            {
                _lane.Emit(new(start + (note * 7_654_321), OutputKind.Midi, MidiMessage.NoteOn(1, note, note)));
            }

            Pass(1000);
        }

        float[] captured = Captured(true);
        int[] frames = [.. Enumerable.Range(0, captured.Length / 2).Where(frame => captured[2 * frame] > 0)];
        Assert.Equal(Enumerable.Range(1, 100), frames.Select(frame => (int)captured[2 * frame]));
        Assert.All(frames.Select((frame, i) => frame - frames[0] - (i * 7_654_321.0 * Rate / 1e9)), error => Assert.InRange(error, -3, 3));
    });

    [Fact]
    public void AfterAnUnderrunItPlaysOn() => Judge(() =>
    {
        const int Stumbles = 3;
        NoiseInstrument noise = new(Rate) { Stumbles = Stumbles };
        Capture("FLOAT_LE");
        using (AlsaAudio audio = Open(_ => noise))
        {
            Await(() => audio.Xruns >= Stumbles);
            Pass(200);
            Assert.InRange(audio.Xruns, Stumbles, Stumbles + 3); // an emulated processor is late by itself, too
            Assert.Equal(DeviceState.Running, audio.Status.State);
            Pass(300);
        }

        float[] captured = Captured(true);
        float last = captured.Last(sample => sample != 0 && noise.Rendered.Contains(sample));
        Assert.True(noise.Rendered.LastIndexOf(last) > noise.Rendered.Count - 4096);
    });

    [Fact]
    public void ACardInUseIsTakenWhenItIsFree()
    {
        _other = Start("aplay", "-q", "-D", Card, "-f", "S16_LE", "-c", "2", "-r", "48000", "/dev/zero");
        Await(() => File.ReadAllText("/proc/asound/card1/pcm0p/sub0/status").Contains("RUNNING", StringComparison.Ordinal));
        using AlsaAudio audio = Open(rate => new NoiseInstrument(rate));
        Assert.Equal(DeviceState.Waiting, audio.Status.State);
        Assert.Contains("busy", audio.Status.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, audio.SampleRate);
        _other.Kill();
        Await(() => audio.Status.State == DeviceState.Running);
        Assert.Equal(Rate, audio.SampleRate);
    }

    [Fact]
    public void ACardThatIsPulledOutComesBack()
    {
        const string Driver = "/sys/bus/platform/drivers/snd_aloop/";
        int made = 0;
        using AlsaAudio audio = Open(rate =>
        {
            made++;
            return new NoiseInstrument(rate);
        });
        Assert.Equal(DeviceState.Running, audio.Status.State);
        File.WriteAllText(Driver + "unbind", "snd_aloop.0"); // returns when everybody has let go of the card
        Await(() => audio.Status.State == DeviceState.Lost);
        Assert.Equal(0, audio.Latency);
        File.WriteAllText(Driver + "bind", "snd_aloop.0");
        Await(() => audio.Status.State == DeviceState.Running);
        Pass(200);
        Assert.Equal((1, Rate), (made, audio.SampleRate));
    }

    [Fact]
    public void TheDefaultCardPlays() => Judge(() =>
    {
        using AlsaAudio audio = new(Clock, new AlsaAudioOptions());
        NoiseInstrument noise = new(Rate);
        audio.Start(_lane, _ => noise);
        Pass(500);
        Assert.Equal((DeviceState.Running, 0), (audio.Status.State, audio.Xruns));
        Assert.InRange(noise.Rendered.Count / 2, Rate / 4, Rate);
    });

    /// <summary>The emulated processor takes longer than a card's buffer to compile what plays a note, at first and once more when it is found
    /// to run often; so that is done before anything counts, for each format of a card.</summary>
    private void WarmUp()
    {
        if (_isWarm)
        {
            return;
        }

        foreach ((string card, string? format) in (ReadOnlySpan<(string, string?)>)[(Card, "S16_LE"), (Card, "FLOAT_LE"), ("default", null)])
        {
            if (format is not null)
            {
                Capture(format);
            }

            using (NoteLedger ledger = new())
            using (AlsaAudio audio = new(Clock, new AlsaAudioOptions { Device = card }))
            {
                OutputLane lane = new(ledger, returns: false);
                audio.Start(lane, rate => new NoiseInstrument(rate));
                audio.Reload();
                for (int i = 0; i < 30; i++)
                {
                    lane.Emit(new(Clock.Now, OutputKind.Midi, MidiMessage.NoteOn(1, 60 + i, 1)));
                    Pass(20);
                }
            }

            if (format is not null)
            {
                Captured(format == "FLOAT_LE");
            }
        }

        _isWarm = true;
    }

    private AlsaAudio Open(Func<int, IInstrument> instruments)
    {
        AlsaAudio audio = new(Clock, new AlsaAudioOptions { Device = Card });
        audio.Start(_lane, instruments);
        return audio;
    }

    private void EndOther()
    {
        if (_other is { HasExited: false })
        {
            _other.Kill();
            _other.WaitForExit();
        }

        _other?.Dispose();
        _other = null;
    }

    private void Capture(string format)
    {
        EndOther();
        _other = Start("arecord", "-q", "-D", "hw:Loopback,1,0", "-f", format, "-c", "2", "-r", $"{Rate}", "-t", "raw", _path);
        Await(() => File.ReadAllText("/proc/asound/card1/pcm1c/sub0/status").Contains("RUNNING", StringComparison.Ordinal));
    }

    private float[] Captured(bool isFloat)
    {
        Pass(300);
        Run("kill", "-INT", $"{_other!.Id}");
        _other.WaitForExit();
        byte[] bytes = File.ReadAllBytes(_path);
        return isFloat
            ? MemoryMarshal.Cast<byte, float>(bytes).ToArray()
            : [.. MemoryMarshal.Cast<byte, short>(bytes).ToArray().Select(sample => (float)sample)];
    }
}
