using FsCheck;
using FsCheck.Fluent;
using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

public sealed class TakeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("musicrnn-takes-").FullName;

    private string File => Path.Combine(_folder, "take.mid");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ATakeIsAFileOfTwoTracksThatNamesModelSeedAndEveryChangeOfAParameter()
    {
        Take take = Perform(7);
        TakeFile.Write(take, File);
        MidiFile file = MidiFile.Read(File);
        Assert.Equal(2, file.TrackCount);
        string[] texts = [.. file.Texts.Where(text => text.Kind == TextKind.Text).Select(text => text.Text)];
        Assert.Contains($"model = {TestNetworks.Lively.Hash}", texts);
        Assert.Contains("seed = 7", texts);
        Assert.Contains("temperature = 0.698", texts);
        Assert.Contains("length = 12 notes", texts);
        Assert.Contains("mode = CallAndResponse", texts);
        Assert.Equal(take.PlayerNotes, file.Messages.Count(item => item.Track == 0 && item.Message.IsNoteOn));
        Assert.Equal(take.MachineNotes, file.Messages.Count(item => item.Track == 1 && item.Message.IsNoteOn));
        Assert.All(file.Messages, item => Assert.Equal(item.Track, item.Message.Channel));
        Assert.True(take.MachineNotes >= 12);
    }

    [Fact]
    public void AJournalOrTakeThatMayNotBeReadIsNamedAndTheOthersAreTakenUp()
    {
        const string Unreadable = "/proc/sys/vm/compact_memory"; // not even for root
        Assert.SkipUnless(System.IO.File.Exists(Unreadable), "Linux has a file there that nobody may read.");
        System.IO.File.CreateSymbolicLink(Path.Combine(_folder, "0 another's.journal"), Unreadable);
        System.IO.File.CreateSymbolicLink(Path.Combine(_folder, "0 another's.mid"), Unreadable);
        Take take = Perform(7);
        var folder = new TakeFolder(_folder);
        using (Journal killed = folder.Begin(take.Header))
        {
            foreach (InputEvent input in take.Inputs)
            {
                killed.Write(input);
            }
        }

        var told = new List<string>();
        string recovered = Assert.Single(folder.Recover((journal, _) => told.Add(Path.GetFileName(journal))));
        Assert.Equal(recovered, Assert.Single(folder.List((file, _) => told.Add(Path.GetFileName(file)))).File);
        Assert.Equal(["0 another's.journal", "0 another's.mid"], told);
        Assert.Empty(folder.Playing);
    }

    [Fact]
    public void ATakeComesBackFromItsFile()
    {
        Take take = Perform(3);
        TakeFile.Write(take, File);
        Take read = TakeFile.Read(File);
        Assert.Equal(take.Inputs, read.Inputs);
        Assert.Equal(take.Header with { Parameters = [] }, read.Header with { Parameters = [] });
        Assert.Equal(take.Header.Parameters, read.Header.Parameters);
        Assert.Equal((take.End, take.FindZero()), (read.End, read.FindZero()));
        Assert.Equal(take.Machine.Select(message => message.Message), read.Machine.Select(message => message.Message));
        Assert.All(take.Machine.Zip(read.Machine), pair => Assert.InRange(Math.Max(take.FindZero(), pair.First.Stamp) - pair.Second.Stamp, -10_000, 10_000));
    }

    [Fact]
    public void AReplayFromTheFileAloneGivesTheSameNotes()
    {
        int notes = 0;
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            Take take = Random(seed);
            TakeFile.Write(take, File);
            ReplayReport report = TakeReplay.Run(TakeFile.Read(File), TestNetworks.Lively);
            Assert.True(report.IsSame, $"{report.Recorded} became {report.Played}");
            Assert.Equal(take.Machine, report.Replayed.Machine);
            notes += take.MachineNotes;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
        Assert.True(notes > 200);
    }

    [Fact]
    public void AReplayOfMoreNotesThanTheNetworkLooksBackAtGivesTheSameNotes()
    {
        Take take = Perform(5, notes: 200);
        Assert.True(take.PlayerNotes > AttentionTensors.Past && take.MachineNotes >= 12);
        TakeFile.Write(take, File);
        ReplayReport report = TakeReplay.Run(TakeFile.Read(File), TestNetworks.Lively);
        Assert.True(report.IsSame, $"{report.Recorded} became {report.Played}");
    }

    [Fact]
    public void AReplayNamesTheFirstDifference()
    {
        Take take = Perform(3);
        List<TimedMessage> changed = [.. take.Machine];
        int at = changed.FindIndex(20, message => message.Message.IsNoteOn);
        changed[at] = changed[at] with { Message = changed[at].Message with { Data2 = 1 } };
        ReplayReport report = TakeReplay.Run(take with { Machine = changed }, TestNetworks.Lively);
        Assert.False(report.IsSame);
        Assert.Equal(changed[at], report.Recorded);
        Assert.Equal(take.Machine[at], report.Played);
        report = TakeReplay.Run(take with { Machine = [.. take.Machine.SkipLast(1)] }, TestNetworks.Lively);
        Assert.Null(report.Recorded);
        Assert.NotNull(report.Played);
    }

    [Fact]
    public void AReplayWithAnotherModelIsRefused()
    {
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => TakeReplay.Run(Perform(3), TestNetworks.Slow));
        Assert.Contains(TestNetworks.Lively.Hash, refusal.Message);
    }

    [Fact]
    public void ATakeWhoseTableHasOtherRowsIsReadByTheirIds()
    {
        Take take = Perform(3);
        (string, double)[] reversed = [("noMore", 0.5), .. take.Header.Parameters.Reverse()];
        TakeHeader header = take.Header with { Parameters = reversed };
        InputEvent old = InputEvent.Set(5, Array.FindIndex(reversed, row => row.Item1 == "temperature"), 0.25);
        Assert.Equal(ParameterTable.Temperature, header.Translate(old).Parameter);
        Assert.Equal(-1, header.Translate(old with { Parameter = 0 }).Parameter);
        Assert.Equal(take.Header.ToTable()[ParameterTable.Length], header.ToTable()[ParameterTable.Length]);
    }

    [Fact]
    public void AMidiFileThatIsNoTakeIsRefusedWithTheReason()
    {
        var other = new MidiFileWriter();
        other.AddTrack("x").Add(0, MidiMessage.NoteOn(0, 60, 60));
        other.Write(File);
        Assert.Contains("no take", Assert.Throws<InvalidDataException>(() => TakeFile.Read(File)).Message);
    }

    [Fact]
    public void WhatWasKeptAfterTheFactIsRefusedWithWhatCanBeDoneWithIt()
    {
        string path = Path.Combine(_folder, "kept.mid");
        var file = new MidiFileWriter();
        file.AddTrack("Player").AddText(0, TextKind.Text, TakeFile.KeptTitle);
        file.Write(path);
        Assert.Contains("carried on from", Assert.Throws<InvalidDataException>(() => TakeFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheFolderFinishesWhatAKillHasLeftAndListsItsTakes()
    {
        TakeFolder folder = new(Path.Combine(_folder, "takes"));
        Assert.Empty(folder.Recover());
        Assert.Empty(folder.List());
        TakeHeader header = Perform(3).Header with { Began = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero) };
        using Journal living = folder.Begin(header);
        Assert.Equal("2026-05-04 03.02.01.journal", Path.GetFileName(living.Path));
        Journal killed = folder.Begin(header);
        Assert.Equal("2026-05-04 03.02.01 (2).journal", Path.GetFileName(killed.Path));
        Fill(killed, Perform(3));
        killed.Dispose();
        using (Journal unplayed = folder.Begin(header))
        {
            unplayed.Reach(5);
        }

        System.IO.File.WriteAllText(Path.Combine(folder.Path, "odd.journal"), "no journal");
        System.IO.File.WriteAllText(Path.Combine(folder.Path, "odd.mid"), "no file");
        List<string> damaged = [], foreign = [];
        Assert.Equal(["2026-05-04 03.02.01 (2).mid"], folder.Recover((file, _) => damaged.Add(Path.GetFileName(file))).Select(Path.GetFileName));
        Assert.Equal(["odd.journal"], damaged);
        (string file, Take take) = Assert.Single(folder.List((file, _) => foreign.Add(Path.GetFileName(file))));
        Assert.Equal(["odd.mid"], foreign);
        Assert.Equal(header.Began, take.Header.Began);
        Assert.Equal(["2026-05-04 03.02.01 (2).mid", "2026-05-04 03.02.01.journal", "odd.journal.damaged", "odd.mid"],
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void FilesAreListedInTheOrderThatTheyBegan()
    {
        string[] names = ["2026-05-04 03.02.00.mid", "2026-05-04 03.02.01.mid", "2026-05-04 03.02.01 (2).mid", "2026-05-04 03.02.01 (10).mid", "2026-05-04 03.02.01 kept.mid", "2026-05-04 03.02.02.mid", "odd (x).mid"];
        foreach (string name in names)
        {
            System.IO.File.WriteAllText(Path.Combine(_folder, name), "");
        }

        Assert.Equal(names, new TakeFolder(_folder).MidiFiles.Select(Path.GetFileName));
    }

    [Fact]
    public void ATakeIsAsLongAsWhatWasPlayed()
    {
        Take take = Perform(7);
        long last = Math.Max(take.Machine[^1].Stamp, take.Inputs[^1].Stamp);

        Take rested = take with { End = last + 600_000_000_000 };
        TakeFile.Write(rested, File);

        Assert.Equal(last - take.FindZero(), rested.FindLength());
        Assert.Equal(rested.FindLength() / 1e9, MidiFile.Read(File).Messages[^1].Time / 1e9, 0.0001);
    }

    internal static void Fill(Journal journal, Take take)
    {
        foreach (InputEvent input in take.Inputs)
        {
            journal.Write(input);
            journal.Reach(input.Stamp);
        }
    }

    private static Take Perform(ulong seed, int notes = 6)
    {
        var table = new ParameterTable();
        table.SetUnit(ParameterTable.Patience, 0.3);
        using var performance = new VirtualPerformance(TestNetworks.Lively, table, new() { Seed = seed }, start: 12_345);
        performance.Receive(InputEvent.Midi(5_000_000_000, MidiMessage.Control(0, 22, 12)));
        performance.Receive(InputEvent.Set(5_000_000_001, ParameterTable.Mode, 0));
        for (int note = 0; note < notes; note++)
        {
            performance.Receive(InputEvent.Midi(6_000_000_007 + (note * 300_000_011L), MidiMessage.NoteOn(0, 60 + (note % 24), 70)));
            performance.Receive(InputEvent.Midi(6_200_000_003 + (note * 300_000_011L), MidiMessage.NoteOff(0, 60 + (note % 24))));
        }

        performance.Receive(InputEvent.Midi(8_000_000_000 + ((notes - 6) * 300_000_011L), MidiMessage.Control(0, 21, 40)));
        Assert.True(performance.AdvanceUntilIdle(600_000_000_000));
        return performance.Finish();
    }

    private static Take Random(int seed)
    {
        var random = new Random(seed);
        using var performance = new VirtualPerformance(TestNetworks.Lively, new ParameterTable(), new() { Seed = (ulong)seed }, start: random.NextInt64(1_000_000_000_000));
        for (int i = 0; i < 80; i++)
        {
            long at = performance.Now + random.NextInt64(random.Next(10) == 0 ? 5_000_000_000 : 300_000_000);
            performance.Receive(random.Next(10) switch
            {
                0 => InputEvent.Set(at, random.Next(ParameterTable.Rows.Count), random.NextDouble()),
                1 => InputEvent.Midi(at, MidiMessage.Control(0, 21 + random.Next(6), random.Next(128))),
                2 => InputEvent.Midi(at, MidiMessage.Control(0, Controller.Sustain, random.Next(2) * 127)),
                3 => InputEvent.Set(at, ParameterTable.TakeOver, random.Next(2)),
                4 => InputEvent.Midi(at, MidiMessage.Program(0, random.Next(100))),
                5 or 6 => InputEvent.Midi(at, MidiMessage.Control(0, Controller.AllNotesOff, 0)),
                _ => InputEvent.Midi(at, MidiMessage.NoteOn(0, 50 + random.Next(30), 1 + random.Next(127))),
            });
        }

        performance.Advance(performance.Now + 3_000_000_000);
        return performance.Finish();
    }
}
