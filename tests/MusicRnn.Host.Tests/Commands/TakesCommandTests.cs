using System.Globalization;
using System.Text.Json;
using MusicRnn.Host.Commands;
using MusicRnn.Host.Panel;
using MusicRnn.Midi;
using MusicRnn.Notes;
using MusicRnn.Performance;
using MusicRnn.Tests.Performance;

namespace MusicRnn.Host.Tests.Commands;

/// <summary>What the commands <c>takes</c> and <c>replay</c> do with takes.</summary>
public sealed class TakesCommandTests : IDisposable
{
    private const long Second = 1_000_000_000;
    private readonly Terminal _terminal = new();

    private TakeFolder Folder => new(Path.Combine(_terminal.Workplace.Folders.Data, "takes"));

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void WithNoTakesItSaysWhereTheyWillBe()
    {
        (int exitCode, string output, string error) = _terminal.Type("takes");
        Assert.Equal((ExitCode.Done, ""), (exitCode, error));
        Assert.Equal($"There are no takes in {Folder.Path} yet. `musicrnn run` keeps one of every session that is played.", output.TrimEnd());
        Assert.Equal("[]", _terminal.Type("takes", "--json").Output.Trim());
    }

    [Fact]
    public void TakesAreListedWithWhatWasPlayedAndBy()
    {
        Take take = Perform(7, at: 1);
        Keep(take);
        Keep(Perform(8, at: 2));
        (int exitCode, string output, string error) = _terminal.Type("takes");
        Assert.Equal((ExitCode.Done, ""), (exitCode, error));
        string[] lines = output.TrimEnd().Split(Environment.NewLine);
        Assert.Equal($"Takes in {Folder.Path}", lines[0]);
        Assert.Equal(["take", "began", "length", "your notes", "machine's", "model", "seed"], Cells(lines[1]));
        Assert.Equal(
            ["2026-05-04 03.02.01", "2026-05-04 03:02", Minutes.Format(take.FindLength()), "6", $"{take.MachineNotes}", Terminal.Network.Hash[..8], "7"],
            Cells(lines[3]));
        Assert.Equal("8", Cells(lines[4])[^1]);
        Assert.Equal(5, lines.Length);

        static string[] Cells(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];
    }

    [Fact]
    public void AsJsonTheyAreListedWhole()
    {
        Take take = Perform(7, at: 1);
        Keep(take);
        using Journal living = Folder.Begin(take.Header);
        using var json = JsonDocument.Parse(_terminal.Type("takes", "--json").Output);
        JsonElement first = json.RootElement[0], second = json.RootElement[1];
        Assert.Equal(Path.Combine(Folder.Path, "2026-05-04 03.02.01.mid"), first.GetProperty("file").GetString());
        Assert.Equal(Terminal.Network.Hash, first.GetProperty("model").GetString());
        Assert.Equal(7, first.GetProperty("seed").GetInt32());
        Assert.Equal((6, take.MachineNotes), (first.GetProperty("playerNotes").GetInt32(), first.GetProperty("machineNotes").GetInt32()));
        Assert.Equal(take.Header.Began, first.GetProperty("began").GetDateTimeOffset());
        Assert.Equal(take.FindLength() / 1e9, first.GetProperty("seconds").GetDouble(), 0.001);
        Assert.True(second.GetProperty("playing").GetBoolean());
        Assert.Equal(living.Path, second.GetProperty("file").GetString());
    }

    [Fact]
    public void ThePageListsThemWithTheSameLengthsAndTheLatestFirst()
    {
        Take take = Perform(7, at: 1);
        string elder = Keep(take with { End = take.End + (3 * Second) }), younger = Path.Combine(Folder.Path, "2026-05-04 03.02.01 (2).mid");
        TakeFile.Write(Perform(8, at: 1), younger);

        IReadOnlyList<KeptTake> page = new TakeShelf(() => Folder).List();

        Assert.Equal([younger, elder], page.Select(kept => kept.File));
        using var json = JsonDocument.Parse(_terminal.Type("takes", "--json").Output);
        JsonElement[] command = [.. json.RootElement.EnumerateArray().Reverse()];
        Assert.Equal(page.Select(kept => kept.File), command.Select(item => item.GetProperty("file").GetString()));
        Assert.Equal(page.Select(kept => Math.Round(kept.Seconds, 3)), command.Select(item => item.GetProperty("seconds").GetDouble()));
    }

