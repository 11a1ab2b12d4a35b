using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MusicRnn.Performance;

namespace MusicRnn.Host.Commands;

/// <summary><c>musicrnn devices</c>: every MIDI and audio port of every backend, and why a backend is not available.</summary>
internal sealed class DevicesCommand : ExampleCommand
{
    private readonly IReadOnlyList<IBackend> _backends;

    /// <summary>Makes the command.</summary>
    /// <param name="backends">The backends that there may be.</param>
    public DevicesCommand(IReadOnlyList<IBackend> backends)
        : base("devices", "Lists every MIDI and audio port of every backend, and says why a backend is not available.")
    {
        _backends = backends;
        var json = new Option<bool>("--json") { Description = "As JSON, for other programs." };
        Options.Add(json);
        Examples =
        [
            ("musicrnn devices", "what can be played on"),
            ("musicrnn devices --json | jq '.[].ports[].name'", "the ports' names"),
        ];
        Notes = """
            What is listed can be named in part where a device is asked for: --midi-in "alsa:KeyStep", --audio alsa:plughw:1.
            """;
        SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            output.WriteLine(parsed.GetValue(json) ? ToJson() : ToText());
            return ExitCode.Done;
        });
    }

    private string ToText()
    {
        var text = new StringBuilder();
        foreach (IBackend backend in _backends)
        {
            BackendAvailability availability = backend.Availability;
            text.Append(backend.Name).Append(availability.IsAvailable ? ": " : " is not available: ").AppendLine(availability.Reason);
            if (availability.Remedy.Length > 0)
            {
                text.Append("  ").AppendLine(availability.Remedy);
            }

            IReadOnlyList<DevicePort> ports = backend.Ports;
            foreach (DevicePortKind kind in Enum.GetValues<DevicePortKind>())
            {
                DevicePort[] ofKind = [.. ports.Where(port => port.Kind == kind)];
                if (ofKind.Length > 0)
                {
                    text.Append("  ").AppendLine(KindName(kind));
                    foreach (DevicePort port in ofKind)
                    {
                        text.Append("    ").Append(port.Name).AppendLine(port.IsPhysical ? "  (hardware)" : "");
                    }
                }
            }

            if (availability.IsAvailable && ports.Count == 0)
            {
                text.AppendLine("  no ports");
            }
        }

        return text.ToString().TrimEnd();
    }

    private string ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartArray();
            foreach (IBackend backend in _backends)
            {
                BackendAvailability availability = backend.Availability;
                writer.WriteStartObject();
                writer.WriteString("backend", backend.Name);
                writer.WriteBoolean("available", availability.IsAvailable);
                writer.WriteString("reason", availability.Reason);
                writer.WriteString("remedy", availability.Remedy);
                writer.WriteStartArray("ports");
                foreach (DevicePort port in backend.Ports)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name", port.Name);
                    writer.WriteString("kind", port.Kind switch
                    {
                        DevicePortKind.MidiInput => "midi-in",
                        DevicePortKind.MidiOutput => "midi-out",
                        _ => "audio-out",
                    });
                    writer.WriteBoolean("hardware", port.IsPhysical);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string KindName(DevicePortKind kind) => kind switch
    {
        DevicePortKind.MidiInput => "MIDI comes from",
        DevicePortKind.MidiOutput => "MIDI goes to",
        _ => "sound goes to",
    };
}
