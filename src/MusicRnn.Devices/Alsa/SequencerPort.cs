namespace MusicRnn.Devices.Alsa;

/// <summary>A port of the sequencer.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Name">Its client's name and its own, with a colon between.</param>
/// <param name="Capability">What it can do (<c>SND_SEQ_PORT_CAP_*</c>, <c>seq.h</c>).</param>
/// <param name="Type">What it is (<c>SND_SEQ_PORT_TYPE_*</c>, <c>seq.h</c>).</param>
internal sealed record SequencerPort(SequencerAddress Address, string Name, uint Capability, uint Type)
{
    /// <summary>Events can be read from it.</summary>
    public const uint Read = 1 << 0;

    /// <summary>Events can be written to it.</summary>
    public const uint Write = 1 << 1;

    /// <summary>Others may subscribe to what it sends.</summary>
    public const uint SubscribeRead = 1 << 5;

    /// <summary>Others may subscribe it to what they send.</summary>
    public const uint SubscribeWrite = 1 << 6;

    /// <summary>Not to be wired by others.</summary>
    public const uint NoExport = 1 << 7;

    /// <summary>The type of a port that speaks MIDI.</summary>
    public const uint MidiGeneric = 1 << 1;

    /// <summary>The type of a port of a device, not of a program.</summary>
    public const uint Hardware = 1 << 16;

    /// <summary>The type of a port of a program.</summary>
    public const uint Application = 1 << 20;

    /// <summary>Whether a keyboard may be behind it: others may listen to it.</summary>
    public bool IsSource => Has(Read | SubscribeRead);

    /// <summary>Whether a sound module may be behind it: others may play on it.</summary>
    public bool IsDestination => Has(Write | SubscribeWrite);

    /// <summary>Whether it belongs to a device, not to a program.</summary>
    public bool IsHardware => (Type & Hardware) != 0;

    /// <summary>Whether it is the kernel's cable that leads what it is sent back out: a loop, if it is wired to both our ports.</summary>
    public bool IsThrough => Name.StartsWith("Midi Through:", StringComparison.Ordinal);

    private bool Has(uint capability) => (Capability & capability) == capability && (Capability & NoExport) == 0;
}
