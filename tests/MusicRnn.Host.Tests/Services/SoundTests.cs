using MusicRnn.Host.Options;
using MusicRnn.Host.Services;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Host.Tests.Services;

public sealed class SoundTests
{
    [Fact]
    public void ThePlayerAndTheMachineHaveAPlaceAndALevelOfTheirOwn()
    {
        var settings = new Settings();
        settings.Sound.PlayerProgram = 24; // nylon guitar: mono
        settings.Sound.PlayerPan = -100;
        settings.Sound.MachinePan = 100;
        settings.Sound.MachineDecibels = -20;
        settings.Sound.Reverb = 0;
        settings.Sound.Chorus = 0;
        var sound = Sound.Open(settings, new Installation(AppContext.BaseDirectory));
        (double playerLeft, double playerRight) = Hear(settings.Midi.PlayerChannel - 1);
        (double machineLeft, double machineRight) = Hear(settings.Midi.MachineChannel - 1);
        Assert.True(playerLeft > 10 * playerRight);
        Assert.True(machineRight > 10 * machineLeft);
        Assert.InRange(20 * Math.Log10(machineRight / playerLeft), -21, -19);

        (double Left, double Right) Hear(int channel)
        {
            IInstrument instrument = sound.Make(48_000);
            instrument.Play(MidiMessage.Program(settings.Midi.MachineChannel - 1, 24)); // what the parameter sends
            instrument.Play(MidiMessage.NoteOn(channel, 60, 90));
            float[] left = new float[24_000], right = new float[24_000];
            instrument.Render(left, right);
            return (left.Max(Math.Abs), right.Max(Math.Abs));
        }
    }
}
