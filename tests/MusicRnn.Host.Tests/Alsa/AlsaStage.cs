using System.Diagnostics;
using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Tests.Devices.Alsa;

namespace MusicRnn.Host.Tests.Alsa;

/// <summary>The instrument on the kernel's own sequencer, and ALSA's own programs that play to it and hear it.</summary>
internal sealed class AlsaStage : IDisposable
{
    public const int Machine = 1; // the machine's channel, counted from 0
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _home = new();
    private readonly string _model;

    public AlsaStage(Network network)
    {
        RealKernel.Require();
        _model = _home.File("small.safetensors");
        network.Save(_model, new Dictionary<string, string>());
        Dump = new SequencerDump();
    }

    public HostProcess Instrument { get; private set; } = null!;

    public SequencerDump Dump { get; }

    /// <summary>What was heard on the machine's channel, in order.</summary>
    public MidiMessage[] Heard => [.. Dump.Heard.Where(message => message.Channel == Machine)];

    /// <summary>Keys that sound after some messages.</summary>
    public static HashSet<int> Sounding(IEnumerable<MidiMessage> heard)
    {
        var sounding = new HashSet<int>();
        foreach (MidiMessage message in heard)
        {
            int key = (message.Channel * 128) + message.Data1;
            if (message.IsNoteOn)
            {
                Assert.True(sounding.Add(key), $"Key {message.Data1} was struck while it sounded.");
            }
            else if (message.IsNoteOff)
            {
                Assert.True(sounding.Remove(key), $"Key {message.Data1} was released twice.");
            }
        }

        return sounding;
    }

    /// <summary>Starts the instrument and waits until it can be played.</summary>
    public void Start(params string[] arguments)
    {
        Instrument = new HostProcess(_home, ["run", "--model", _model, "--seed", "7", .. arguments]);
        Instrument.WaitForLine("Ready:");
    }

    /// <summary>Wires what is heard from the instrument to aseqdump.</summary>
    public static void Wire() => RealKernel.Run("aconnect", "MusicRnn:1", "aseqdump:0");

    /// <summary>Plays messages into a port, with aplaymidi, to the end.</summary>
    public void Play(string port, params IEnumerable<(int Milliseconds, MidiMessage Message)> messages)
    {
        var writer = new MidiFileWriter();
        MidiTrackWriter track = writer.AddTrack();
        foreach ((int milliseconds, MidiMessage message) in messages)
        {
            track.Add(milliseconds * 1_000_000L, message);
        }

        string path = _home.File("played.mid");
        writer.Write(path);
        RealKernel.Run("aplaymidi", "-d", "0", "-p", port, path);
    }

    /// <summary>A phrase of eight notes, a quarter of a second apart.</summary>
    public static IEnumerable<(int Milliseconds, MidiMessage Message)> Phrase()
    {
        int[] pitches = [60, 62, 64, 65, 67, 65, 64, 62];
        for (int i = 0; i < pitches.Length; i++)
        {
            yield return (i * 250, MidiMessage.NoteOn(0, pitches[i], 60 + (3 * i)));
            yield return ((i * 250) + 190, MidiMessage.NoteOff(0, pitches[i]));
        }
    }

    public string File(string name) => _home.File(name);

    public void WaitFor(Func<bool> isSo, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!isSo())
        {
            if (Instrument.HasExited || watch.Elapsed > Patience)
            {
                string heard = string.Join(", ", Dump.Heard.Select(message => $"{message.Status:X2} {message.Data1} {message.Data2}"));
                Assert.Fail($"There was not {what}. Heard: {heard}\n{Instrument.Output}\n{Instrument.Error}");
            }

            Thread.Sleep(20);
        }
    }

    /// <summary>Ends one of ALSA's programs as Ctrl-C does, so that it completes its file.</summary>
    public static void Interrupt(Process program)
    {
        Signal.Send(program.Id, Signal.Interrupt);
        Assert.True(program.WaitForExit(Patience));
    }

    public void Dispose()
    {
        Instrument?.Dispose();
        Dump.Dispose();
        _home.Dispose();
    }
}
