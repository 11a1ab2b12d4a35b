using System.Buffers.Binary;
using MusicRnn.Devices;
using MusicRnn.Devices.Files;
using MusicRnn.Midi;
using MusicRnn.Performance;
using MusicRnn.Tests.Performance;

namespace MusicRnn.Tests.Devices.Files;

public sealed class FileDeviceTests : IDisposable
{
    private const long Millisecond = 1_000_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("musicrnn-files-").FullName;
    private readonly string _seed;

    public FileDeviceTests()
    {
        _seed = Path.Combine(_folder, "seed.mid");
        MidiFileWriter writer = new();
        MidiTrackWriter track = writer.AddTrack();
        track.Add(100 * Millisecond, MidiMessage.NoteOn(0, 60, 70));
        track.Add(220 * Millisecond, MidiMessage.Control(0, Controller.Sustain, 127));
        track.Add(250 * Millisecond, MidiMessage.NoteOff(0, 60));
        track.Add(300 * Millisecond, MidiMessage.NoteOn(0, 64, 72)); // the file ends before its end
        writer.Write(_seed);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AFileIsPlayedInWithItsOwnStampsAndSaysHowFarItHasCome()
    {
        PlayerInput player = new("file", new(), []);
        using MidiFileInput input = new(_seed, 1000);
        input.Start(player);
        Assert.Equal(1000, player.CompleteUntil(0));
        input.Step(1000);
        Assert.Equal(0, player.Events.Count);
        Assert.Equal(1000 + (100 * Millisecond), player.CompleteUntil(0));
        input.Step(1000 + (100 * Millisecond));
        Assert.Equal(0, player.Events.Count);
        input.Step(1000 + (225 * Millisecond)); // late
        Assert.Equal(
            [InputEvent.Midi(1000 + (100 * Millisecond), MidiMessage.NoteOn(0, 60, 70)), InputEvent.Midi(1000 + (220 * Millisecond), MidiMessage.Control(0, Controller.Sustain, 127))],
            Drain(player));
        Assert.Equal(1000 + (250 * Millisecond), player.CompleteUntil(0));
        Assert.Equal(DeviceState.Running, input.Status.State);
        input.Step(long.MaxValue);
        Assert.Equal(InputKind.InputLost, Drain(player)[^1].Kind);
        Assert.Equal(long.MaxValue, player.CompleteUntil(0));
        Assert.Equal(DeviceState.Finished, input.Status.State);
        Assert.Equal(1000 + (300 * Millisecond), input.End);
    }

    [Fact]
    public void AMissingOrBrokenFileIsNamedWhenItIsOpened()
    {
        Assert.Throws<FileNotFoundException>(() => new MidiFileInput(Path.Combine(_folder, "none.mid"), 0));
        string broken = Path.Combine(_folder, "broken.mid");
        File.WriteAllText(broken, "not music");
        Assert.Contains("broken.mid", Assert.Throws<InvalidDataException>(() => new MidiFileInput(broken, 0)).Message);
        Assert.Throws<DirectoryNotFoundException>(() => new MidiFileOutput(Path.Combine(_folder, "none", "out.mid"), 0));
        Assert.Throws<DirectoryNotFoundException>(() => new WavFileOutput(Path.Combine(_folder, "none", "out.wav"), 0));
    }

    [Fact]
    public void AMidiFileHoldsWhatSoundedAtEveryMoment()
    {
        string path = Path.Combine(_folder, "out.mid");
        OutputLane lane = new(new NoteLedger(), returns: false);
        using MidiFileOutput output = new(path, 5000);
        output.Start(lane);
        for (int i = 0; i < 50; i++)
        {
            lane.Emit(new(5000 + (i * 10 * Millisecond), OutputKind.Midi, MidiMessage.NoteOn(1, 60 + (i % 12), 80)));
            output.Step(5000 + (((i * 10) + 5) * Millisecond));
            IReadOnlyList<TrackMessage> heard = MidiFile.Read(path).Messages; // what a kill would leave now
            Assert.Equal(i + 1, heard.Count(message => message.Message.IsNoteOn));
            Assert.Equal(i * 10 * Millisecond, heard[^1].Time);
        }

        output.Dispose();
        IReadOnlyList<TrackMessage> all = MidiFile.Read(path).Messages;
        Assert.Equal(50, all.Count(message => message.Message.IsNoteOff));
        Assert.Equal(MidiMessage.Control(1, Controller.Sustain, 0), all[^1].Message);
        Assert.Equal(DeviceState.Finished, output.Status.State);
        Assert.True(lane.IsSilent);
    }

    [Fact]
    public void AWavFileIsRightAtEveryMomentAndSoundsAtTheExactFrame()
    {
        string path = Path.Combine(_folder, "out.wav");
        OutputLane lane = new(new NoteLedger(), returns: false);
        using WavFileOutput output = new(path, 7000);
        output.Start(lane, rate => new ClickInstrument(rate) { Level = 0.5f / 127 });
        FrameTime time = new(7000, 48_000);
        lane.Emit(new(time.StampOf(1000), OutputKind.Midi, MidiMessage.NoteOn(1, 60, 127)));
        for (int i = 0; i < 40; i++)
        {
            output.Step(7000 + (i * Millisecond));
            byte[] file = File.ReadAllBytes(path);
            uint bytes = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(40));
            Assert.Equal((uint)file.Length, bytes + 44);
            Assert.Equal((uint)file.Length, BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4)) + 8);
            Assert.True(i * 48 - (bytes / 4) < 256);
        }

        output.Dispose();
        short[] samples = Samples(path);
        Assert.Equal(16_384, samples[2 * 1000]);
        Assert.Equal(16_384, samples[(2 * 1000) + 1]);
        Assert.Equal(2, samples.Count(sample => sample != 0));
    }

    [Fact]
    public void AWavFileThatADiskHasNoRoomForHasFailedAndKeepsWhatWasWritten()
    {
        const int Room = 100_000;
        using var disk = new SmallStream(Room);
        OutputLane lane = new(new NoteLedger(), returns: false);
        using WavFileOutput output = new(disk, "gig.wav", 0, 48_000);
        output.Start(lane, rate => new ClickInstrument(rate));
        output.Step(500 * Millisecond);
        Assert.Equal(DeviceState.Running, output.Status.State);

        output.Step(1000 * Millisecond);
        DeviceStatus failed = output.Status;
        output.Step(2000 * Millisecond);
        output.Dispose();

        Assert.Equal(new DeviceStatus(DeviceState.Failed, "cannot be written any more: No space left on device"), failed);
        Assert.Equal(failed, output.Status);
        Assert.InRange(BinaryPrimitives.ReadUInt32LittleEndian(disk.ToArray().AsSpan(40)), 90_000u, (uint)Room);
    }

    [Fact]
    public void RealTimeAndAVirtualClockWriteTheSameFiles()
    {
        VirtualClock clock = new();
        using (FilePerformance fast = new(_seed, Path.Combine(_folder, "fast"), 0))
        {
            for (int i = 0; i < 60; i++)
            {
                clock.SleepUntil(clock.Now + (10 * Millisecond));
                foreach (ISteppedDevice device in fast.Devices)
                {
                    device.Step(clock.Now);
                }
            }
        }

        long start = MonotonicClock.Instance.Now;
        using (FilePerformance live = new(_seed, Path.Combine(_folder, "live"), start))
        {
            using DeviceStepper stepper = new(MonotonicClock.Instance, live.Devices, () => start + (600 * Millisecond));
            MonotonicClock.Instance.SleepUntil(start + (700 * Millisecond));
        }

        Assert.Equal(MidiFile.Read(Path.Combine(_folder, "fast.mid")).Messages, MidiFile.Read(Path.Combine(_folder, "live.mid")).Messages);
        Assert.Equal(Samples(Path.Combine(_folder, "fast.wav")), Samples(Path.Combine(_folder, "live.wav")));
        Assert.Equal(3, Samples(Path.Combine(_folder, "fast.wav")).Count(sample => sample != 0) / 2);
        Assert.Contains(MidiFile.Read(Path.Combine(_folder, "live.mid")).Messages, message => message.Time == 300 * Millisecond && message.Message == MidiMessage.NoteOff(0, 64));
    }

    private static List<InputEvent> Drain(PlayerInput player)
    {
        List<InputEvent> events = [];
        while (player.Events.TryRead(out InputEvent next))
        {
            events.Add(next);
        }

        return events;
    }

    private static short[] Samples(string path)
    {
        byte[] file = File.ReadAllBytes(path)[44..];
        return [.. Enumerable.Range(0, file.Length / 2).Select(i => BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(i * 2)))];
    }

    /// <summary>A file on a disk that is soon full.</summary>
    private sealed class SmallStream(int room) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Position + buffer.Length > room)
            {
                throw new IOException("No space left on device.");
            }

            base.Write(buffer);
        }
    }

    /// <summary>A file that plays in, thru to both files that are written, and one note of the machine.</summary>
    private sealed class FilePerformance : IDisposable
    {
        private readonly MidiFileOutput _midi;
        private readonly WavFileOutput _sound;
        private readonly MidiFileInput _input;

        public FilePerformance(string seed, string name, long start)
        {
            OutputLane midi = new(new NoteLedger(), returns: true);
            OutputLane sound = new(new NoteLedger(), returns: false);
            _input = new MidiFileInput(seed, start);
            _midi = new MidiFileOutput(name + ".mid", start);
            _sound = new WavFileOutput(name + ".wav", start);
            _midi.Start(midi);
            _sound.Start(sound, rate => new ClickInstrument(rate) { Level = 1f / 127 });
            _input.Start(new PlayerInput("file", new(), [midi, sound]));
            foreach (OutputLane lane in (OutputLane[])[midi, sound])
            {
                lane.Emit(new(start + (401 * Millisecond), OutputKind.Midi, MidiMessage.NoteOn(1, 60, 90)));
                lane.Emit(new(start + (501 * Millisecond), OutputKind.Midi, MidiMessage.NoteOff(1, 60)));
            }
        }

        public IReadOnlyList<ISteppedDevice> Devices => [_input, _midi, _sound];

        public void Dispose()
        {
            _midi.Dispose();
            _sound.Dispose();
        }
    }
}
