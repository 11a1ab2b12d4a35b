using System.Globalization;
using MusicRnn.Host.Options;

namespace MusicRnn.Host.Services;

/// <summary>The files that this run records notes and sound to. One that it has begun is not written over when devices are opened anew: the recording goes on in another beside it.</summary>
internal sealed class Recordings
{
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);

    /// <summary>A choice of devices in which each file to be written, and begun by this run before, has another name, as <c>gig-2.wav</c>.</summary>
    public RigChoice Begin(RigChoice choice) => choice with { MidiOutput = Begin(choice.MidiOutput), Audio = Begin(choice.Audio) };

    private Source Begin(Source output) =>
        output.Kind != SourceKind.File || _begun.Add(output.Name) || !File.Exists(output.Name) ? output : output with { Name = Beside(output.Name) };

    private static string Beside(string path)
    {
        string stem = Path.ChangeExtension(path, null), extension = Path.GetExtension(path);
        for (int number = 2; ; number++)
        {
            string free = string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}{extension}");
            if (!File.Exists(free))
            {
                return free;
            }
        }
    }
}
