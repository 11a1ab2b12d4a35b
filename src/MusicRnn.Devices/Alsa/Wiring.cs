namespace MusicRnn.Devices.Alsa;

/// <summary>Keeps one of our ports wired as wished while ports come and go, and knows whatever else it is wired to.</summary>
internal sealed class Wiring
{
    private readonly Sequencer _sequencer;
    private readonly int _port;
    private readonly bool _isInput;
    private readonly PortWish[] _wishes;
    private readonly HashSet<SequencerAddress> _unwanted = []; // wired by us, unwired by the user
    private List<SequencerPort> _peers = [];

    /// <summary>For a port of ours that is not wired yet.</summary>
    /// <param name="sequencer">Our client.</param>
    /// <param name="port">Its port.</param>
    /// <param name="isInput">Whether others play into it, else they hear it.</param>
    /// <param name="wishes">What it is to be wired to; those for nothing do not count.</param>
    public Wiring(Sequencer sequencer, int port, bool isInput, IEnumerable<string> wishes)
    {
        _sequencer = sequencer;
        _port = port;
        _isInput = isInput;
        _wishes = [.. wishes.Select(text => new PortWish(text, isInput)).Where(wish => !wish.IsNone)];
        Missing = _wishes.Length > 0 ? _wishes[0] : null;
    }

    /// <summary>What the port is wired to.</summary>
    public IReadOnlyList<SequencerPort> Peers => _peers;

    /// <summary>A wish that nothing is wired for; null where there is none.</summary>
    public PortWish? Missing { get; private set; }

    /// <summary>Whether something that was wished for was wired once.</summary>
    public bool WasFulfilled { get; private set; }

    /// <summary>Looks at the ports that there are now, and wires those that are wished for: every keyboard, but to each wish one sound
    /// module only, for a device with two ports would else play each note twice.</summary>
    /// <param name="ports">Every port.</param>
    /// <param name="came">Whether somebody is there now, and nobody was the last time.</param>
    /// <returns>Whether a port was unwired or went away since the last time.</returns>
    public bool Update(IReadOnlyList<SequencerPort> ports, out bool came)
    {
        List<SequencerAddress> wired = _sequencer.Wired(_port, _isInput);
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
        Missing = null;
        foreach (PortWish wish in _wishes)
        {
            if (Fulfil(wish, ports, wired))
            {
                WasFulfilled = true;
            }
            else
            {
                Missing ??= wish;
            }
        }

        List<SequencerPort> peers = [.. ports.Where(port => wired.Contains(port.Address))];
        came = peers.Count > 0 && (_peers.Count == 0 || lost);
        _peers = peers;
        return lost;
    }

    /// <summary>Wires what a wish is for; whether anything is.</summary>
    private bool Fulfil(PortWish wish, IReadOnlyList<SequencerPort> ports, List<SequencerAddress> wired)
    {
        bool fulfilled = ports.Any(port => wired.Contains(port.Address) && wish.Wants(port, _sequencer.Client));
        foreach (SequencerPort port in ports)
        {
            if (wish.Wants(port, _sequencer.Client) && (_isInput || !fulfilled) && !wired.Contains(port.Address) && !_unwanted.Contains(port.Address))
            {
                int result = _isInput ? _sequencer.ConnectFrom(port.Address, _port) : _sequencer.ConnectTo(_port, port.Address);
                if (result >= 0)
                {
                    wired.Add(port.Address);
                    fulfilled = true;
                }
            }
        }

        return fulfilled;
    }
}