    [Fact]
    public void WhatAKillHasLeftBecomesATakeAndWhatIsBeingPlayedStays()
    {
        Take take = Perform(7, at: 1);
        Journal killed = Folder.Begin(take.Header);
        foreach (InputEvent input in take.Inputs)
        {
            killed.Write(input);
        }

        killed.Dispose();
        using Journal living = Folder.Begin(take.Header with { Began = take.Header.Began.AddDays(1) });
        _terminal.Home.Write("data/takes/odd.journal", "no journal");
        _terminal.MakeSeed("data/takes/other.mid");
        (int exitCode, string output, string error) = _terminal.Type("takes");

        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Contains($"an earlier run ended early; what was played is kept in {Path.ChangeExtension(killed.Path, ".mid")}", error);
        Assert.Contains("odd.journal was left by an earlier run and cannot be made a take of: ", error);
        Assert.Contains("other.mid is passed over: ", error);
        Assert.Contains("| 2026-05-04 03.02.01 |", output);
        Assert.Contains("2026-05-05 03.02.01 is being played", output);
        Assert.True(File.Exists(living.Path));
    }

    [Fact]
    public void APartOfATakeIsCutOutWithItsNotesAndPedal()
    {
        Take take = Perform(7, at: 1);
        string file = Keep(take), part = _terminal.File("part.mid");
        (int exitCode, string output, string error) = _terminal.Type("takes", "cut", "2026-05-04 03.02.01", "--from", "0:01.45", "--to", "0:02.1", "-o", part);
        Assert.Equal((ExitCode.Done, ""), (exitCode, error));
        Assert.StartsWith("2 of your notes and 0 of the machine's are in ", output);
        var read = MidiFile.Read(part);
        Piece piece = NoteReader.Read(read, track: 0);
        Assert.Equal([62, 63], piece.Notes.Select(note => (int)note.Pitch)); // struck at 1.6 and 1.9 s; 61 began before
        Assert.Equal([150, 450], piece.Notes.Select(note => Math.Round(note.Onset / 1e6)));
        Assert.Equal(650, Math.Round(piece.Notes[1].Release / 1e6)); // where the part ends
        Assert.Equal([(0, true), (650, false)], piece.Pedal.Select(change => (Math.Round(change.Time / 1e6), change.Down)));

        _terminal.Type("takes", "cut", file, "--from", "0", "--to", "60:00", "-o", part);
        Piece[] whole = [NoteReader.Read(MidiFile.Read(part), track: 0), NoteReader.Read(MidiFile.Read(part), track: 1)];
        Assert.Equal(NoteReader.Read(MidiFile.Read(file), track: 0).Notes, whole[0].Notes);
        Assert.Equal(NoteReader.Read(MidiFile.Read(file), track: 1).Notes, whole[1].Notes);
        Assert.NotEmpty(whole[1].Notes);
    }

    [Fact]
    public void APartThatIsNoneIsRefused()
    {
        string file = Keep(Perform(7, at: 1)), part = _terminal.File("part.mid");
        Assert.StartsWith("--from is \"soon\"; minutes and seconds are expected", Cut(ExitCode.WrongArguments, "soon", "1:00"));
        Assert.StartsWith("--to is \"1:75\"; minutes and seconds are expected", Cut(ExitCode.WrongArguments, "1:00", "1:75"));
        Assert.StartsWith("--from is 1:00.0, and --to is 0:59.0, which is not later.", Cut(ExitCode.WrongArguments, "1:00", "59"));
        Assert.StartsWith($"--from is 60:00.0, and {file} ends at 0:", Cut(ExitCode.Failed, "60:00", "61:00"));
        Assert.Equal($"there is no take \"best\", neither here nor in {Folder.Path}. `musicrnn takes` lists those that there are.",
            _terminal.TypeInVain(ExitCode.Failed, "takes", "cut", "best", "--from", "0", "--to", "1", "-o", part));

        string Cut(int exitCode, string from, string to) => _terminal.TypeInVain(exitCode, "takes", "cut", file, "--from", from, "--to", to, "-o", part);
    }

