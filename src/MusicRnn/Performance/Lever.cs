using MusicRnn.Midi;

namespace MusicRnn.Performance;

/// <summary>
/// What of a channel a foot or hand holds away from its rest, so that it must be put back when they are gone: the sustain,
/// sostenuto and soft pedals, the pitch wheel and the pressure. A modulation wheel stays where it is put, and is none.
/// </summary>
public static class Lever
{
    /// <summary>How many a channel has; they are numbered from 0.</summary>
    public const int Count = 5;

    /// <summary>The sustain pedal's number.</summary>
    public const int Sustain = 0;

    private const int Wheel = 3;
    private const int Pressure = 4;
    private const int WheelCentre = 64; // the most significant byte of 8192

    /// <summary>The number of the lever that a message moves, or -1. Allocates nothing, locks nothing.</summary>
    public static int Of(MidiMessage message) => message.Kind switch
    {
        MidiKind.ControlChange => message.Data1 switch
        {
            Controller.Sustain => Sustain,
            Controller.Sostenuto => 1,
            Controller.Soft => 2,
            _ => -1,
        },
        MidiKind.PitchBend => Wheel,
        MidiKind.ChannelPressure => Pressure,
        _ => -1,
    };

    /// <summary>Whether a message that moves a lever leaves it at rest; a pedal that is half up is not. Allocates nothing, locks nothing.</summary>
    public static bool IsAtRest(MidiMessage message) => message.Kind switch
    {
        MidiKind.PitchBend => (message.Data1, message.Data2) == (0, WheelCentre),
        MidiKind.ChannelPressure => message.Data1 == 0,
        _ => message.Data2 == 0,
    };

    /// <summary>The message that puts a lever back. Allocates nothing, locks nothing.</summary>
    /// <param name="channel">The channel, 0-15.</param>
    /// <param name="lever">Its number, 0 to <see cref="Count"/> - 1.</param>
    public static MidiMessage Rest(int channel, int lever) => lever switch
    {
        Sustain => MidiMessage.Control(channel, Controller.Sustain, 0),
        1 => MidiMessage.Control(channel, Controller.Sostenuto, 0),
        2 => MidiMessage.Control(channel, Controller.Soft, 0),
        Wheel => MidiMessage.Of(MidiKind.PitchBend, channel, 0, WheelCentre),
        _ => MidiMessage.Of(MidiKind.ChannelPressure, channel, 0, 0),
    };
}
