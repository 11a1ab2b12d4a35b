using System.Buffers;
using System.Text.Json;
using MusicRnn.Host.Options;
using MusicRnn.Performance;
using MusicRnn.Synthesis;

namespace MusicRnn.Host.Panel;

/// <summary>What a page must know to draw itself, as JSON: the model, the instruments, and every parameter with its range and where it stands.</summary>
internal static class StateReport
{
    /// <summary>Writes it.</summary>
    /// <param name="stage">What plays.</param>
    /// <param name="models">The models that can be chosen.</param>
    public static ReadOnlyMemory<byte> Write(Stage stage, IReadOnlyList<string> models)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("version", typeof(StateReport).Assembly.GetName().Version?.ToString(3));
        json.WriteString("state", stage.Session.State.ToString().ToLowerInvariant());
        json.WriteBoolean("hasSound", stage.Rig.HasSound);
        json.WriteNumber("playerChannel", stage.Settings.Midi.PlayerChannel);
        json.WriteNumber("machineChannel", stage.Settings.Midi.MachineChannel);
        json.WriteString("soundFont", Path.GetFileName(stage.Settings.Sound.SoundFont));
        WriteModel(json, stage, models);
        json.WriteStartArray("instruments");
        for (int program = 0; program < 128; program++)
        {
            json.WriteStringValue(GeneralMidiNames.Of(program));
        }

        json.WriteEndArray();
        WriteParameters(json, stage);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteModel(Utf8JsonWriter json, Stage stage, IReadOnlyList<string> models)
    {
        json.WriteStartObject("model");
        json.WriteString("name", Path.GetFileName(stage.Settings.Model.Path));
        json.WriteNumber("layers", stage.Network.Shape.Layers);
        json.WriteNumber("hidden", stage.Network.Shape.Hidden);
        json.WriteNumber("weights", stage.Network.Layout.Parameters);
        json.WriteStartArray("choices");
        foreach (string model in models)
        {
            json.WriteStringValue(model);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter json, Stage stage)
    {
        ParameterTable table = stage.Session.Parameters;
        ILookup<int, int> controllers = KnobSettings.ToMap(stage.Settings.Knobs).Knobs.ToLookup(knob => knob.Parameter, knob => knob.Controller);
        json.WriteStartArray("parameters");
        for (int index = 0; index < ParameterTable.Rows.Count; index++)
        {
            Parameter row = table.Describe(index);
            json.WriteStartObject();
            json.WriteNumber("index", index);
            json.WriteString("id", row.Id);
            json.WriteString("name", row.Name);
            json.WriteString("unit", row.Unit);
            json.WriteString("curve", row.Curve.ToString().ToLowerInvariant());
            json.WriteNumber("from", row.From);
            json.WriteNumber("to", row.To);
            json.WriteNumber("default", row.ToNormalised(row.Default));
            json.WriteNumber("value", table[index]);
            json.WriteString("text", row.Format(table[index]));
            if (controllers[index].Any())
            {
                json.WriteNumber("controller", controllers[index].First());
            }

            json.WriteStartArray("labels");
            foreach (string label in row.Labels)
            {
                json.WriteStringValue(label);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
