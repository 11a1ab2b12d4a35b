using System.Runtime.CompilerServices;

namespace MusicRnn.Synthesis;

/// <summary>A straight line between two points.</summary>
internal readonly unsafe struct LinearKernel : IKernel<LinearKernel>
{
    public static int Before => 0;

    public static int After => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float At<TPoint>(TPoint* point, float x)
        where TPoint : unmanaged
    {
        float here = IKernel<LinearKernel>.One(point);
        return here + (x * (IKernel<LinearKernel>.One(point + 1) - here));
    }
}
