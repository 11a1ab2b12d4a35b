using System.Globalization;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Host.Options;

/// <summary>How the controllers that turn parameters are written in settings: each parameter's id with a controller's number.</summary>
public static class KnobSettings
{
    /// <summary>The key of the channel that all knobs are read on; 0 is every channel.</summary>
    public const string Channel = "channel";

    /// <summary>The key of the controller that tells lights what the machine does.</summary>
    public const string State = "state";

    /// <summary>The map that the settings ask for.</summary>
    /// <param name="knobs">Ids and controllers; null maps nothing.</param>
    public static KnobMap ToMap(IReadOnlyDictionary<string, string?> knobs)
    {
        int? channel = Number(knobs.GetValueOrDefault(Channel)) is > 0 and int set ? set - 1 : null;
        return new KnobMap(Controllers(knobs).Select(knob => new Knob(knob.Controller, channel, ParameterTable.IndexOf(knob.Id))));
    }

    /// <summary>The controller that tells lights what the machine does, or null for none.</summary>
    public static int? StateController(IReadOnlyDictionary<string, string?> knobs) => Number(knobs.GetValueOrDefault(State));

    /// <summary>What is wrong between knobs that are each right alone: the id, and the end of a sentence that begins with it.</summary>
    public static IEnumerable<(string Id, string Problem)> Conflicts(IReadOnlyDictionary<string, string?> knobs)
    {
        var owners = new Dictionary<int, string>();
        if (StateController(knobs) is { } state)
        {
            owners[state] = State;
        }

        foreach ((string id, int controller) in Controllers(knobs))
        {
            if (controller is Controller.Sustain or >= Controller.AllSoundOff)
            {
                yield return (id, $"is {controller}, which is the sustain pedal (64) or a channel mode message (120-127); choose another controller.");
            }
            else if (!owners.TryAdd(controller, id))
            {
                yield return (id, $"is {controller}, as Knobs:{owners[controller]} is; each needs a controller of its own.");
            }
        }
    }

    private static IEnumerable<(string Id, int Controller)> Controllers(IReadOnlyDictionary<string, string?> knobs) =>
        ParameterTable.Rows
            .Select(row => (row.Id, Number(knobs.FirstOrDefault(knob => knob.Key.Equals(row.Id, StringComparison.OrdinalIgnoreCase)).Value)))
            .Where(knob => knob.Item2 is not null)
            .Select(knob => (knob.Id, knob.Item2!.Value));

    private static int? Number(string? written) => string.IsNullOrEmpty(written) ? null : int.Parse(written, CultureInfo.InvariantCulture);
}
