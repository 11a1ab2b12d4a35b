using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>
/// Which controller turns which parameter. It stands at the improviser's door: a controller that it knows becomes a
/// <see cref="InputKind.Parameter"/> event there, so that a knob, a settings file and a page all say a change in one way.
/// Immutable: another map takes its place when knobs are mapped anew.
/// </summary>
public sealed class KnobMap
{
    private readonly short[] _parameters = new short[16 * 128]; // [channel, controller], parameter index or -1

    /// <summary>Makes a map. Where two knobs claim one controller, the later one has it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A controller, channel or parameter is out of range.</exception>
    public KnobMap(IEnumerable<Knob> knobs)
    {
        Knobs = [.. knobs];
        _parameters.AsSpan().Fill(-1);
        foreach (Knob knob in Knobs)
        {
            if (knob.Controller is < 0 or > 127 || knob.Channel is < 0 or > 15 || knob.Parameter < 0 || knob.Parameter >= ParameterTable.Rows.Count)
            {
                throw new ArgumentOutOfRangeException(nameof(knobs), knob, "A knob has a controller 0-127, a channel 0-15 or none, and a parameter of the table.");
            }

            for (int channel = knob.Channel ?? 0; channel <= (knob.Channel ?? 15); channel++)
            {
                _parameters[(channel * 128) + knob.Controller] = (short)knob.Parameter;
            }
        }
    }

    /// <summary>The knobs as the instrument ships: controllers 21-26, 112, 113, 117 and 118 on every channel.</summary>
    public static KnobMap Default { get; } = new(
    [
        new(21, null, ParameterTable.Temperature),
        new(22, null, ParameterTable.Length),
        new(23, null, ParameterTable.Patience),
        new(24, null, ParameterTable.TimeScale),
        new(25, null, ParameterTable.VelocityScale),
        new(26, null, ParameterTable.TopP),
        new(112, null, ParameterTable.TakeOver),
        new(113, null, ParameterTable.Loop),
        new(117, null, ParameterTable.Reset),
        new(118, null, ParameterTable.Panic),
    ]);

    /// <summary>The knobs in the order given.</summary>
    public IReadOnlyList<Knob> Knobs { get; }

    /// <summary>Turns a mapped controller's message into the change that it makes; anything else stays as it is. [improviser-thread] allocates nothing, locks nothing.</summary>
    public InputEvent Translate(in InputEvent input)
    {
        if (input.Kind != InputKind.Midi || input.Message.Kind != MidiKind.ControlChange)
        {
            return input;
        }

        int parameter = _parameters[(input.Message.Channel * 128) + input.Message.Data1];
        return parameter < 0 ? input : input with { Kind = InputKind.Parameter, Parameter = parameter, Value = input.Message.Data2 / 127.0 };
    }
}
