using System.Runtime.InteropServices;

namespace MusicRnn.Devices.Alsa;

/// <summary>Sound cards (<c>pcm.h</c>). Frames are C longs, <see cref="nint"/> here.</summary>
internal static unsafe partial class LibAsound
{
    public const int Playback = 0; // SND_PCM_STREAM_PLAYBACK
    public const int PcmNonBlock = 1; // SND_PCM_NONBLOCK
    public const int InterleavedAccess = 3; // SND_PCM_ACCESS_RW_INTERLEAVED
    public const int StatePrepared = 2; // SND_PCM_STATE_PREPARED

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int snd_pcm_open(out nint pcm, string name, int stream, int mode);

    [LibraryImport(Name)]
    public static partial int snd_pcm_close(nint pcm);

    [LibraryImport(Name)]
    public static partial int snd_pcm_prepare(nint pcm);

    [LibraryImport(Name)]
    public static partial int snd_pcm_start(nint pcm);

    [LibraryImport(Name)]
    public static partial int snd_pcm_resume(nint pcm);

    [LibraryImport(Name)]
    public static partial int snd_pcm_drop(nint pcm);

    [LibraryImport(Name)]
    public static partial int snd_pcm_state(nint pcm);

    [LibraryImport(Name)]
    public static partial int snd_pcm_wait(nint pcm, int milliseconds);

    [LibraryImport(Name)]
    public static partial nint snd_pcm_avail(nint pcm);

    [LibraryImport(Name)]
    public static partial int snd_pcm_delay(nint pcm, out nint frames);

    [LibraryImport(Name)]
    public static partial nint snd_pcm_writei(nint pcm, void* frames, nuint count);

    [LibraryImport(Name)]
    public static partial int snd_pcm_hw_params_malloc(out nint parameters);

    [LibraryImport(Name)]
    public static partial void snd_pcm_hw_params_free(nint parameters);

    [LibraryImport(Name)]
    public static partial int snd_pcm_hw_params_any(nint pcm, nint parameters);

    [LibraryImport(Name)]
    public static partial int snd_pcm_hw_params_set_access(nint pcm, nint parameters, int access);

    [LibraryImport(Name)]
    public static partial int snd_pcm_hw_params_test_format(nint pcm, nint parameters, int format);

    [LibraryImport(Name)]
    public static partial int snd_pcm_hw_params_set_format(nint pcm, nint parameters, int format);

    [LibraryImport(Name)]
    public static partial int snd_pcm_hw_params_set_channels(nint pcm, nint parameters, uint channels);

    [LibraryImport(Name)]
    public static partial int snd_pcm_hw_params_set_rate_resample(nint pcm, nint parameters, uint enable);

    [LibraryImport(Name)]
    public static partial int snd_pcm_hw_params_set_rate_near(nint pcm, nint parameters, ref uint rate, int* direction);

    [LibraryImport(Name)]
    public static partial int snd_pcm_hw_params_set_period_size_near(nint pcm, nint parameters, ref nuint frames, int* direction);

    [LibraryImport(Name)]
    public static partial int snd_pcm_hw_params_set_buffer_size_near(nint pcm, nint parameters, ref nuint frames);

    [LibraryImport(Name)]
    public static partial int snd_pcm_hw_params_get_period_size(nint parameters, out nuint frames, int* direction);

    [LibraryImport(Name)]
    public static partial int snd_pcm_hw_params_get_buffer_size(nint parameters, out nuint frames);

    [LibraryImport(Name)]
    public static partial int snd_pcm_hw_params(nint pcm, nint parameters);

    [LibraryImport(Name)]
    public static partial int snd_pcm_sw_params_malloc(out nint parameters);

    [LibraryImport(Name)]
    public static partial void snd_pcm_sw_params_free(nint parameters);

    [LibraryImport(Name)]
    public static partial int snd_pcm_sw_params_current(nint pcm, nint parameters);

    [LibraryImport(Name)]
    public static partial int snd_pcm_sw_params_set_avail_min(nint pcm, nint parameters, nuint frames);

    [LibraryImport(Name)]
    public static partial int snd_pcm_sw_params_set_start_threshold(nint pcm, nint parameters, nuint frames);

    [LibraryImport(Name)]
    public static partial int snd_pcm_sw_params(nint pcm, nint parameters);
}
