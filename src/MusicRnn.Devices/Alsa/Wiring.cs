namespace MusicRnn.Devices.Alsa;

/// <summary>Keeps one of our ports wired as its setting wishes while ports come and go, and knows whatever else it is wired to.</summary>
internal sealed class Wiring
{
    private readonly Sequencer _sequencer;
    private readonly int _port;
    private readonly PortWish _wish;
    private readonly HashSet<SequencerAddress> _unwanted = []; // wired by us, unwired by the user
    private List<SequencerPort> _peers = [];

    /// <summary>For a port of ours that is not wired yet.</summary>
    public Wiring(Sequencer sequencer, int port, PortWish wish)
    {
        _sequencer = sequencer;
        _port = port;
        _wish = wish;
    }

    /// <summary>What the port is wired to.</summary>
    public IReadOnlyList<SequencerPort> Peers => _peers;

    /// <summary>Whether something that was wished for is wired, or nothing was.</summary>
    public bool IsFulfilled { get; private set; }

    /// <summary>Whether what was wished for was wired once.</summary>
    public bool WasFulfilled { get; private set; }

    /// <summary>Looks at the ports that there are now, and wires those that are wished for: every keyboard, but one sound module only,
    /// for a device with two ports would else play each note twice.</summary>
    /// <param name="ports">Every port.</param>
    /// <param name="came">Whether somebody is there now, and nobody was the last time.</param>
    /// <returns>Whether a port was unwired or went away since the last time.</returns>
    public bool Update(IReadOnlyList<SequencerPort> ports, out bool came)
    {
        List<SequencerAddress> wired = _sequencer.Wired(_port, _wish.IsInput);
        bool lost = false;
        foreach (SequencerPort peer in _peers)
        {
            if (!wired.Contains(peer.Address))
            {
                lost = true;
                if (ports.Any(port => port.Address == peer.Address && port.Name == peer.Name))
                {
                    _unwanted.Add(peer.Address);
                }
            }
        }

        _unwanted.RemoveWhere(address => ports.All(port => port.Address != address));
        bool fulfilled = ports.Any(port => wired.Contains(port.Address) && _wish.Wants(port, _sequencer.Client));
        foreach (SequencerPort port in ports)
        {
            if (_wish.Wants(port, _sequencer.Client) && (_wish.IsInput || !fulfilled) && !wired.Contains(port.Address) && !_unwanted.Contains(port.Address))
            {
                int result = _wish.IsInput ? _sequencer.ConnectFrom(port.Address, _port) : _sequencer.ConnectTo(_port, port.Address);
                if (result >= 0)
                {
                    wired.Add(port.Address);
                    fulfilled = true;
                }
            }
        }

        List<SequencerPort> peers = [.. ports.Where(port => wired.Contains(port.Address))];
        came = peers.Count > 0 && (_peers.Count == 0 || lost);
        _peers = peers;
        IsFulfilled = fulfilled || _wish.IsNone;
        WasFulfilled |= fulfilled;
        return lost;
    }
}