    [Fact]
    public void AReplayGivesTheSameNotesAndKeepsThemWhereAsked()
    {
        Take take = Perform(7, at: 1);
        string file = Keep(take), again = _terminal.File("again.mid");
        (int exitCode, string output, string error) = _terminal.Type("replay", "2026-05-04 03.02.01", "--model", _terminal.Model, "-o", again);
        Assert.Equal((ExitCode.Done, ""), (exitCode, error));
        Assert.StartsWith($"The same: to your 6 notes the machine plays {take.MachineNotes}, each as in {file}.", output);
        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(again));
    }

    [Fact]
    public void AReplayThatDiffersNamesTheFirstDifference()
    {
        Take take = Perform(7, at: 1);
        List<TimedMessage> changed = [.. take.Machine];
        int at = changed.FindIndex(message => message.Message.IsNoteOn);
        TimedMessage right = changed[at];
        changed[at] = right with { Message = right.Message with { Data2 = 1 } };
        string file = Keep(take with { Machine = changed });
        string time = ((right.Stamp - take.FindZero()) / 1e9).ToString("0.000", CultureInfo.InvariantCulture);
        string difference = _terminal.TypeInVain(ExitCode.Failed, "replay", file, "--model", _terminal.Model);
        Assert.StartsWith($"{file} is not what the model plays. The first difference: the take has {PitchNames.Of(right.Message.Data1)} at velocity 1 at {time}", difference);
        Assert.Contains($", the replay {PitchNames.Of(right.Message.Data1)} at velocity {right.Message.Data2} at {time}", difference);

        Keep(take with { Machine = [.. take.Machine.SkipLast(1)] });
        Assert.Contains("the take has nothing more, the replay ", _terminal.TypeInVain(ExitCode.Failed, "replay", file, "--model", _terminal.Model));
    }

    [Fact]
    public void AReplayWithAnotherModelNamesBoth()
    {
        string file = Keep(Perform(7, at: 1)), other = _terminal.File("other.safetensors");
        TestNetworks.Slow.Save(other, new Dictionary<string, string>());
        Assert.Equal(
            $"{file} was played with the model {TestNetworks.Lively.Hash}, and {other} is {TestNetworks.Slow.Hash}. Name the one that it was played with by --model.",
            _terminal.TypeInVain(ExitCode.Failed, "replay", file, "--model", other));
    }

    [Fact]
    public void AMidiFileThatIsNoTakeIsNotReplayed()
    {
        string other = _terminal.MakeSeed("other.mid");
        Assert.StartsWith($"{other} is no take of this instrument", _terminal.TypeInVain(ExitCode.Failed, "replay", other, "--model", _terminal.Model));
    }

    /// <summary>Keeps a take in the folder, as a session that ends does.</summary>
    private string Keep(Take take)
    {
        Directory.CreateDirectory(Folder.Path);
        string file = Path.Combine(Folder.Path, take.Header.Began.ToString("yyyy-MM-dd HH.mm.ss", CultureInfo.InvariantCulture) + ".mid");
        TakeFile.Write(take, file);
        return file;
    }

    /// <summary>Six notes, 300 ms apart and as long, with the pedal down from the second on; and what the machine answers.</summary>
    private static Take Perform(ulong seed, int at)
    {
        using var performance = new VirtualPerformance(Terminal.Network, new ParameterTable(), new() { Seed = seed });
        for (int note = 0; note < 6; note++)
        {
            performance.Receive(InputEvent.Midi((5 * Second) + (note * Second * 3 / 10), MidiMessage.NoteOn(0, 60 + note, 70)));
            if (note == 1)
            {
                performance.Receive(InputEvent.Midi((5 * Second) + (Second * 2 / 5), MidiMessage.Control(0, Controller.Sustain, 127)));
            }

            performance.Receive(InputEvent.Midi((5 * Second) + ((note + 1) * Second * 3 / 10), MidiMessage.NoteOff(0, 60 + note)));
        }

        performance.Receive(InputEvent.Midi(7 * Second, MidiMessage.Control(0, Controller.Sustain, 0)));
        Assert.True(performance.AdvanceUntilIdle(600 * Second));
        Take take = performance.Finish();
        return take with { Header = take.Header with { Began = new DateTimeOffset(2026, 5, 4, 3, 2, at, TimeSpan.Zero) } };
    }
}
