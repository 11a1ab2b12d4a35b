using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Synthesis;

/// <summary>The instrument, place and level that one channel begins with. Whatever the channel is sent later moves them as usual.</summary>
/// <param name="Program">The instrument: a General MIDI program, 0-127.</param>
/// <param name="Pan">From -100, left, over 0 to 100, right.</param>
/// <param name="Decibels">The level beside the usual one, from -60 to 4.</param>
public readonly record struct ChannelStrip(int Program, double Pan, double Decibels)
{
    private const int UsualVolume = 100; // of CC7 at power-on
    private const int Middle = 64;

    /// <summary>Tells an instrument, as a program change, CC7 and CC10.</summary>
    /// <param name="instrument">The instrument.</param>
    /// <param name="channel">0-15.</param>
    public void Tell(IInstrument instrument, int channel)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        double toOneSide = Pan < 0 ? Middle : 127 - Middle;
        double volume = UsualVolume * Math.Pow(10, Decibels / 40); // CC7 counts as its square (SF2.04 section 8.4.5)
        instrument.Play(MidiMessage.Program(channel, Math.Clamp(Program, 0, 127)));
        instrument.Play(MidiMessage.Control(channel, Controller.Volume, Math.Clamp((int)Math.Round(volume), 1, 127)));
        instrument.Play(MidiMessage.Control(channel, Controller.Pan, Math.Clamp((int)Math.Round(Middle + (Pan / 100 * toOneSide)), 0, 127)));
    }
}
