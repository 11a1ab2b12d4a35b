namespace MusicRnn.Devices.Alsa;

/// <summary>Which ports of other clients one of ours is to be wired to, as a setting says it.</summary>
/// <param name="Text">Empty for none; <c>auto</c> for every keyboard that is hardware; else part of a name as <c>client:port</c>, in any case, or an address as <c>20:0</c>.</param>
/// <param name="IsInput">Whether it is about keyboards, else about sound modules.</param>
internal sealed record PortWish(string Text, bool IsInput)
{
    /// <summary>Whether every hardware port is wished for.</summary>
    public bool IsAuto => Text.Equals("auto", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether nothing is wished for: the wiring is left to others.</summary>
    public bool IsNone => Text.Length == 0;

    /// <summary>Whether a port is wished for. The kernel's own ports and ours never are, and "Midi Through" only by its name: it leads back what is sent.</summary>
    /// <param name="port">The port.</param>
    /// <param name="own">Our client's number.</param>
    public bool Wants(SequencerPort port, int own)
    {
        if (IsNone || port.Address.Client == 0 || port.Address.Client == own || !(IsInput ? port.IsSource : port.IsDestination))
        {
            return false;
        }

        if (IsAuto)
        {
            return IsInput && port.IsHardware && !port.IsThrough;
        }

        return Text == port.Address.ToString()
            || (port.Name.Contains(Text, StringComparison.OrdinalIgnoreCase)
                && (!port.IsThrough || Text.Contains("through", StringComparison.OrdinalIgnoreCase)));
    }
}
