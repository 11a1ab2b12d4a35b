using System.Runtime.InteropServices;
using static MusicRnn.Devices.Alsa.AlsaException;

namespace MusicRnn.Devices.Alsa;

/// <summary>A sound card, open for stereo playback. One thread uses it.</summary>
internal sealed unsafe class Pcm : IDisposable
{
    private readonly nint _handle;
    private readonly byte* _frames; // [max(buffer, period), 2] samples of the format
    private bool _disposed;

    /// <summary>Opens a card with what it has that is nearest to what is asked for. It plays from <see cref="Restart"/> on.</summary>
    /// <exception cref="AlsaException">It is not there, is in use, or cannot play stereo in a known format.</exception>
    public Pcm(AlsaAudioOptions options)
    {
        string device = options.Device;
        Check(LibAsound.snd_pcm_open(out _handle, device, LibAsound.Playback, LibAsound.PcmNonBlock), "snd_pcm_open", device);
        nint hardware = 0;
        nint software = 0;
        try
        {
            Check(LibAsound.snd_pcm_hw_params_malloc(out hardware), "snd_pcm_hw_params_malloc");
            Check(LibAsound.snd_pcm_hw_params_any(_handle, hardware), "snd_pcm_hw_params_any", device);
            LibAsound.snd_pcm_hw_params_set_rate_resample(_handle, hardware, 1);
            Check(LibAsound.snd_pcm_hw_params_set_access(_handle, hardware, LibAsound.InterleavedAccess), "snd_pcm_hw_params_set_access", device);
            Format = ChooseFormat(hardware);
            Check(LibAsound.snd_pcm_hw_params_set_format(_handle, hardware, (int)Format), "snd_pcm_hw_params_set_format", device);
            Check(LibAsound.snd_pcm_hw_params_set_channels(_handle, hardware, 2), "snd_pcm_hw_params_set_channels", device);
            uint rate = (uint)options.SampleRate;
            Check(LibAsound.snd_pcm_hw_params_set_rate_near(_handle, hardware, ref rate, null), "snd_pcm_hw_params_set_rate_near", device);
            nuint period = (nuint)options.PeriodFrames;
            Check(LibAsound.snd_pcm_hw_params_set_period_size_near(_handle, hardware, ref period, null), "snd_pcm_hw_params_set_period_size_near", device);
            nuint buffer = period * (nuint)options.Periods;
            Check(LibAsound.snd_pcm_hw_params_set_buffer_size_near(_handle, hardware, ref buffer), "snd_pcm_hw_params_set_buffer_size_near", device);
            Check(LibAsound.snd_pcm_hw_params(_handle, hardware), "snd_pcm_hw_params", device);
            Check(LibAsound.snd_pcm_hw_params_get_period_size(hardware, out period, null), "snd_pcm_hw_params_get_period_size", device);
            Check(LibAsound.snd_pcm_hw_params_get_buffer_size(hardware, out buffer), "snd_pcm_hw_params_get_buffer_size", device);
            Rate = (int)rate;
            BufferFrames = (int)buffer;
            PeriodFrames = (int)Math.Min(period, buffer / 2); // a card whose period is its buffer would be filled only when it is empty
            Check(LibAsound.snd_pcm_sw_params_malloc(out software), "snd_pcm_sw_params_malloc");
            Check(LibAsound.snd_pcm_sw_params_current(_handle, software), "snd_pcm_sw_params_current", device);
            Check(LibAsound.snd_pcm_sw_params_set_avail_min(_handle, software, (nuint)PeriodFrames), "snd_pcm_sw_params_set_avail_min", device);
            Check(LibAsound.snd_pcm_sw_params_set_start_threshold(_handle, software, buffer), "snd_pcm_sw_params_set_start_threshold", device);
            Check(LibAsound.snd_pcm_sw_params(_handle, software), "snd_pcm_sw_params", device);
            _frames = (byte*)NativeMemory.AllocZeroed((nuint)BufferFrames, (nuint)PcmSamples.FrameBytes(Format));
        }
        catch (AlsaException)
        {
            Dispose();
            throw;
        }
        finally
        {
            LibAsound.snd_pcm_hw_params_free(hardware);
            LibAsound.snd_pcm_sw_params_free(software);
        }
    }

    /// <summary>Frames a second.</summary>
    public int Rate { get; }

    /// <summary>The frames that the card takes at a time.</summary>
    public int PeriodFrames { get; }

    /// <summary>The frames that its buffer holds.</summary>
    public int BufferFrames { get; }

    /// <summary>Its sample format.</summary>
    public PcmFormat Format { get; }

    /// <summary>Fills the buffer with silence and starts to play it. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <returns>0, or the error's negative number.</returns>
    public int Restart()
    {
        LibAsound.snd_pcm_drop(_handle);
        int result = LibAsound.snd_pcm_prepare(_handle);
        if (result < 0)
        {
            return result;
        }

        new Span<byte>(_frames, BufferFrames * PcmSamples.FrameBytes(Format)).Clear();
        nint written = LibAsound.snd_pcm_writei(_handle, _frames, (nuint)BufferFrames);
        if (written < 0)
        {
            return (int)written;
        }

        // The last frame of a full buffer starts it; a card that took less is started by hand.
        return LibAsound.snd_pcm_state(_handle) == LibAsound.StatePrepared ? LibAsound.snd_pcm_start(_handle) : 0;
    }

    /// <summary>Wakes a suspended card.</summary>
    /// <returns>0, <see cref="LibAsound.Again"/> while it is waking up, or another error's negative number.</returns>
    public int Resume() => LibAsound.snd_pcm_resume(_handle);

    /// <summary>Waits until there is room for a period. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <returns>1, 0 when the time is over, or the error's negative number.</returns>
    public int Wait(int milliseconds) => LibAsound.snd_pcm_wait(_handle, milliseconds);

    /// <summary>The frames there is room for, or the error's negative number. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public long Available() => LibAsound.snd_pcm_avail(_handle);

    /// <summary>How many frames from now a frame that is written next is heard, as far as the card knows; -1 if it does not. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    public long Delay() => LibAsound.snd_pcm_delay(_handle, out nint frames) < 0 ? -1 : frames;

    /// <summary>Plays a block: at most a period. [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <returns>0, or the error's negative number.</returns>
    public int Write(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        PcmSamples.Interleave(left, right, Format, _frames);
        int done = 0;
        while (done < left.Length)
        {
            nint written = LibAsound.snd_pcm_writei(_handle, _frames + (done * PcmSamples.FrameBytes(Format)), (nuint)(left.Length - done));
            if (written is LibAsound.Again or 0)
            {
                int ready = Wait(100);
                if (ready <= 0)
                {
                    return ready < 0 ? ready : LibAsound.Again;
                }
            }
            else if (written < 0)
            {
                return (int)written;
            }
            else
            {
                done += (int)written;
            }
        }

        return 0;
    }

    /// <summary>Closes the card at once.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            LibAsound.snd_pcm_drop(_handle);
            LibAsound.snd_pcm_close(_handle);
            NativeMemory.Free(_frames);
        }
    }

    private PcmFormat ChooseFormat(nint hardware)
    {
        foreach (PcmFormat format in (ReadOnlySpan<PcmFormat>)[PcmFormat.Float, PcmFormat.Short, PcmFormat.Int])
        {
            if (LibAsound.snd_pcm_hw_params_test_format(_handle, hardware, (int)format) == 0)
            {
                return format;
            }
        }

        return PcmFormat.Short; // asking for it fails with the library's own words
    }
}
