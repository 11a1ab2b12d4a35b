using System.Globalization;
using MusicRnn.Midi;

namespace MusicRnn.Benchmarks;

/// <summary>Peers/jack_peer.c on a JACK server: plays at exact frames, records the frames of what it hears, counts xruns.</summary>
internal sealed class JackPeer : IDisposable
{
    private readonly Peer _peer;

    public JackPeer(string program, string server, string name)
    {
        _peer = new Peer(program, server, name);
        _peer.Hear();
    }

    /// <summary>Its process.</summary>
    public int Id => _peer.Id;

    /// <summary>Xruns that it was told of since it joined.</summary>
    public int Xruns
    {
        get
        {
            _peer.Say("xruns");
            return int.Parse(_peer.Hear()["xruns ".Length..], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Wires two ports.</summary>
    /// <returns>Whether both are there.</returns>
    public bool Connect(string from, string to)
    {
        _peer.Say($"connect {from} {to}");
        return _peer.Hear() == "connected 0";
    }

    /// <summary>Wires two ports once both are there.</summary>
    public void ConnectWhenThere(string from, string to)
    {
        for (int i = 0; i < 500 && !Connect(from, to); i++)
        {
            Thread.Sleep(20);
        }
    }

    /// <summary>Plays messages, at frames from a moment on that is half a second ahead.</summary>
    /// <returns>That moment's frame.</returns>
    public uint Play(IEnumerable<(int Frame, MidiMessage Message)> messages)
    {
        _peer.Say("mark");
        uint start = uint.Parse(_peer.Hear()["mark ".Length..], CultureInfo.InvariantCulture);
        foreach ((int frame, MidiMessage message) in messages)
        {
            _peer.Say($"play {frame} {message.Status} {message.Data1} {message.Data2}");
        }

        return start;
    }

    /// <summary>What it heard since it was last asked.</summary>
    public List<(uint Frame, MidiMessage Message)> Dump()
    {
        List<(uint, MidiMessage)> heard = [];
        _peer.Say("dump");
        for (string line = _peer.Hear(); line != "end"; line = _peer.Hear())
        {
            uint[] numbers = [.. line.Split(' ').Skip(1).Select(text => uint.Parse(text, CultureInfo.InvariantCulture))];
            heard.Add((numbers[0], new MidiMessage((byte)numbers[1], (byte)numbers[2], (byte)numbers[3])));
        }

        return heard;
    }

    public void Dispose() => _peer.Dispose();
}
