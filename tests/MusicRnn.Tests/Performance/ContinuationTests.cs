using MusicRnn.Midi;
using MusicRnn.Model;
using MusicRnn.Notes;
using MusicRnn.Performance;

namespace MusicRnn.Tests.Performance;

public sealed class ContinuationTests : IDisposable
{
    private const long Second = 1_000_000_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("musicrnn-continuation-").FullName;

    private string File => Path.Combine(_folder, "out.mid");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(TurnRule.Model)]
    [InlineData(TurnRule.Silence)]
    [InlineData(TurnRule.Pedal)]
    public void APieceIsOnePhraseHoweverLongItPausesAndIsAnsweredOnce(TurnRule rule)
    {
        var table = new ParameterTable();
        table.SetUnit(ParameterTable.Rule, (int)rule);
        table.SetUnit(ParameterTable.Mode, (int)PerformanceMode.Endless);
        var continuation = Continuation.Of(Pausing, TestNetworks.Lively, table, new() { Seed = 3 });
        IReadOnlyList<Note> answer = continuation.Answer().Notes;

        Assert.InRange(answer.Count, 12, 15); // as many as were played, and a quarter
        Assert.InRange(answer[0].Onset, continuation.SeedEnd + TurnTiming.AfterRelease, continuation.SeedEnd + TurnTiming.Longest + Second);
        Assert.Equal(Pausing.Notes, continuation.Seed.Notes);
    }

    [Fact]
    public void OneNoteIsEnough()
    {
        var piece = new Piece([new Note(Second, 1, 60, 70)], []); // released within its frame
        var continuation = Continuation.Of(piece, TestNetworks.Lively, new ParameterTable(), new() { Length = AskedLength.OfNotes(20) });
        Assert.InRange(continuation.Answer().Notes.Count, 20, 25);
    }

    [Fact]
    public void NoAnswerIsDenserThanPianistsPlay()
    {
        using Network rushing = Network.CreateRandom(new NetworkShape(1, 32, 32, 32), 2);
        rushing.Tensor(rushing.Layout.Step.Bias)[1] += 100; // a frame from each note to the next
        var continuation = Continuation.Of(Pausing, rushing, new ParameterTable(), new() { Length = AskedLength.OfNotes(120) });
        long[] onsets = [.. continuation.Answer().Notes.Select(note => note.Onset)];
        Assert.InRange(onsets.Length, 120, 150);
        const long Frame = 10_000_000;
        Assert.True(onsets[20] - onsets[0] < 21 * Frame, "it does not rush");
        for (int i = 24; i < onsets.Length; i++)
        {
            Assert.True(onsets[i] - onsets[i - 24] > (300_000_000 - Frame), $"25 notes within {(onsets[i] - onsets[i - 24]) / 1_000_000} ms");
        }
    }

    [Fact]
    public void APedalThatThePieceLeavesDownIsLiftedAtItsEnd()
    {
        var continuation = Continuation.Of(Pausing with { Pedal = [new PedalChange(Second, true)] }, TestNetworks.Lively, new ParameterTable(), new());
        Assert.Equal([new PedalChange(Second, true), new PedalChange(continuation.SeedEnd, false)], continuation.Seed.Pedal);
    }

    [Fact]
    public void TheSameSeedGivesTheSameAndAnotherAnother()
    {
        IReadOnlyList<Note> first = Answer(1);
        Assert.Equal(first, Answer(1));
        Assert.NotEqual(first, Answer(2));

        static IReadOnlyList<Note> Answer(ulong seed) => Continuation.Of(Pausing, TestNetworks.Lively, new ParameterTable(), new() { Seed = seed }).Answer().Notes;
    }

    [Fact]
    public void WhatHasNoEndOrNoBeginningIsRefused()
    {
        var endless = new ParameterTable();
        endless.SetUnit(ParameterTable.Length, ParameterTable.EndlessLength);
        Assert.Throws<ArgumentException>(() => Continuation.Of(Pausing, TestNetworks.Lively, endless, new()));
        Assert.Throws<ArgumentException>(() => Continuation.Of(new Piece([], []), TestNetworks.Lively, new ParameterTable(), new()));
    }

    [Fact]
    public void TheFileHasTwoTracksOnTheSeedsTemposAndSignatures()
    {
        MidiFile seed = Seed();
        Piece piece = NoteReader.Read(seed);
        var continuation = Continuation.Of(piece, TestNetworks.Lively, new ParameterTable(), new() { Seed = 9 });
        ContinuationFile.Write(continuation, seed, program: 6, answerFrom: null, File);
        var read = MidiFile.Read(File);

        Assert.Equal(2, read.TrackCount);
        Assert.Equal(seed.Tempos, read.Tempos);
        Assert.Equal(seed.TimeSignatures, read.TimeSignatures);
        Assert.Equal(piece.Notes, NoteReader.Read(read, track: 0).Notes);
        Assert.All(read.Messages, item => Assert.Equal(item.Track, item.Message.Channel));
        Assert.Equal(MidiMessage.Program(0, 6), read.Messages.First(item => item.Track == 0).Message);
        Near(continuation.Answer().Notes, NoteReader.Read(read, track: 1).Notes);
        string[] texts = [.. read.Texts.Where(text => text.Kind == TextKind.Text).Select(text => text.Text)];
        Assert.Contains($"model = {TestNetworks.Lively.Hash}", texts);
        Assert.Contains("seed = 9", texts);
    }

    [Fact]
    public void TheAnswerAloneBeginsWhereTheSeedEndsInItsLastTempo()
    {
        MidiFile seed = Seed();
        var continuation = Continuation.Of(NoteReader.Read(seed), TestNetworks.Lively, new ParameterTable(), new() { Seed = 9 });
        ContinuationFile.Write(continuation, seed, program: 6, answerFrom: continuation.SeedEnd, File);
        var read = MidiFile.Read(File);

        Assert.Equal(1, read.TrackCount);
        Assert.Equal([seed.Tempos[^1] with { Time = 0 }], read.Tempos);
        Assert.Equal([seed.TimeSignatures[^1] with { Time = 0 }], read.TimeSignatures);
        Near([.. continuation.Answer().Notes.Select(note => note with { Onset = note.Onset - continuation.SeedEnd })], NoteReader.Read(read).Notes);
    }

    private static void Near(IReadOnlyList<Note> expected, IReadOnlyList<Note> read)
    {
        Assert.Equal(expected.Select(note => (note.Pitch, note.Velocity)), read.Select(note => (note.Pitch, note.Velocity)));
        Assert.All(expected.Zip(read), pair => Assert.InRange(pair.First.Onset - pair.Second.Onset, -25_000, 25_000));
    }

    /// <summary>Twelve notes with a rest of five seconds after each fourth.</summary>
    private static Piece Pausing => new(
        [.. Enumerable.Range(0, 12).Select(i => new Note((i * Second / 4) + (i / 4 * 5 * Second), Second / 5, (byte)(60 + i), 70))], []);

    /// <summary>A file of 480 ticks a quarter, whose tempo changes within it.</summary>
    private static MidiFile Seed()
    {
        var writer = new MidiFileWriter(480, 400_000);
        MidiTrackWriter track = writer.AddTrack();
        track.AddTimeSignature(0, 3, 4);
        for (int i = 0; i < 6; i++)
        {
            track.Add(i * Second * 2 / 5, MidiMessage.NoteOn(4, 60 + i, 70));
            track.Add((i * Second * 2 / 5) + (Second / 5), MidiMessage.NoteOff(4, 60 + i));
        }

        track.AddTempo(Second * 12 / 5, 640_000);
        track.AddTimeSignature(Second * 12 / 5, 4, 4);
        track.Add(Second * 12 / 5, MidiMessage.NoteOn(4, 40, 70));
        track.Add(Second * 3, MidiMessage.NoteOff(4, 40));
        return MidiFile.Read(writer.ToArray(), "seed");
    }
}
