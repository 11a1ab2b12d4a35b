using System.Runtime.InteropServices;
using static MusicRnn.Devices.Jack.JackLibrary;

namespace MusicRnn.Devices.Jack;

/// <summary>
/// Connects MusicRnn's ports to the ports that the options name, once each time such a port appears: what the user
/// disconnects then stays so.
/// </summary>
internal sealed unsafe class JackWiring
{
    // Whatever an ALSA program sends to "Midi Through" comes out of it again: no keyboard, and a loop in waiting.
    private const string Through = "Midi Through";
    private const string Capture = "capture";
    private const string Playback = "playback";
    private readonly JackOptions _options;
    private readonly HashSet<string> _known = [];
    private readonly HashSet<string> _lit = [];

    public JackWiring(JackOptions options) => _options = options;

    /// <summary>Forgets every port: another server.</summary>
    public void Forget()
    {
        _known.Clear();
        _lit.Clear();
    }

    /// <summary>Connects what has appeared since the last time.</summary>
    /// <param name="client">The client.</param>
    /// <param name="name">The client's name on this server.</param>
    /// <returns>The connections that failed, as a sentence each.</returns>
    public List<string> Connect(nint client, string name)
    {
        List<string> failures = [];
        List<JackPort> present = Ports(client).FindAll(port => !port.Name.StartsWith(name + ":", StringComparison.Ordinal));
        List<JackPort> appeared = present.FindAll(port => !_known.Contains(port.Name));
        _known.Clear();
        _known.UnionWith(present.Select(port => port.Name));

        List<JackPort> keyboards = appeared.FindAll(port => port.IsMidi && (port.Flags & PortIsOutput) != 0);
        foreach (JackPort keyboard in keyboards.FindAll(port => _options.MidiFrom is null
            ? (port.Flags & PortIsPhysical) != 0 && !port.IsNamed(Through)
            : _options.MidiFrom.Any(port.IsNamed)))
        {
            Connect(client, keyboard.Name, $"{name}:midi_in", failures);
        }

        foreach (JackPort module in appeared.FindAll(port => port.IsMidi && (port.Flags & PortIsInput) != 0 && _options.MidiTo.Any(port.IsNamed)))
        {
            Connect(client, $"{name}:midi_out", module.Name, failures);
        }

        JackPort[] speakers = Speakers(present);
        for (int i = 0; i < speakers.Length; i++)
        {
            if (appeared.Contains(speakers[i]))
            {
                Connect(client, i == 0 ? $"{name}:out_l" : $"{name}:out_r", speakers[i].Name, failures);
            }
        }

        return failures;
    }

    /// <summary>Connects two ports; what failed is added as a sentence.</summary>
    public static void Connect(nint client, string source, string destination, List<string> failures)
    {
        const int AlreadyConnected = 17; // EEXIST, errno.h
        int result = JackLibrary.Connect(client, source, destination);
        if (result is not (0 or AlreadyConnected))
        {
            failures.Add($"jack_connect could not connect {source} to {destination} (error {result}).");
        }
    }

    /// <summary>The ports of keyboards' own that have not been connected yet, by the names that bridges give to the two ports of one
    /// device: they differ in the words capture and playback alone.</summary>
    public List<string> Lights(nint client, List<string> keyboards)
    {
        if (_options.LightsController is null)
        {
            return [];
        }

        List<string> lights = [];
        List<JackPort> present = Ports(client);
        _lit.IntersectWith(present.Select(port => port.Name));
        foreach (string keyboard in keyboards.FindAll(name => name.Contains(Capture, StringComparison.Ordinal)))
        {
            string own = keyboard.Replace(Capture, Playback, StringComparison.Ordinal);
            if (present.Exists(port => port.IsMidi && (port.Flags & PortIsInput) != 0 && port.Name == own) && _lit.Add(own))
            {
                lights.Add(own);
            }
        }

        return lights;
    }

    /// <summary>All ports of a server, in its own order.</summary>
    public static List<JackPort> Ports(nint client)
    {
        List<JackPort> ports = [];
        int size = PortNameSize();
        byte* first = stackalloc byte[2 * size];
        byte** aliases = stackalloc byte*[2];
        aliases[0] = first;
        aliases[1] = first + size;
        foreach (string name in Names(GetPorts(client, null, null, 0)))
        {
            nint port = PortByName(client, name);
            string? type = port == 0 ? null : Marshal.PtrToStringUTF8(PortType(port));
            if (type is not (MidiType or AudioType))
            {
                continue; // gone again, or of a kind that is none of ours
            }

            List<string> names = [name];
            int count = GetAliases(port, aliases);
            for (int i = 0; i < Math.Min(count, 2); i++)
            {
                names.Add(Marshal.PtrToStringUTF8((nint)aliases[i]) ?? "");
            }

            ports.Add(new JackPort(name, names, type == MidiType, (ulong)PortFlags(port)));
        }

        return ports;
    }

    /// <summary>The left and the right port to play on, as far as they are there.</summary>
    private JackPort[] Speakers(List<JackPort> present)
    {
        List<JackPort> sinks = present.FindAll(port => !port.IsMidi && (port.Flags & PortIsInput) != 0);
        if (_options.AudioTo is null)
        {
            return [.. sinks.Where(port => (port.Flags & PortIsPhysical) != 0).Take(2)];
        }

        return _options.AudioTo.Count == 1
            ? [.. sinks.Where(port => port.IsNamed(_options.AudioTo[0])).Take(2)]
            : [.. _options.AudioTo.Take(2).Select(part => sinks.Find(port => port.IsNamed(part))).OfType<JackPort>()];
    }
}

/// <summary>A port of a JACK server.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Names">Its full name and its aliases, which is where hardware has its own name.</param>
/// <param name="IsMidi">Whether it carries MIDI, or else sound.</param>
/// <param name="Flags">JACK's port flags.</param>
internal sealed record JackPort(string Name, IReadOnlyList<string> Names, bool IsMidi, ulong Flags)
{
    /// <summary>Whether a part of a name, in any case, names it.</summary>
    public bool IsNamed(string part) => Names.Any(name => name.Contains(part, StringComparison.OrdinalIgnoreCase));
}
