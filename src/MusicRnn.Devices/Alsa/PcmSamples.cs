namespace MusicRnn.Devices.Alsa;

/// <summary>Puts samples into the order and format of a sound card.</summary>
internal static unsafe class PcmSamples
{
    /// <summary>The bytes of a stereo frame.</summary>
    public static int FrameBytes(PcmFormat format) => format == PcmFormat.Short ? 4 : 8;

    /// <summary>Interleaves two channels. Whole numbers are rounded to the nearest, and what is beyond full scale is cut to it; floating point is left as it is.
    /// [audio-thread] allocates nothing, locks nothing, logs nothing.</summary>
    /// <param name="left">The left samples.</param>
    /// <param name="right">The right samples, as many.</param>
    /// <param name="format">The card's format.</param>
    /// <param name="frames">Room for as many frames.</param>
    public static void Interleave(ReadOnlySpan<float> left, ReadOnlySpan<float> right, PcmFormat format, void* frames)
    {
        switch (format)
        {
            case PcmFormat.Float:
                float* floats = (float*)frames;
                for (int i = 0; i < left.Length; i++)
                {
                    floats[2 * i] = left[i];
                    floats[(2 * i) + 1] = right[i];
                }

                break;
            case PcmFormat.Int:
                int* ints = (int*)frames;
                for (int i = 0; i < left.Length; i++)
                {
                    ints[2 * i] = ToInt(left[i]);
                    ints[(2 * i) + 1] = ToInt(right[i]);
                }

                break;
            default:
                short* shorts = (short*)frames;
                for (int i = 0; i < left.Length; i++)
                {
                    shorts[2 * i] = ToShort(left[i]);
                    shorts[(2 * i) + 1] = ToShort(right[i]);
                }

                break;
        }
    }

    // NaN, which no comparison is true of, becomes 0 in the conversion.
    private static short ToShort(float sample) => (short)MathF.Round(Math.Clamp(sample, -1, 1) * short.MaxValue);

    private static int ToInt(float sample) => (int)Math.Round(Math.Clamp((double)sample, -1, 1) * int.MaxValue);
}
