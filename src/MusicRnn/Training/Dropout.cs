using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MusicRnn.Training;

/// <summary>
/// Dropout (Srivastava et al. 2014), inverted: what is kept is scaled up. The mask is a hash of the position and a key,
/// so that the backward pass makes it again instead of keeping it.
/// </summary>
internal static unsafe class Dropout
{
    /// <summary>target = source with a share of its floats zeroed; may be in place. The count is a multiple of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(float* source, float* target, long first, long count, uint key, float rate)
    {
        Vector512<uint> threshold = Vector512.Create((uint)(rate * 16777216f));
        Vector512<float> scale = Vector512.Create(1f / (1f - rate));
        Vector512<uint> lane = Vector512<uint>.Indices;
        for (long i = first; i < first + count; i += 16)
        {
            Vector512<uint> hash = lane + Vector512.Create(((uint)i * 0x9E3779B1u) ^ key);
            hash = (hash ^ (hash >> 16)) * Vector512.Create(0x7FEB352Du);
            hash = (hash ^ (hash >> 15)) * Vector512.Create(0x846CA68Bu);
            hash ^= hash >> 16;
            Vector512<uint> kept = Vector512.GreaterThanOrEqual(hash >> 8, threshold);
            (Vector512.Load(source + i) * scale & kept.AsSingle()).Store(target + i);
        }
    }
}
