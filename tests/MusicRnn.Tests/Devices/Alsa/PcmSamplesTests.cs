using MusicRnn.Devices.Alsa;

namespace MusicRnn.Tests.Devices.Alsa;

public sealed unsafe class PcmSamplesTests
{
    private static readonly float[] Left = [0, 1, -1, 0.5f, 2, float.NegativeInfinity, 1e-6f];
    private static readonly float[] Right = [0.25f, -0.25f, 0, -3, 0.00002f, float.NaN, 1];

    [Fact]
    public void FloatsAreLeftAsTheyAre()
    {
        float[] frames = Interleave<float>(PcmFormat.Float);
        Assert.Equal(Left, frames.Where((_, i) => i % 2 == 0));
        Assert.Equal(Right, frames.Where((_, i) => i % 2 == 1));
    }

    [Fact]
    public void SixteenBitsAreRoundedAndCut()
    {
        Assert.Equal(
            [0, 8192, 32767, -8192, -32767, 0, 16384, -32767, 32767, 1, -32767, 0, 0, 32767],
            Interleave<short>(PcmFormat.Short));
    }

    [Fact]
    public void ThirtyTwoBitsAreRoundedAndCut()
    {
        int[] frames = Interleave<int>(PcmFormat.Int);
        Assert.Equal([0, 536870912, int.MaxValue, -536870912, -int.MaxValue, 0], frames[..6]);
        Assert.Equal([int.MaxValue, 42950], frames[8..10]);
        Assert.Equal([-int.MaxValue, 0, 2147, int.MaxValue], frames[10..14]);
    }

    private static T[] Interleave<T>(PcmFormat format)
        where T : unmanaged
    {
        T[] frames = new T[Left.Length * 2];
        Assert.Equal(PcmSamples.FrameBytes(format), 2 * sizeof(T));
        fixed (T* pointer = frames)
        {
            PcmSamples.Interleave(Left, Right, format, pointer);
        }

        return frames;
    }
}
