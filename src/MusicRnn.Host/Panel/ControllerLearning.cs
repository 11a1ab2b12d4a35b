using System.Globalization;
using System.Text.Json.Nodes;
using MusicRnn.Host.Options;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Host.Panel;

/// <summary>Lets a parameter learn the controller that turns it: the next one that moves, written to the user's settings, which are then taken up as any edit is.</summary>
/// <param name="file">The user's settings.</param>
/// <param name="sources">Where all settings are read from.</param>
internal sealed class ControllerLearning(UserSettingsFile file, SettingsSources sources)
{
    private int _parameter = -1;
    private (int Count, int Controller, int Value)[] _seen = [];

    /// <summary>Looks whether a controller has moved. [page-thread]</summary>
    public void Look(Pages pages, Stage stage, PageRecord record)
    {
        int parameter = pages.Learning;
        if (parameter != _parameter || parameter < 0)
        {
            _parameter = parameter;
            if (parameter >= 0)
            {
                _seen = [.. stage.Rig.Doors.Select(door => door.LastControl)];
            }

            return;
        }

        for (int i = 0; i < Math.Min(_seen.Length, stage.Rig.Doors.Count); i++)
        {
            (int count, int controller, _) = stage.Rig.Doors[i].LastControl;
            if (count != _seen[i].Count && !PlayerInputOptions.Sounds(controller) && controller < Controller.AllSoundOff)
            {
                pages.Learning = _parameter = -1;
                pages.Send(record.Begin(RecordKind.Told).Text(Save(stage.Settings, parameter, controller)).Bytes);
                return;
            }
        }
    }

    /// <summary>Writes who turns what: a controller has one parameter.</summary>
    private string Save(Settings settings, int parameter, int controller)
    {
        if (parameter >= ParameterTable.Rows.Count)
        {
            return "There is no such parameter.";
        }

        if (KnobSettings.StateController(settings.Knobs) == controller)
        {
            return $"CC{controller} tells lights what the machine does; choose another, or set Knobs:state to another.";
        }

        (string Key, JsonNode? Value)[] values =
        [
            .. KnobSettings.ToMap(settings.Knobs).Knobs
                .Where(knob => knob.Controller == controller && knob.Parameter != parameter)
                .Select(knob => ($"Knobs:{ParameterTable.Rows[knob.Parameter].Id}", (JsonNode?)null)),
            ($"Knobs:{ParameterTable.Rows[parameter].Id}", JsonValue.Create(controller)),
        ];
        foreach ((string key, _) in values)
        {
            if (sources.Above(key) is { } above) // what is written would do nothing, or contradict it
            {
                return $"CC{controller} cannot be kept: {above} says {key}, which outweighs your settings. Start without that.";
            }
        }

        string name = ParameterTable.Rows[parameter].Name;
        return file.TryWrite(values, out string? reason)
            ? string.Create(CultureInfo.InvariantCulture, $"CC{controller} turns {name.ToLowerInvariant()} now.")
            : $"CC{controller} cannot be kept: {reason}";
    }
}
