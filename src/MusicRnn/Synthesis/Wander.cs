using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MusicRnn.Synthesis;

/// <summary>Eight taps of delay lines, each late by a time that swings slowly around its mean, so that nothing rings at one pitch.</summary>
internal sealed unsafe class Wander
{
    private const int Lanes = 8;
    private const double Cycle = 4294967296; // a phase is a fraction of it, and wraps by itself
    private const float HalfCycle = 1f / 2147483648;

    private readonly Vector256<int> _means; // frames
    private readonly Vector256<float> _parts; // of a frame, beyond those
    private readonly Vector256<float> _depth; // frames each way, times four
    private readonly Vector256<uint> _speeds; // of a cycle a frame
    private Vector256<uint> _phases;

    /// <summary>Begins at the phases given.</summary>
    /// <param name="means">Mean lateness of each tap, frames. [8]</param>
    /// <param name="depth">How far it swings each way, frames.</param>
    /// <param name="phases">Where in its cycle each begins, 0-1. [8]</param>
    /// <param name="speeds">Cycles a frame. [8]</param>
    public Wander(ReadOnlySpan<double> means, double depth, ReadOnlySpan<double> phases, ReadOnlySpan<double> speeds)
    {
        Span<int> m = stackalloc int[Lanes];
        Span<float> f = stackalloc float[Lanes];
        Span<uint> p = stackalloc uint[Lanes];
        Span<uint> s = stackalloc uint[Lanes];
        for (int i = 0; i < Lanes; i++)
        {
            m[i] = (int)means[i];
            f[i] = (float)(means[i] - m[i]);
            p[i] = (uint)(long)(phases[i] * Cycle);
            s[i] = (uint)(speeds[i] * Cycle);
        }

        _means = Vector256.Create<int>(m);
        _parts = Vector256.Create<float>(f);
        _phases = Vector256.Create<uint>(p);
        _speeds = Vector256.Create<uint>(s);
        _depth = Vector256.Create((float)(4 * depth));
    }

    /// <summary>Lets frames pass without reading.</summary>
    public void Skip(int frames) => _phases += _speeds * (uint)frames;

    /// <summary>The taps' values at this frame, each between two of its line's points; then the frame has passed.</summary>
    /// <param name="lines">Lines side by side. [mask + 1, 1 &lt;&lt; shift]</param>
    /// <param name="at">The place of the newest point.</param>
    /// <param name="mask">The lines' length less one.</param>
    /// <param name="shift">How many lines there are, as a power of two.</param>
    /// <param name="line">Which line each tap reads.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Read(float* lines, int at, int mask, int shift, Vector256<int> line)
    {
        Vector256<float> x = Vector256.ConvertToSingle(_phases.AsInt32()) * HalfCycle; // -1 to 1: a parabola each way is close to a sine, and without corners
        _phases += _speeds;
        Vector256<float> late = Vector256.FusedMultiplyAdd(_depth * x, Vector256<float>.One - Vector256.Abs(x), _parts);
        Vector256<float> floor = Vector256.Floor(late);
        Vector256<float> part = late - floor;
        Vector256<int> newest = Vector256.Create(at) - _means - Vector256.ConvertToInt32Native(floor);
        Vector256<int> near = ((newest & Vector256.Create(mask)) << shift) + line;
        Vector256<int> far = (((newest - Vector256<int>.One) & Vector256.Create(mask)) << shift) + line;
        Vector256<float> here = Gather(lines, near);
        return Vector256.FusedMultiplyAdd(part, Gather(lines, far) - here, here);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Gather(float* lines, Vector256<int> places)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.GatherVector256(lines, places, sizeof(float));
        }

        float* values = stackalloc float[Lanes];
        for (int i = 0; i < Lanes; i++)
        {
            values[i] = lines[places[i]];
        }

        return Vector256.Load(values);
    }
}
