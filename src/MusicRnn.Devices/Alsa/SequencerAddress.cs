using System.Runtime.InteropServices;

namespace MusicRnn.Devices.Alsa;

/// <summary>Where a port is: the number of its client and its own (<c>snd_seq_addr_t</c>).</summary>
[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly record struct SequencerAddress(byte Client, byte Port)
{
    /// <summary>Every port that is subscribed to the sending one.</summary>
    public static readonly SequencerAddress Subscribers = new(254, 253);

    /// <summary>Where the kernel tells which ports come and go.</summary>
    public static readonly SequencerAddress Announcements = new(0, 1);

    /// <inheritdoc/>
    public override string ToString() => $"{Client}:{Port}";
}
