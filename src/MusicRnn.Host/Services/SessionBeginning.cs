using System.Security.Cryptography;
using MusicRnn.Host.Options;

namespace MusicRnn.Host.Services;

/// <summary>What a session's take names of its beginning.</summary>
/// <param name="Seed">The seed of its random numbers.</param>
/// <param name="Font">The SoundFont that it is heard with; empty for none.</param>
/// <param name="Began">When, by the wall clock.</param>
/// <param name="Stamp">When, by the rig's clock: a stamp that it has passed.</param>
internal sealed record SessionBeginning(ulong Seed, string Font, DateTimeOffset Began, long Stamp)
{
    /// <summary>A beginning at a stamp, now by the wall clock, with the settings' seed or else any.</summary>
    public static SessionBeginning Of(Settings settings, TimeProvider time, long stamp) => new(
        (ulong)(settings.Model.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue)), Path.GetFileName(settings.Sound.SoundFont), time.GetLocalNow(), stamp);
}
