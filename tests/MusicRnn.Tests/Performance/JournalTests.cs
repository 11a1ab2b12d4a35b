using System.Diagnostics;
using MusicRnn.Midi;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

public sealed class JournalTests : IDisposable
{
    private const int Window = 32_768; // records in one
    private readonly string _folder = Directory.CreateTempSubdirectory("musicrnn-journal-").FullName;

    private string File => Path.Combine(_folder, "a.journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AJournalComesBackAsTheTakeThatWasPlayed()
    {
        using (Journal journal = Journal.Create(File, Header()))
        {
            Play(journal);
        }

        Take take = JournalReader.Read(File);
        Assert.Equal(3, take.Inputs.Count);
        Assert.Equal(new InputEvent(30, InputKind.Parameter, MidiMessage.Control(0, 21, 5), ParameterTable.Temperature, 1.0 / 3), take.Inputs[2]);
        Assert.Equal(
        [
            new(40, MidiMessage.NoteOn(1, 50, 60)), new(70, MidiMessage.NoteOff(1, 50)), new(80, MidiMessage.NoteOn(1, 52, 60)),
            new(90, MidiMessage.NoteOff(1, 52)), new(90, MidiMessage.Control(1, Controller.Sustain, 0)),
        ], take.Machine);
        Assert.Equal(90, take.End);
        Assert.Equal(Header().ToLines(), take.Header.ToLines());
    }

    [Fact]
    public void AKillLosesNothingThatWasWritten()
    {
        using Journal journal = Journal.Create(File, Header());
        Play(journal);
        string left = Path.Combine(_folder, "left.journal");
        using (Process copy = Process.Start("cp", [File, left])) // what the file system holds while the writer lives: a kill changes nothing in it
        {
            copy.WaitForExit();
            Assert.Equal(0, copy.ExitCode);
        }

        Take take = JournalReader.Read(left);
        Assert.Equal((3, 5, 90), (take.Inputs.Count, take.Machine.Count, take.End));
        Assert.Throws<IOException>(() => JournalReader.Read(File)); // somebody plays it
    }

    [Fact]
    public void ReadingEndsAtTheFirstDamagedRecord()
    {
        using (Journal journal = Journal.Create(File, Header()))
        {
            Play(journal);
        }

        byte[] bytes = System.IO.File.ReadAllBytes(File);
        int records = bytes.Length - (7 * 32);
        for (int record = 0; record < 7; record++)
        {
            byte[] damaged = [.. bytes];
            damaged[records + (record * 32) + 3] ^= 0x10;
            System.IO.File.WriteAllBytes(File, damaged);
            Assert.Equal(Math.Min(record, 3), JournalReader.Read(File).Inputs.Count);
        }

        bytes[4096 + 10] ^= 1;
        System.IO.File.WriteAllBytes(File, bytes);
        Assert.Contains("checksum", Assert.Throws<InvalidDataException>(() => JournalReader.Read(File)).Message);
        System.IO.File.WriteAllBytes(File, bytes[..100]);
        Assert.Throws<InvalidDataException>(() => JournalReader.Read(File));
    }

    [Fact]
    public void ALongJournalGoesOnFromWindowToWindow()
    {
        const int Count = (5 * Window) + 7;
        using (Journal journal = Journal.Create(File, Header()))
        {
            for (int i = 0; i < Count; i++)
            {
                journal.Write(InputEvent.Set(i, i % 10, i / (double)Count));
                if (i % 10_000 == 0)
                {
                    journal.Maintain();
                }
            }

            Assert.Equal(0, journal.Dropped);
            Assert.Null(journal.Fault);
        }

        Take take = JournalReader.Read(File);
        Assert.Equal(Count, take.Inputs.Count);
        Assert.Equal(InputEvent.Set(Count - 1, (Count - 1) % 10, (Count - 1) / (double)Count), take.Inputs[^1]);
        Assert.True(new FileInfo(File).Length < (Count * 32) + (3 * 4096)); // no room is left over
    }

    [Fact]
    public void WritingDoesNotAllocate()
    {
        using Journal journal = Journal.Create(File, Header());
        Write(10_000); // compiled in full by then
        long before = GC.GetAllocatedBytesForCurrentThread();
        Write(10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Write(int count)
        {
            for (int i = 0; i < count; i++)
            {
                journal.Write(InputEvent.Midi(i, MidiMessage.NoteOn(0, 60, 60)));
                journal.Emit(new OutputEvent(i, OutputKind.Midi, MidiMessage.NoteOn(1, 60, 60)));
                journal.Reach(i);
            }
        }
    }

    [Fact]
    public void AnExistingFileIsNotOverwritten()
    {
        System.IO.File.WriteAllText(File, "mine");
        Assert.Throws<IOException>(() => Journal.Create(File, Header()));
        Assert.Equal("mine", System.IO.File.ReadAllText(File));
    }

    private static TakeHeader Header() => TakeHeader.Of(TestNetworks.Lively, new ParameterTable(), new() { Seed = ulong.MaxValue, StateController = null }, 10) with { Font = "Some\nFont" };

    private static void Play(Journal journal)
    {
        journal.Write(InputEvent.Midi(10, MidiMessage.NoteOn(0, 60, 60)));
        journal.Write(InputEvent.Midi(20, MidiMessage.NoteOff(0, 60)));
        journal.Write(new InputEvent(30, InputKind.Parameter, MidiMessage.Control(0, 21, 5), ParameterTable.Temperature, 1.0 / 3));
        journal.Emit(new OutputEvent(40, OutputKind.Midi, MidiMessage.NoteOn(1, 50, 60)));
        journal.Emit(new OutputEvent(70, OutputKind.Midi, MidiMessage.NoteOff(1, 50)));
        journal.Emit(new OutputEvent(80, OutputKind.Midi, MidiMessage.NoteOn(1, 52, 60))); // sounds when the kill comes
        journal.Emit(new OutputEvent(95, OutputKind.Midi, MidiMessage.NoteOn(1, 54, 60))); // does not yet
        journal.Reach(90);
    }
}
