using MusicRnn.Host.Commands;
using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Tests.Performance;

namespace MusicRnn.Host.Tests.Commands;

/// <summary>Where commands are typed: in this process, in a home of its own, with a small network in the place of the shipped one.</summary>
internal sealed class Terminal : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public Terminal()
    {
        Model = File("small.safetensors");
        TestNetworks.Lively.Save(Model, new Dictionary<string, string>());
        Workplace = new Workplace(
            new Installation(AppContext.BaseDirectory),
            new UserFolders(File("config"), File("data"), File("state"), File("runtime")));
    }

    public Workplace Workplace { get; }

    public TemporaryFolder Home => _home;

    public string Model { get; }

    public static Network Network => TestNetworks.Lively;

    public string File(string name) => _home.File(name);

    /// <summary>Types a command and waits for its end.</summary>
    public (int ExitCode, string Output, string Error) Type(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int exitCode = CommandLine.RunAsync(arguments, Workplace, output, error).GetAwaiter().GetResult();
        return (exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Types a command that must fail, with one sentence on standard error.</summary>
    public string TypeInVain(int exitCode, params string[] arguments)
    {
        (int code, string output, string error) = Type(arguments);
        Assert.Equal("", output);
        Assert.StartsWith("musicrnn: ", error, StringComparison.Ordinal);
        Assert.Equal(exitCode, code);
        Assert.DoesNotContain("   at ", error); // no stack trace
        return error["musicrnn: ".Length..].TrimEnd();
    }

    /// <summary>Makes a MIDI file of a scale, a note each 200 ms.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="notes">How many notes it has.</param>
    /// <param name="program">The program that it asks for; null for none.</param>
    /// <param name="channel">The channel, 0-15.</param>
    public string MakeSeed(string name, int notes = 8, int? program = null, int channel = 0)
    {
        var writer = new MidiFileWriter();
        MidiTrackWriter track = writer.AddTrack();
        if (program is int number)
        {
            track.Add(0, MidiMessage.Program(channel, number));
        }

        for (int i = 0; i < notes; i++)
        {
            track.Add(i * 200_000_000L, MidiMessage.NoteOn(channel, 60 + (i % 12), 60 + (i % 60)));
            track.Add((i * 200_000_000L) + 150_000_000, MidiMessage.NoteOff(channel, 60 + (i % 12)));
        }

        writer.Write(File(name));
        return File(name);
    }

    public void Dispose() => _home.Dispose();
}
