using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>
/// Sees the gesture that hands over under rule <see cref="TurnRule.Pedal"/>: a press of the chosen controller (through 64); of the
/// sustain pedal, which is pressed while playing, two presses within 0.4 s.
/// </summary>
internal struct TurnGesture
{
    private long _lastPress = long.MinValue / 2;
    private bool _down;

    /// <summary>Sees nothing yet.</summary>
    public TurnGesture()
    {
    }

    /// <summary>Takes a message; true when it completes the gesture.</summary>
    /// <param name="stamp">When.</param>
    /// <param name="message">Any message of the player.</param>
    /// <param name="controller">The chosen controller.</param>
    public bool Sees(long stamp, MidiMessage message, int controller)
    {
        if (!message.IsControl(controller))
        {
            return false;
        }

        bool pressed = message.Data2 >= 64 && !_down;
        _down = message.Data2 >= 64;
        if (!pressed)
        {
            return false;
        }

        bool isSecond = stamp - _lastPress <= TurnTiming.DoublePress;
        _lastPress = isSecond ? long.MinValue / 2 : stamp;
        return controller != Controller.Sustain || isSecond;
    }
}
