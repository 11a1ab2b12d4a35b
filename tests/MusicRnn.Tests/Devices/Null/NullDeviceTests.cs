using MusicRnn.Devices.Files;
using MusicRnn.Devices.Null;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Devices.Null;

public class NullDeviceTests
{
    [Fact]
    public void NullOutputsTakeWhatIsDueSoThatNothingPilesUp()
    {
        using NullMidiOutput midi = new();
        using NullAudioOutput audio = new();
        OutputLane first = new(new NoteLedger(), returns: false);
        OutputLane second = new(new NoteLedger(), returns: false);
        midi.Step(0);
        midi.Start(first);
        audio.Start(second, _ => throw new InvalidOperationException("Nothing is rendered."));
        foreach ((OutputLane lane, ISteppedDevice device) in ((OutputLane, ISteppedDevice)[])[(first, midi), (second, audio)])
        {
            for (int i = 0; i < 20_000; i++)
            {
                lane.Emit(new(i, OutputKind.Midi, i % 2 == 0 ? MidiMessage.NoteOn(1, 60, 50) : MidiMessage.NoteOff(1, 60)));
                if (i % 1000 == 999)
                {
                    device.Step(i + 1);
                }
            }

            lane.Silence();
            device.Step(30_000);
            device.Step(30_001);
            Assert.Equal(0, lane.Overflows);
            Assert.True(lane.IsSilent);
            Assert.Equal(DeviceState.Running, device.Status.State);
        }
    }

    [Fact]
    public void ANullInputHoldsNobodyUp()
    {
        using NullMidiInput input = new();
        PlayerInput player = new("none", new(), []);
        input.Start(player);
        Assert.Equal(123, player.CompleteUntil(123));
    }

    [Fact]
    public void FilesAndNothingAreAlwaysThere()
    {
        foreach (IBackend backend in (IBackend[])[new FileBackend(), new NullBackend()])
        {
            Assert.True(backend.Availability.IsAvailable);
            Assert.Empty(backend.Ports);
        }
    }
}
